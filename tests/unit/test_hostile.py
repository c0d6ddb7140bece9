"""A hostile contribution is refused with its place named, in bounded time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cardpress.diagnostics import MAX_PROBLEMS, MOST_OF_A_FILE
from cardpress.disk.reading import MAX_BYTES, MAX_NAMES
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.sample_project import PNG
from tests.helpers.yaml_text import block, question

pytestmark = pytest.mark.slow
MEMORY = 1 << 30
# Seconds of work, not of waiting, so that a busy machine changes nothing; each takes a tenth of it or less.
WORK = 60


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))


def checked(project: Path) -> tuple[int, list[str]]:
    """Check a project in a process with little memory and time; give its status, and its problems' codes and places."""
    command = [sys.executable, "-m", "cardpress.cli.main", "check", "--format", "json", "--project", str(project)]
    command[1:3] = ["-c", "import sys; from cardpress.cli.main import run; sys.exit(run(sys.argv[1:]))"]
    # Reports have paths as seen from where the command runs.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, preexec_fn=_limits, check=False
    )
    assert done.stdout, done.stderr[-2000:]
    found = json.loads(done.stdout)["diagnostics"]
    return done.returncode, [f"{each['file']}:{each['line']}:{each['column']} {each['code']}" for each in found]


def refused(project: Path) -> list[str]:
    """Check a project as `checked` does, which must be refused; give its problems' codes and places."""
    status, found = checked(project)
    assert status == 1, found
    return found


def _bomb() -> str:
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 11)]
    return "\n".join(lines) + "\n"


