"""`serve` and `watch` as processes: they follow what is saved, survive what is broken, and end with Ctrl-C."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from tests.conftest import ROOT, WriteProject
from tests.helpers.sample_project import EVERYTHING

# Seconds after which a test gives up. Nothing here is measured.
PATIENCE = 120

pytestmark = pytest.mark.slow


class Running:
    """A command that goes on until Ctrl-C, and what it prints."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cardpress", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._read, args=(self.process.stdout,))]
        self._threads[0].start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, said: str) -> str:
        """Return the next line that has these words."""
        while True:
            line = self._queue.get(timeout=PATIENCE)
            assert line is not None, f"it ended without `{said}`: {self.lines}"
            self.lines.append(line)
            if said in line:
                return line

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit status."""
        self.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Make sure that it runs no more."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for each in self._threads:
            each.join(PATIENCE)


class Server(Running):
    """A running `serve`."""

    def __init__(self, project: Path, *arguments: str) -> None:
        super().__init__("serve", "--project", str(project), *arguments)
        self.address = self.wait_for("http://127.0.0.1:").split()[0]
        self.events: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        self._threads.append(threading.Thread(target=self._listen))
        self._threads[-1].start()

    def _listen(self) -> None:
        kind = ""
        try:
            with urllib.request.urlopen(f"{self.address}api/events", timeout=PATIENCE) as stream:
                for line in map(bytes.decode, stream):
                    if line.startswith("event: "):
                        kind = line.removeprefix("event: ").strip()
                    elif line.startswith("data: "):
                        self.events.put((kind, json.loads(line.removeprefix("data: "))))
        except OSError:
            pass
        self.events.put(None)

    def state(self) -> Any:
        """Return what `/api/state` tells now."""
        with urllib.request.urlopen(f"{self.address}api/state", timeout=PATIENCE) as answer:
            return json.load(answer)

    def wait_until(self, is_so: Callable[[Any], bool]) -> Any:
        """Return the first state of which something is so, looking at each that is told."""
        while True:
            state = self.state()
            if is_so(state):
                return state
            assert self.events.get(timeout=PATIENCE) is not None, "the stream of events ended"

    def wait_for_notes(self) -> set[str]:
        """Return the notes that the next event with any names."""
        while True:
            event = self.events.get(timeout=PATIENCE)
            assert event is not None, "the stream of events ended"
            if event[0] == "state" and event[1]["notes"]:
                return set(event[1]["notes"])


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project(EVERYTHING)


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    running = Server(project)
    try:
        running.wait_until(is_checked)
        yield running
    finally:
        running.end()


def is_checked(state: Any) -> bool:
    return bool(state["is_checked"] and state["deck"] and not state["is_stale"])


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def titles(state: Any) -> list[str]:
    return [note["title"] for section in state["sections"] for note in section["notes"]]


def listing(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.as_posix(), path.read_bytes() if path.is_file() else b"") for path in sorted(folder.rglob("*"))]


def test_an_edit_is_told_with_its_note_and_shown(server: Server, project: Path) -> None:
    edit(project / "source/first.yaml", "The second number.", "The number after one.")
    assert server.wait_for_notes() == {"two"}
    with urllib.request.urlopen(f"{server.address}card/two/1/back", timeout=PATIENCE) as answer:
        assert "The number after one." in answer.read().decode()


def test_an_editor_that_saves_by_renaming_is_followed(server: Server, project: Path) -> None:
    file = project / "source/first.yaml"
    for number in range(3):
        beside = file.with_name(".first.yaml.swp")
        text = file.read_text(encoding="utf-8")
        beside.write_text(text.replace("The second number", "The second number again"), encoding="utf-8")
        beside.replace(file)
        assert server.wait_for_notes() == {"two"}, number


def test_many_saves_end_in_the_last_one(server: Server, project: Path) -> None:
    file = project / "source/first.yaml"
    text = file.read_text(encoding="utf-8")
    for number in range(60):
        file.write_text(text.replace("What is two?", f"What is two, number {number}?"), encoding="utf-8")
    server.wait_until(lambda state: "What is two, number 59?" in titles(state) and is_checked(state))


def test_broken_yaml_leaves_the_last_good_cards_until_it_is_mended(server: Server, project: Path) -> None:
    file = project / "source/second.yaml"
    good = server.state()
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "- [\n", encoding="utf-8")
    broken = server.wait_until(lambda state: state["is_stale"])
    assert titles(broken) == titles(good)
    assert [problem["code"] for problem in broken["problems"]] == ["yaml-syntax"]
    file.write_text(text.replace("What is four?", "What is 4?"), encoding="utf-8")
    mended = server.wait_until(is_checked)
    assert "What is 4?" in titles(mended)
    assert mended["problems"] == good["problems"]


def test_renamed_and_deleted_files_are_followed(server: Server, project: Path) -> None:
    source = project / "source"
    (source / "second.yaml").rename(source / "third.yaml")
    edit(source / "deck.yaml", "id: second", "id: third")
    edit(source / "deck.yaml", "section: second", "section: third")
    state = server.wait_until(lambda state: is_checked(state) and state["sections"][-1]["id"] == "third")
    assert state["sections"][-1]["notes"][0]["path"] == "source/third.yaml"
    (source / "snippets/one.py").unlink()
    server.wait_until(lambda state: "missing-snippet" in {each["code"] for each in state["problems"]})


def test_a_folder_that_vanishes_comes_back(server: Server, project: Path) -> None:
    away = project.with_name("away")
    project.rename(away)
    server.wait_until(lambda state: state["is_stale"])
    away.rename(project)
    server.wait_until(is_checked)
    shutil.copytree(project, away)
    shutil.rmtree(project / "source")
    server.wait_until(lambda state: state["is_stale"])
    edit(away / "source/first.yaml", "What is two?", "What is two now?")
    shutil.copytree(away / "source", project / "source")
    server.wait_until(lambda state: "What is two now?" in titles(state) and is_checked(state))
    edit(project / "source/first.yaml", "What is two now?", "What is two then?")
    server.wait_until(lambda state: "What is two then?" in titles(state))


def test_templates_that_come_later_are_followed(server: Server, project: Path) -> None:
    front = project / "templates/note-types/recall/front.html"
    front.parent.mkdir(parents=True)
    front.write_text("<b>{{Question}}</b>", encoding="utf-8")
    notes: set[str] = set()
    while "one-successor" not in notes:
        notes |= server.wait_for_notes()
    front.write_text("<i>{{Question}}</i>", encoding="utf-8")
    assert "one-successor" in server.wait_for_notes()


def test_nothing_is_written_into_the_project(server: Server, project: Path) -> None:
    before = listing(project)
    for output in server.state()["outputs"]:
        if output["name"] in ("page", "cheatsheet"):
            urllib.request.urlopen(server.address + output["address"][1:], timeout=PATIENCE).read()
    assert listing(project) == before


def test_a_request_under_another_name_is_refused(server: Server) -> None:
    request = urllib.request.Request(f"{server.address}api/state", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=PATIENCE)


def test_ctrl_c_ends_it_with_its_streams(server: Server) -> None:
    assert server.interrupt() == 130
    server.wait_for("stopped")
    while server.events.get(timeout=PATIENCE) is not None:
        pass


def test_it_listens_on_this_computer_alone(server: Server) -> None:
    port = int(server.address.rstrip("/").rpartition(":")[2])
    with socket.socket() as other:
        # Another address of the same computer: nobody listens there.
        other.settimeout(5)
        with pytest.raises(OSError, match=r".+"):
            other.connect(
                ("127.0.0.2" if sys.platform == "linux" else socket.gethostbyname(socket.gethostname()), port)
            )


def test_a_second_server_takes_another_port_unless_one_is_named(server: Server, project: Path) -> None:
    second = Server(project)
    try:
        assert second.address != server.address
        port = server.address.rstrip("/").rpartition(":")[2]
        named = Running("serve", "--project", str(project), "--port", port)
        try:
            named.wait_for(f"port {port} cannot be used")
            assert named.process.wait(PATIENCE) == 3
        finally:
            named.end()
    finally:
        second.end()


# --- watch


def watching(project: Path, *arguments: str) -> Running:
    return Running("watch", "--project", str(project), "--only", "json", *arguments)


@pytest.fixture
def watch(project: Path) -> Iterator[Running]:
    running = watching(project)
    try:
        assert running.wait_for("made in").rstrip().endswith(": 2 files")
        yield running
    finally:
        running.end()


def bundle(project: Path) -> str:
    return (project / "dist/sample.json").read_text(encoding="utf-8")


def test_watch_builds_on_each_save_and_leaves_dist_where_there_are_errors(watch: Running, project: Path) -> None:
    edit(project / "source/first.yaml", "The second number.", "The number after one.")
    assert watch.wait_for("made in").rstrip().endswith(": sample.json"), "the schema is as it was"
    assert "The number after one." in bundle(project)
    edit(project / "source/first.yaml", "- id: two", "\n- id: two")
    assert watch.wait_for("made in").rstrip().endswith(": the same bytes as before")
    before = listing(project / "dist")
    edit(project / "source/first.yaml", "see_also: [two]", "see_also: [tow]")
    watch.wait_for("unknown-reference")
    watch.wait_for("is as it was")
    assert listing(project / "dist") == before
    edit(project / "source/first.yaml", "see_also: [tow]", "see_also: [two]")
    watch.wait_for("nothing changed")


def test_watch_knows_what_lies_in_dist_when_it_begins(watch: Running, project: Path) -> None:
    watch.interrupt()
    again = watching(project)
    try:
        again.wait_for("nothing changed")
        edit(project / "source/first.yaml", "The second number.", "The number after one.")
        assert again.wait_for("made in").rstrip().endswith(": sample.json")
    finally:
        again.end()


def test_watch_survives_a_project_that_vanishes(watch: Running, project: Path) -> None:
    away = project.with_name("away")
    project.rename(away)
    watch.wait_for("missing-file")
    shutil.rmtree(project, ignore_errors=True)  # where it put nothing
    away.rename(project)
    watch.wait_for("nothing changed")


def test_ctrl_c_ends_watch_with_a_line(watch: Running, project: Path) -> None:
    before = listing(project / "dist")
    assert watch.interrupt() == 130
    watch.wait_for("stopped; ")
    assert listing(project / "dist") == before


def test_watch_can_be_strict_and_put_things_elsewhere(project: Path) -> None:
    edit(project / "source/first.yaml", "  sources: [https://example.org/two]\n", "")
    out = project.with_name("out")
    running = watching(project, "--strict", "--out", str(out))
    try:
        running.wait_for("no-source")
        running.wait_for("is as it was")
        assert not out.exists()
        edit(
            project / "source/first.yaml",
            "The second number.\n",
            "The second number.\n  sources: [https://example.org/]\n",
        )
        running.wait_for("made in")
        assert (out / "sample.json").exists()
        assert not (project / "dist").exists()
    finally:
        running.end()


# --- without the packages

WITHOUT = """
import sys
sys.modules[{package!r}] = None
from cardpress.cli.main import run
sys.exit(run({arguments!r}))
"""


@pytest.mark.parametrize(
    ("arguments", "package"),
    [(("serve",), "uvicorn"), (("serve",), "starlette"), (("serve",), "watchfiles"), (("watch",), "watchfiles")],
)
def test_without_its_packages_a_line_says_what_to_install(
    arguments: Sequence[str], package: str, project: Path
) -> None:
    code = WITHOUT.format(package=package, arguments=[*arguments, "--project", str(project)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert f"`{package}`" in done.stderr
    assert 'pip install "cardpress[serve]"' in done.stderr
