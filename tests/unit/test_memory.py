"""Large values give their memory back to the system when they go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cardpress import pipeline
from cardpress.memory import give_back_free_memory, give_back_large_values
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from tests.conftest import ROOT, WriteProject
from tests.helpers.pictures import png

# Values of a megabyte with small ones between them, of which only the small ones stay.
HELD = """
import sys
from cardpress.memory import give_back_large_values
if sys.argv[1:]:
    give_back_large_values()
b"x" * 30_000_000
values = [(b"x" * 1_000_000, b"y" * (1_000 + index)) for index in range(100)]
small = [each[1] for each in values]
del values
pages = int(open("/proc/self/statm").read().split()[1])
print(pages * 4096)
"""


# Small values, of which one in a thousand stays, so that its neighbors' memory is not at the end of all.
FREED = """
import sys
from cardpress.memory import give_back_free_memory
values = [b"y" * (600 + index % 100) for index in range(200_000)]
small = values[::1000]
del values
if sys.argv[1:]:
    give_back_free_memory()
pages = int(open("/proc/self/statm").read().split()[1])
print(pages * 4096)
"""


def held(*words: str, program: str = HELD) -> int:
    command = [sys.executable, "-c", program, *words]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def test_large_values_give_their_memory_back() -> None:
    if sys.platform == "linux":  # other systems do so by themselves
        assert held("give back") < held() - 50_000_000
    give_back_large_values()


def test_memory_between_values_that_stay_is_given_back() -> None:
    if sys.platform == "linux":
        assert held("give back", program=FREED) < held(program=FREED) - 50_000_000
    give_back_free_memory()


@pytest.mark.parametrize(("much", "times"), [(10, 1), (1_000_000, 0)])
def test_decks_with_large_pictures_ask_for_that(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, much: int, times: int
) -> None:
    asked: list[None] = []
    monkeypatch.setattr(pipeline, "_MUCH_MEDIA", much)
    monkeypatch.setattr(pipeline, "give_back_large_values", lambda: asked.append(None))
    project = write_project({})
    picture = project / "source" / "media" / "it.png"
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(png(4, 4))
    questions = project / "source" / "first.yaml"
    text = questions.read_text(encoding="utf-8")
    questions.write_text(f"{text}\n- id: seen\n  question: What?\n  answer: '![It](it.png)'\n", encoding="utf-8")
    build_project(Options(project, Path(project) / "dist", ("json",)), NoProgress())
    assert len(asked) == times
