"""A project's own print templates are a stranger's program: they see the sheet's data, and cannot hurt anybody."""

from __future__ import annotations

import io
import os
import socket
import sys
import tempfile
from pathlib import Path

import pikepdf
import pytest
import typst

from cardpress.deck.notes import Deck
from cardpress.engine import ROOT
from cardpress.pdf import processes, typesetting
from cardpress.pdf.typesetting import Job, SettingError, set_sheet
from cardpress.writers import Written
from cardpress.writers import pdf as writer
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import glyphs, words

FILES: dict[str, str | bytes] = {"first.yaml": "- {id: q, question: Q?, answer: The answer.}"}
TITLE = '#set document(title: "Own")\n'


def deck_with(folder: Path, template: str, sheet: str = "study-notes") -> Deck:
    path = folder / "templates" / "print" / f"{sheet}.typ"
    path.parent.mkdir(parents=True)
    path.write_text(TITLE + template, encoding="utf-8")
    return deck_from(folder, FILES)


def text_of(written: Written, name: str) -> str:
    (artifact,) = (each for each in written.artifacts if each.name == f"sample-{name}.pdf")
    with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
        return "".join(words(glyphs(page)) for page in pdf.pages)


def problem_of(written: Written) -> str:
    """Return the message of the one problem. All sheets must be there, made by the engine's templates."""
    (problem,) = written.diagnostics
    assert (problem.code, problem.severity) == ("bad-print-template", "warning")
    assert problem.span.path == "templates/print/study-notes.typ"
    assert len(written.artifacts) == 6
    for paper in ("a4", "letter"):
        assert "Theanswer." in text_of(written, f"study-notes-{paper}")
    return problem.message


def test_a_template_of_ones_own_makes_its_sheet(tmp_path: Path) -> None:
    written = writer.write(deck_with(tmp_path, "Own sheet of #deck.title on #paper"))
    assert written.diagnostics == ()
    assert text_of(written, "study-notes-a4") == "OwnsheetofSampledeckona4"
    assert "Theanswer." in text_of(written, "flashcards-a4")


def test_a_copy_of_the_engines_templates_makes_the_same_sheets(tmp_path: Path) -> None:
    plain = writer.write(deck_from(tmp_path / "plain", FILES))
    copied = tmp_path / "copied" / "templates" / "print"
    copied.mkdir(parents=True)
    for path in (ROOT / "templates" / "print").glob("*.typ"):
        (copied / path.name).write_bytes(path.read_bytes())
    written = writer.write(deck_from(tmp_path / "copied", FILES))
    assert written == plain


WRONG = {
    "no such variable": ("#nothing", "unknown variable"),
    "endless recursion": ("#let f(x) = f(x + 1)\n#f(1)", "maximum function call depth exceeded"),
    "endless layout": ("#let f(x) = context f(x + 1)\n#f(1)", "maximum show rule depth exceeded"),
    "a file of the machine": ('#read("/etc/passwd")', "file not found (searched at /etc/passwd)"),
    "a file outside": ('#read("../../../etc/passwd")', "would escape the project root"),
    "a plugin from outside": ('#plugin("/usr/lib/x.wasm")', "file not found"),
    "a package of the machine": ('#import "@local/mine:1.0.0": *', "package not found"),
    "panic": ('#panic("no")', "panicked"),
}


@pytest.mark.parametrize(("template", "why"), WRONG.values(), ids=WRONG)
def test_one_that_fails_is_named_and_the_engines_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, why: str
) -> None:
    package = tmp_path / "data" / "typst" / "packages" / "local" / "mine" / "1.0.0"
    package.mkdir(parents=True)
    (package / "typst.toml").write_text('[package]\nname = "mine"\nversion = "1.0.0"\nentrypoint = "x.typ"\n')
    (package / "x.typ").write_text("#let mine = 1\n")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    message = problem_of(writer.write(deck_with(tmp_path / "project", template)))
    assert why in message
    assert tempfile.gettempdir() not in message


MANY = "range(30000)"
ENDLESS = f"#for a in {MANY} {{ for b in {MANY} {{ for c in {MANY} {{ }} }} }}"


def test_an_endless_loop_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS", 2.0)
    deck = deck_with(tmp_path, ENDLESS)
    assert "it takes longer than 2 seconds" in problem_of(writer.write(deck))


if sys.platform == "linux":  # no other system bounds the memory of a process

    def test_what_takes_all_memory_ends(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        message = problem_of(writer.write(deck_with(tmp_path, "#range(1000000000).map(str)")))
        assert "it needs more than 1,000 MB of memory" in message
        assert capfd.readouterr().err == ""


def test_no_package_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = '#let name = "@pre" + "view/cetz:0.3.4"\n#import name: *'
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert "package" in problem_of(writer.write(deck_with(tmp_path, template)))
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_all_of_a_decks_templates_have_their_time_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float | None] = []

    def record(job: Job, seconds: float | None, memory: int | None) -> object:
        seen.append(seconds)
        return set_sheet(job)

    monkeypatch.setattr(processes, "_run", record)
    writer.write(deck_with(tmp_path, "Own"))
    one, other = (seconds or 0 for seconds in seen)
    assert 31 > one > other > 0


@pytest.mark.parametrize(
    "template",
    [
        '#link("javascript:app.alert(1)")[x]',
        '#link("javascript:\\u{e9}")[x]',
        '#link(" file:///etc/passwd")[x]',
        '#link("smb://example.org/x")[x]',
        '#pdf.attach("a.exe", bytes("MZ"), mime-type: "application/octet-stream", description: "x")',
    ],
)
def test_a_sheet_holds_nothing_that_acts(tmp_path: Path, template: str) -> None:
    assert "attaches a file" in problem_of(writer.write(deck_with(tmp_path, template)))


def test_a_sheet_links_web_pages(tmp_path: Path) -> None:
    template = '#link("https://example.org/(\\u{e9}")[x] #link("mailto:a@example.org")[y] #link("http://a")[z] <z>'
    template += "#link(<z>)[w]"
    assert writer.write(deck_with(tmp_path, template)).diagnostics == ()


def test_typst_gets_the_fonts_that_were_read_and_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = tmp_path / "project" / "source" / "fonts"
    fonts.mkdir(parents=True)
    font = next((ROOT / "templates" / "print" / "fonts").glob("Inter*.ttf"))
    (fonts / ".not-read.ttf").write_bytes(font.read_bytes())
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    seen: list[tuple[bytes, ...]] = []

    def record(job: Job) -> object:
        folder = Path(job.folder)
        assert folder.parent == tmp_path / "temporary"
        assert not list((folder / "packages").iterdir())
        if os.name == "posix":
            assert folder.stat().st_mode & 0o077 == 0
        seen.append(tuple(path.read_bytes() for path in sorted((folder / "fonts").iterdir())))
        return set_sheet(job)

    monkeypatch.setattr(typesetting, "set_sheet", record)
    deck = deck_from(tmp_path / "project", FILES)
    writer.write(deck)
    assert set(seen) == {tuple(font.data for font in deck.fonts)}
    assert len(deck.fonts) == len(list((ROOT / "templates" / "print" / "fonts").glob("*.[to]tf")))
    assert not list((tmp_path / "temporary").iterdir())


def test_a_panic_of_typst_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException): ...

    def panic(*arguments: object, **options: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(typst, "Compiler", panic)
    with pytest.raises(SettingError, match="Typst failed: index out of bounds"):
        set_sheet(Job("", "", "{}", "a4", 0))
