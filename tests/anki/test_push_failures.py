"""What `push` says when it cannot go on: one line, and nothing was imported."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf, nan
from pathlib import Path
from typing import Any

import click
import pytest

from cardpress.cli import push_commands
from cardpress.cli.main import run
from cardpress.push import connection
from cardpress.push.connection import parse_address
from tests.helpers.anki_collection import learning
from tests.helpers.anki_connect import AnkiDesktop, serving
from tests.helpers.author import Author

CLEAN, PROBLEMS, USAGE, FAILURE = range(4)
Type = Callable[..., tuple[int, str, str]]
NOTE = {"noteId": 1, "modelName": "x", "fields": {}, "tags": [], "mod": 1}
NOTE_TYPE = {"id": 1, "name": "x", "type": 0, "mod": 1, "flds": [], "tmpls": [], "css": ""}


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[AnkiDesktop]:
    with learning(tmp_path / "learner") as learner, serving(AnkiDesktop(learner.collection)) as running:
        yield running


@pytest.fixture
def type_push(
    author: Author,
    desktop: AnkiDesktop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Type:
    """A function that pushes, and returns the exit status and what was said."""
    monkeypatch.setattr(push_commands, "find_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(connection, "_PATIENCE", 0.5)

    def type_push(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        given = ["push", "--project", str(author.project), *arguments]
        status = run(given if "--address" in arguments else [*given, "--address", desktop.address])
        said = capsys.readouterr()
        return status, said.out, said.err

    return type_push


def fails(type_push: Type, desktop: AnkiDesktop, *arguments: str) -> str:
    """Push in vain, and return the line that says why."""
    status, _, err = type_push("--yes", *arguments)
    assert status == FAILURE
    assert err.startswith("cardpress: ")
    assert err.count("\n") == 1
    assert not desktop.packages
    return err.removeprefix("cardpress: ").rstrip("\n")


# --- nobody, or somebody else -------------------------------------------------------------------------------------


def test_nothing_answers(type_push: Type, desktop: AnkiDesktop) -> None:
    with socket.socket() as taken:  # and does not listen
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert fails(type_push, desktop, "--address", address) == (
            f"nothing answers at {address}: Anki is not running, or has no add-on AnkiConnect; start Anki, or install "
            "it there (Tools → Add-ons → Get Add-ons, code 2055492159)"
        )


@pytest.mark.parametrize(
    "says",
    [
        (200, b"hello"),
        (200, b"[1]"),
        (200, b'{"result": 6}'),
        (404, b'{"result": 6, "error": null}'),
        (200, b'{"result": "six", "error": null}'),
        (200, b'{"result": [1], "error": null}'),
        (200, b"[" * 100_000),
        (200, b"\xff\xfe"),
        (403, b""),
    ],
)
def test_something_else_answers(type_push: Type, desktop: AnkiDesktop, says: tuple[int, bytes]) -> None:
    desktop.says = says
    assert f"what answers at {desktop.address} is not AnkiConnect" in fails(type_push, desktop)


@pytest.mark.parametrize("greeting", [b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nshort", b""])
def test_something_answers_that_speaks_no_http(type_push: Type, desktop: AnkiDesktop, greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(1000)
                line.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        why = fails(type_push, desktop, "--address", f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert "is not AnkiConnect" in why or "broke off" in why


def test_an_answer_has_a_bound(type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MOST_BYTES", 1000)
    desktop.says = (200, b"x" * 1001)
    assert fails(type_push, desktop) == "AnkiConnect answered with more than 1,000 bytes"


def test_anki_takes_too_long(type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_PATIENCE", 0.1)
    desktop.seconds = 0.5
    assert fails(type_push, desktop).startswith(
        "Anki has not answered for 0 seconds; look whether a window of it waits"
    )


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"",
    ],
)
def test_an_answer_that_comes_little_by_little_has_an_end(type_push: Type, desktop: AnkiDesktop, begin: bytes) -> None:
    is_told = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            line, _ = listener.accept()
            with line, suppress(OSError):
                line.recv(1000)
                line.sendall(begin)
                for _ in range(100):
                    if is_told.wait(0.1):
                        return
                    line.sendall(b" " if begin else b"HTTP/1.1 100 Continue\r\n\r\n")

        thread = threading.Thread(target=drip)
        thread.start()
        why = fails(type_push, desktop, "--address", f"http://127.0.0.1:{listener.getsockname()[1]}")
        is_told.set()
        thread.join()
    assert why.startswith("Anki has not answered for 0 seconds")


def test_a_proxy_is_not_asked(type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert type_push("--yes")[0] == CLEAN
    assert desktop.packages


# --- AnkiConnect says no ------------------------------------------------------------------------------------------


def test_the_key_comes_from_the_command_line_or_the_environment(
    type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.key = "secret"
    wanted = "AnkiConnect wants {} API key; give the `apiKey` of its configuration with --key"
    assert fails(type_push, desktop) == wanted.format("its")
    assert fails(type_push, desktop, "--key", "guess") == wanted.format("another")
    assert type_push("--dry-run", "--key", "secret")[0] == CLEAN
    monkeypatch.setenv("CARDPRESS_ANKICONNECT_KEY", "secret")
    status, out, err = type_push("--yes")
    assert status == CLEAN
    assert "secret" not in out + err


def test_another_profile_is_open_or_none(type_push: Type, desktop: AnkiDesktop) -> None:
    assert fails(type_push, desktop, "--profile", "Test") == (
        "Anki has the profile `User 1` open, not `Test`; use File → Switch Profile, and push again"
    )
    assert fails(type_push, desktop, "--profile", "test") == "Anki has no profile `test`; the open one is `User 1`"
    assert type_push("--dry-run", "--profile", "User 1")[0] == CLEAN
    desktop.profile = None
    assert fails(type_push, desktop) == "Anki has no profile open; choose one in its window, and push again"


def test_no_collection_is_open(type_push: Type, desktop: AnkiDesktop) -> None:
    desktop.collection = None
    assert fails(type_push, desktop) == "Anki has no collection open; choose a profile in its window, and push again"


@pytest.mark.parametrize("action", ["getActiveProfile", "notesModTime", "apiReflect"])
def test_an_add_on_that_is_too_old(type_push: Type, desktop: AnkiDesktop, action: str) -> None:
    desktop.lacks = {action}
    assert "update it in Anki" in fails(type_push, desktop)


def test_anki_cannot_import(type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.fails_to_import = "The\ndatabase is locked"
    assert fails(type_push, desktop) == "Anki could not import the package: The database is locked"
    desktop.fails_to_import = "Failed to read '/tmp/x': No such file or directory (os error 2)"
    assert fails(type_push, desktop).endswith("temporary files needs TMPDIR set to a folder that it can read")
    desktop.fails_to_import = ""
    monkeypatch.setattr(desktop, "import_package", lambda path: False)
    assert fails(type_push, desktop) == "Anki did not import the package, and does not say why"


@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("find_notes", ["a"]),
        ("find_cards", {"a": 1}),
        ("read_notes", [{"noteId": 1}]),
        ("read_notes", 5),
        ("read_note_types", [None]),
        ("name_note_types", [1]),
        ("answer_all", [1]),
        ("find_notes_of", [True]),
        ("read_notes", [NOTE | {"mod": inf}]),
        ("read_notes", [NOTE | {"mod": 2**63}]),
        ("read_notes", [NOTE | {"noteId": nan}]),
        ("read_note_types", [NOTE_TYPE | {"mod": 2**70}]),
        ("read_note_types", [NOTE_TYPE | {"id": inf}]),
    ],
)
def test_answers_of_another_form(
    type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch, method: str, result: Any
) -> None:
    assert type_push("--yes")[0] == CLEAN
    desktop.packages.clear()
    monkeypatch.setattr(desktop, method, lambda **_: result)
    why = fails(type_push, desktop)
    assert "something that cardpress does not know" in why or "is not AnkiConnect" in why


# --- what is typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://192.168.1.5:8765", "192.168.1.5 is another machine, whose Anki cannot read the package here"),
        ("http://example.org", "example.org is another machine"),
        ("http://0.0.0.0:8765", "0.0.0.0 is another machine"),
        ("https://127.0.0.1:8765", "is not of the form"),
        ("127.0.0.1:8765", "is not of the form"),
        ("http://127.0.0.1:99999", "is no address"),
        ("http://127.0.0.1:8765/api", "is not of the form"),
        ("http://me@127.0.0.1", "is not of the form"),
        ("http://[::1", "is no address"),
        ("", "is not of the form"),
    ],
)
def test_only_this_machine_is_asked(type_push: Type, desktop: AnkiDesktop, text: str, said: str) -> None:
    status, _, err = type_push("--yes", "--address", text)
    assert status == USAGE
    assert said in " ".join(err.split())
    assert not desktop.asked


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://localhost:8765", "http://127.0.0.1:8765"),
        ("http://127.0.0.1", "http://127.0.0.1:8765"),
        ("http://127.3.2.1:80/", "http://127.3.2.1:80"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_addresses_of_this_machine(text: str, address: str) -> None:
    assert str(parse_address(text)) == address


def test_a_dry_run_needs_no_yes(type_push: Type) -> None:
    status, _, err = type_push("--dry-run", "--yes")
    assert status == USAGE
    assert "leave out one of them" in err


def test_a_project_with_errors_is_not_pushed(type_push: Type, author: Author, desktop: AnkiDesktop) -> None:
    author.find("neon")["answer"] = ""
    author.write()
    status, out, _ = type_push("--yes")
    assert status == PROBLEMS
    assert "error[empty-text]" in out
    assert not desktop.packages


def test_without_a_terminal_nothing_is_imported(type_push: Type, desktop: AnkiDesktop) -> None:
    status, out, err = type_push()
    assert status == USAGE
    assert "new notes" in out
    assert err == "nothing was imported: there is no terminal to ask at; add --yes to import\n"
    assert not desktop.packages


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_it_asks_once(
    type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(push_commands, "is_at_terminal", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    status, out, _ = type_push()
    assert (status, len(asked), len(desktop.packages)) == (CLEAN, 1, int(answer))
    assert ("nothing was imported" in out) is not answer


def test_what_changes_while_it_asks_is_seen(
    type_push: Type, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch, author: Author, tmp_path: Path
) -> None:
    package = tmp_path / "meanwhile.apkg"
    package.write_bytes(author.package)

    def confirm(*_: object, **__: object) -> bool:
        desktop.import_package(str(package))
        desktop.packages.clear()
        return True

    monkeypatch.setattr(push_commands, "is_at_terminal", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    status, _, err = type_push()
    assert status == FAILURE
    assert err == "cardpress: Anki's collection has changed since; nothing was imported; push again\n"
    assert not desktop.packages