N = 100_000
FILES: Mapping[str, tuple[str, str]] = {
    "a 10-level alias bomb": (_bomb(), "5:8 alias-bomb"),
    "a recursive alias": ("- &a\n  id: one\n  recall: [*a]\n", "3:12 alias-bomb"),
    "an alias bomb of texts": (f"- &a {'x' * 19_000}\n- [{', '.join(['*a'] * 5_000)}]\n", "2:272 alias-bomb"),
    "brackets": (f"- id: {'[' * N}\n", "1:38 too-deep"),
    "braces": (f"- id: {'{' * N}\n", "1:38 too-deep"),
    "nested lists": (f"{'- ' * N}x\n", "1:67 too-deep"),
    "a huge line": (f"- id: one\n  question: {'x' * (MAX_BYTES - 100)}\n", "2:13 text-too-long"),
    "a huge list on one line": (f"- id: one\n  question: [{'a, ' * N}]\n", "2:13 wrong-type"),
    "brackets in a text": (block("[" * 10_000), "4:16 too-deep"),
    "quotations in a text": (block("> " * 5_000 + "x"), "4:5 too-deep"),
    "a NUL": ("- id: one\n  question: a\x00\n", "2:14 yaml-syntax"),
    "control characters": ("- id: \x1b[31m\n", "1:7 yaml-syntax"),
    "control characters as escapes": (question(answer="a\x1b[2J\x9b"), "1:57 control-character"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_where_it_turns_hostile(name: str, write_project: WriteProject) -> None:
    content, place = FILES[name]
    assert f"source/first.yaml:{place}" in refused(write_project({"first.yaml": content}))


@pytest.mark.parametrize("sign", ["[a](", "![](", "<a ", "`a ", "*a _", "~~a ", "&#", "\\[", "{{c1::"])
def test_signs_without_end_are_read_as_text(sign: str, write_project: WriteProject) -> None:
    project = write_project({"first.yaml": block(sign * (16_000 // len(sign)))})
    assert checked(project)[0] == 0


MANY: Mapping[str, tuple[str, str]] = {
    "unknown keys": ("- id: one\n" + "".join(f"  key{n}: 1\n" for n in range(N)), "unknown-key"),
    "unknown keys on one line": (f"- {{id: one, {', '.join(f'key{n}: 1' for n in range(N // 4))}}}\n", "unknown-key"),
    "duplicate keys": ("- id: one\n" + "  a: 1\n" * N, "duplicate-key"),
    "duplicate ids": ("- {id: one, question: What?, answer: That., number: 1}\n" * (N // 10), "duplicate-id"),
    "unknown references": (
        "".join(f"- {{id: q{n}, question: What?, answer: x, see_also: [x{n}, y{n}]}}\n" for n in range(N // 50)),
        "unknown-reference",
    ),
    "bad tags on one line": (
        f"- {{id: one, question: What?, answer: x, tags: [{', '.join(['a b'] * N)}]}}\n",
        "bad-tag",
    ),
    "HTML": (block("<b>" * 6_000), "unsupported-html"),
    "unknown media": (
        "".join(f"- {{id: q{n}, question: What?, answer: '![x](x{n}.png)'}}\n" for n in range(N // 20)),
        "missing-media",
    ),
    "unknown snippets": (
        "".join(f"- {{id: q{n}, question: What?, answer: x, snippet: x{n}.py}}\n" for n in range(N // 20)),
        "missing-snippet",
    ),
    "allowances": (
        "".join(
            f"- {{id: q{n}, question: What {n}?, answer: x, allow: [no-source], see_also: [q{n}]}}\n"
            for n in range(N // 10)
        ),
        "self-reference",
    ),
}


def _declare(fields: int, cards: int, asks: str) -> str:
    """Return the declaration of a note type whose cards ask a thousand keys each."""
    keys = ", ".join(asks.format(n) for n in range(1_000))
    written = [f"  - {{key: f{n}, holds: line}}" for n in range(fields)]
    made = [f"  - {{name: c{n}, asks: [{keys}], answers: [f0]}}" for n in range(cards)]
    return "\n".join(["title: Word", "fields:", *written, "cards:", *made, ""])


@pytest.mark.parametrize("asks", ["f{}", "g{}"])
def test_cards_that_ask_very_many_keys_are_refused(write_project: WriteProject, asks: str) -> None:
    declared = {"../templates/note-types/word/note-type.yaml": _declare(1_000, 300, asks)}
    assert any("word/note-type.yaml" in place for place in refused(write_project(declared)))


def test_questions_that_fit_none_of_very_many_note_types_are_refused(write_project: WriteProject) -> None:
    fields = "".join(f"  - {{key: {key}, holds: line, required: true}}\n" for key in ("one", "two"))
    declared = f"title: Word\nfields:\n{fields}cards:\n  - {{asks: [one], answers: [two]}}\n"
    types = {f"../templates/note-types/w{n}/note-type.yaml": declared for n in range(300)}
    questions = "".join(f"- {{id: x{n}, g{n}: a, two: b}}\n" for n in range(N // 5))
    assert any("unknown-key" in place for place in refused(write_project(types | {"first.yaml": questions})))


STRAY = ("../templates/x{}.css", "../templates/web/x{}.html", "../templates/print/x{}.typ", "x{}.yaml", "x{}.csv")


@pytest.mark.parametrize("name", STRAY)
def test_very_many_files_that_nothing_uses_are_refused(write_project: WriteProject, name: str) -> None:
    deck = DECK + "".join(f"  - {{id: s{n}, title: S{n}}}\n" for n in range(900))
    found = refused(write_project({"deck.yaml": deck} | {name.format(n): "x" for n in range(4_000)}))
    assert {"unlisted-file", "unused-template"} & {place.split()[1] for place in found}


@pytest.mark.parametrize("column", ["sources", "tags"])
def test_a_cell_with_a_list_of_millions_is_refused(write_project: WriteProject, column: str) -> None:
    table = f'id,question,answer,{column}\none,a,b,"' + "x.org\r\n" * 2_000_000 + '"\n'
    deck = DECK + "    table: words.csv\n    note_type: basic\n"
    project = write_project({"deck.yaml": deck, "words.csv": table})
    assert "source/words.csv:2:10 text-too-long" in refused(project)


@pytest.mark.parametrize("name", MANY)
def test_a_hundred_thousand_mistakes_are_reported_as_far_as_anyone_reads(
    name: str, write_project: WriteProject
) -> None:
    content, code = MANY[name]
    found = [place.split()[1] for place in refused(write_project({"first.yaml": content}))]
    assert 1 <= found.count(code) <= MAX_PROBLEMS


def test_many_unknown_references_among_many_questions(write_project: WriteProject) -> None:
    questions = (f"- {{id: q{n}, question: What is {n}?, answer: x, see_also: [z{n}]}}\n" for n in range(N // 4))
    found = [place.split()[1] for place in refused(write_project({"first.yaml": "".join(questions)}))]
    assert "unknown-reference" in found


def test_one_file_with_many_problems_hides_no_other(write_project: WriteProject) -> None:
    many = "".join(
        f"- {{id: Q{n}, question: '401. <b>?', answer: '![](a.png) [a](b) ==a==', see_also: [z{n}]}}\n"
        for n in range(N // 20)
    )
    deck = DECK + "  - id: second\n    title: Second section\n"
    found = refused(write_project({"deck.yaml": deck, "first.yaml": many, "second.yaml": QUESTION + "  lvel: x\n"}))
    assert any(place.startswith("source/second.yaml") for place in found)
    assert [place.split()[1] for place in found].count("more-problems") == 1
    assert len(found) <= MOST_OF_A_FILE + 10


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("one.py", "x = [" + "1," * 1_000_000 + "]\n", "source/snippets/one.py:1:1 file-too-large"),
        ("one.py", "# card:\n" + "x = 1\n" * 4_000 + "# end\n", "source/snippets/one.py:1:1 text-too-long"),
        ("one.py", "x = " + "(" * 10_000, "source/snippets/one.py:1:205 snippet-syntax"),
        ("one.py", "x = " + "-" * 19_000 + "1", "source/snippets/one.py:1:1 snippet-syntax"),
        ("one.txt", "# card:" + " " * 200_000 + "x", "source/snippets/one.txt:1:1 text-too-long"),
        ("one.sh", "# end\n" * 4_000 + "# card:\nx\n# end\n", "source/snippets/one.sh:1:3 snippet-syntax"),
    ],
)
def test_a_hostile_snippet_is_refused(name: str, content: str, place: str, write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + f"  snippet: {name}\n", f"snippets/{name}": content})
    found = refused(project)
    assert place in found
    assert len(found) <= 20


@pytest.mark.parametrize(
    "text", ["a" + "\u0301\u0323" * 4_000, "`a" + "\u0301" * 4_000 + "`", "a\u0301" + "\u0301" * 31]
)
def test_marks_without_end_are_refused(text: str, write_project: WriteProject) -> None:
    assert "too-many-marks" in " ".join(refused(write_project({"first.yaml": block(text)})))


@pytest.mark.parametrize(
    "text", ["a" + "\u0301" * 30, "e\u0301" * 9_000, "क्षत्रिय" * 2_000, "ཧཱུྃ" * 1_000, "\u4e00" * 19_000]
)
def test_marks_of_languages_are_not(text: str, write_project: WriteProject) -> None:
    assert "too-many-marks" not in codes(problems(write_project({"first.yaml": block(text)})))


def test_a_hundred_megabytes_are_not_read(write_project: WriteProject) -> None:
    project = write_project({"media/one.png": b"", "second.yaml": b""})
    for name in ("first.yaml", "second.yaml", "media/one.png", "deck.yaml"):
        with (project / "source" / name).open("r+b") as file:
            file.truncate(100 * 1024 * 1024)
    assert refused(project) == [
        "source/deck.yaml:1:1 file-too-large",
        "source/first.yaml:1:1 file-too-large",
        "source/media/one.png:1:1 file-too-large",
        "source/second.yaml:1:1 file-too-large",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "../deck.yaml",
        "a/../../deck.yaml",
        "/etc/passwd",
        "C:\\secret",
        "C:secret",
        "..\\deck.yaml",
        "\\\\host\\share",
        "\\etc",
    ],
)
def test_paths_out_of_their_folder_are_refused_where_they_are_written(path: str, write_project: WriteProject) -> None:
    picture = path.replace("\\", "\\\\")  # Markdown takes one of two
    content = block(f"![One]({picture})") + f"  snippet: '{path}'\n"
    assert places(problems(write_project({"first.yaml": content}))) == [
        "source/first.yaml:4:12 path-outside-source",
        "source/first.yaml:5:12 path-outside-source",
    ]


@pytest.mark.parametrize("section", ["../secret", "/etc/passwd", "..", "sub/first", "C:x", "deck"])
def test_a_section_cannot_name_a_file_outside_source(section: str, write_project: WriteProject, tmp_path: Path) -> None:
    deck = DECK.replace("id: first", f"id: '{section}'")
    project = write_project({"deck.yaml": deck})
    (project / "secret.yaml").write_text(QUESTION.replace("one", "secret"), encoding="utf-8")
    found = problems(project)
    assert "source/deck.yaml:6:9 bad-id" in places(found)
    assert not any("secret" in each.span.file.text for each in found if each.span.path != "source/deck.yaml")


def test_links_that_go_in_circles_are_refused(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  snippet: one.py\n"})
    for name in ("media/one.png", "snippets/one.py", "fonts/one.ttf"):
        link = project / "source" / name
        link.parent.mkdir()
        link.symlink_to(link)
    assert codes(problems(project)) == ["path-outside-source"] * 3


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_file_of_many_names_is_not_read_for_each(link: Callable[..., None], write_project: WriteProject) -> None:
    project = write_project({"media/a.png": PNG})
    folder = project / "source" / "media"
    for number in range(9):
        link(folder / ("a.png" if link is os.link or number < 5 else "b0.png"), folder / f"b{number}.png")
    found = places(problems(project))
    assert found == [f"source/media/b{number}.png:1:1 special-file" for number in range(MAX_NAMES - 1, 9)]


@pytest.mark.parametrize("texts", [1, 20])
def test_a_picture_is_not_shown_without_end(texts: int, write_project: WriteProject) -> None:
    shown = "![a drawing](a.svg) " * (400 // texts)
    project = write_project(
        {
            "media/a.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><!--{"x" * 400_000}--></svg>',
            "first.yaml": "".join(question(id=f"q{number}", extra=shown) for number in range(texts)),
        }
    )
    assert "source/media/a.svg:1:1 file-too-large" in places(problems(project))


def test_a_folder_that_is_a_link_out_of_source_is_not_looked_into(write_project: WriteProject, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "one.svg").write_text("<svg/>", encoding="utf-8")
    project = write_project({})
    (project / "source" / "media").symlink_to(tmp_path / "outside")
    assert places(problems(project)) == ["source/media:1:1 path-outside-source"]


def test_what_is_no_file_is_not_waited_for(write_project: WriteProject) -> None:
    project = write_project({})
    (project / "source" / "first.yaml").unlink()
    os.mkfifo(project / "source" / "first.yaml")
    (project / "source" / "media").mkdir()
    os.mkfifo(project / "source" / "media" / "one.png")
    assert places(problems(project)) == ["source/first.yaml:1:1 special-file", "source/media/one.png:1:1 special-file"]


def test_names_that_are_no_text_can_be_reported_in_every_format(write_project: WriteProject) -> None:
    from cardpress.diagnostics.reports import REPORTS

    project = write_project({})
    folder = project / "source" / "media"
    folder.mkdir()
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\x1b[2J\n.png"))).write_bytes(b"x")
    for report in REPORTS.values():
        written = report(problems(project)).encode(errors="replace")
        assert b"\x1b[2J" not in written


@pytest.mark.parametrize(
    "text",
    [
        "```\n" + "a\n" * 9_000 + "```",
        "|a|b|\n|-|-|\n" + "|b|c|\n" * 3_000,
        "- a\n" * 4_900,
        "a\u0301 " * 6_000,
        "*a* " * 4_900,
    ],
)
def test_a_text_of_any_signs_is_printed_in_seconds(text: str, tmp_path: Path) -> None:
    from cardpress.writers import load_writer
    from tests.helpers.decks import deck_from

    deck = deck_from(tmp_path, {"first.yaml": json.dumps([{"id": "one", "question": "What?", "answer": text}])})
    used = [resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    assert load_writer("pdf")(deck).artifacts
    now = [resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    assert sum(now) - sum(used) < WORK
