"""What a release and a rehearsal tell of their progress: each stage in a user's words, and how far it is."""

from __future__ import annotations

import re

from cardpress.cli import release_commands
from cardpress.release.make import make_release
from cardpress.release.rehearsal import rehearse
from tests.helpers.author import Author
from tests.helpers.terminals import CODES, START, command, is_clean, on_terminal

STEPS = ["import the release", "study", "make it their own", "import the update", "compare"]
# Learners who take their time over studying, so that a bar appears, and heed Ctrl-C wherever this runs.
SLOW = (
    "import cardpress.release.rehearsal as r, signal, time; study = r.study; "
    "r.study = lambda *a: (study(*a), time.sleep(1.5))[0]; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); " + START
)
# Where two learners stand in the way of what is looked at, one is enough.
REHEARSE = ("rehearse", "--as", "default", "--project")


class Told:
    """Takes note of all that it is told."""

    def __init__(self, stages: int) -> None:
        self.stages = stages
        self.running: list[str] = []
        self.ended: list[str] = []
        self.counts: dict[str, tuple[int, int, str]] = {}

    def expect(self, stages: int) -> None:
        self.stages += stages

    def start(self, stage: str) -> None:
        self.running.append(stage)

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        assert stage in self.running
        assert done == self.counts.get(stage, (0, of, noun))[0] + 1
        assert done <= of
        self.counts[stage] = (done, of, noun)

    def end(self, stage: str) -> None:
        self.running.remove(stage)
        self.ended.append(stage)

    def wait(self, reason: str) -> None:
        raise AssertionError(f"nobody else is at work: {reason}")


def test_a_rehearsal_tells_each_step_of_each_learner(author: Author) -> None:
    told = Told(0)
    rehearse(author.package, author.package, progress=told)
    learners = ["default (1 of 3)", "merge (2 of 3)", "AnkiConnect (3 of 3)"]
    assert told.ended == [f"rehearse {learner}: {step}" for learner in learners for step in STEPS]
    assert told.stages == len(told.ended) == release_commands._STEPS * len(release_commands._WAYS)
    assert not told.running
    for learner in learners:
        done, of, noun = told.counts[f"rehearse {learner}: study"]
        assert (done == of, noun) == (True, "answer")
        done, of, noun = told.counts[f"rehearse {learner}: compare"]
        assert (done == of, noun) == (True, "card")


def test_a_release_tells_all_that_it_does(author: Author) -> None:
    author.only = ("apkg", "json")
    author.find("neon")["answer"] = "Another."
    author.write()
    told = Told(4)
    assert make_release(author.request("1.0.1", "2026-03-01"), told).released
    assert told.ended[:2] == ["check", "render"]
    assert told.ended[-1] == "publish"
    steps = [each for each in told.ended if each.startswith("rehearse ")]
    assert told.ended.index("apkg") < told.ended.index(steps[0])
    assert len(steps) == 3 * len(STEPS)
    assert told.stages == len(told.ended)


def test_a_rehearsal_shows_its_steps_at_a_terminal_and_then_the_table_alone(author: Author) -> None:
    status, shown = on_terminal(command(*REHEARSE, str(author.project), code=SLOW))
    assert status == 0
    assert is_clean(shown)
    bar, _, rest = CODES.sub("", shown).partition("1.0.0 was studied")
    assert re.search(r"rehearse default: study, \d+ of \d+ answers", bar)
    assert "━" not in rest
    assert "rehearse default" not in rest


def test_ctrl_c_in_a_rehearsal_leaves_a_clean_terminal(author: Author) -> None:
    status, shown = on_terminal(command(*REHEARSE, str(author.project), code=SLOW), after="study")
    assert status == 130
    assert is_clean(shown)
    assert shown.endswith("cardpress: stopped; the outputs are as they were\r\n")
    assert "Traceback" not in shown
