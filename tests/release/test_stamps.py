"""Each note and note type is as old as the release that last changed it; no clock has a say in it."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from cardpress.anki.stamps import collect_contents, list_shipped, make_record
from cardpress.deck.notes import Deck
from cardpress.history.records import to_moment
from cardpress.pipeline import load_and_check, render_deck
from tests.conftest import ROOT
from tests.helpers.author import Author, question

ENGINE = ROOT / "cardpress"
FIRST, SECOND = to_moment("2026-01-01"), to_moment("2026-02-01")


def stamped(author: Author) -> Deck:
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    return render_deck(bank, author.options())


def stamps(author: Author) -> dict[str, tuple[str, int]]:
    notes = (each.note for each in list_shipped(stamped(author)))
    return {note.id: (note.stamp.version, note.stamp.modified) for note in notes}


def test_after_a_release_every_note_is_as_old_as_that(author: Author) -> None:
    assert set(stamps(author).values()) == {("1.0.0", FIRST)}
    assert set(stamped(author).type_moments.values()) == {FIRST}


def test_a_release_makes_what_it_changes_younger_and_nothing_else(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.find("helium-name")["tags"] = ["names"]
    author.release("1.0.1", "2026-02-01")
    found = stamps(author)
    assert found.pop("neon") == found.pop("helium-name") == ("1.0.1", SECOND)
    assert set(found.values()) == {("1.0.0", FIRST)}


def test_a_preview_is_a_second_younger_than_the_release_and_says_so(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.sections["gases"].append(question("xenon", "Where is xenon used?", "In bright lamps."))
    found = stamps(author)
    assert found.pop("neon") == found.pop("xenon") == ("1.0.0+preview", FIRST + 1)
    assert set(found.values()) == {("1.0.0", FIRST)}


def test_a_preview_of_a_version_that_deck_yaml_names_already_bears_it(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    deck = author.project / "source" / "deck.yaml"
    deck.write_text(deck.read_text(encoding="utf-8").replace("1.0.0", "1.0.1"), encoding="utf-8")
    author.facts["version"] = "1.0.1"
    assert stamps(author)["neon"] == ("1.0.1", FIRST + 1)
    assert stamps(author)["iron"] == ("1.0.0", FIRST)


def test_a_preview_after_a_release_that_names_its_build_is_a_version_still(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.release("1.0.1+linux", "2026-02-01")
    author.find("neon")["answer"] = "Orange."
    assert stamps(author)["neon"] == ("1.0.1+linux.preview", SECOND + 1)


def test_a_restyled_card_makes_note_types_younger_and_no_note(author: Author) -> None:
    author.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}}")
    assert stamped(author).type_moments == {"interview": FIRST, "recall": FIRST + 1, "cloze": FIRST}
    assert set(stamps(author).values()) == {("1.0.0", FIRST)}


def test_taking_a_change_back_before_the_release_makes_a_note_as_old_as_it_was(author: Author) -> None:
    author.find("neon")["answer"], kept = "Red.", author.find("neon")["answer"]
    assert stamps(author)["neon"][1] == FIRST + 1
    author.find("neon")["answer"] = kept
    assert stamps(author)["neon"] == ("1.0.0", FIRST)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("question", "What?"),
        ("answer", "That."),
        ("extra", "More."),
        ("level", "advanced"),
        ("number", 7),
        ("tags", ["a", "b"]),
        ("key_points", ["One."]),
        ("output", "1"),
        ("how_to_answer", "Briefly."),
        ("example_answer", "So."),
        ("pitfalls", [{"claim": "A.", "truth": "B."}]),
        ("sources", ["https://example.org/other"]),
        ("see_also", ["iron"]),
    ],
)
def test_everything_that_anki_receives_counts_as_a_change(author: Author, key: str, value: object) -> None:
    author.find("neon")[key] = value
    assert stamps(author)["neon"][1] == FIRST + 1


def test_order_alone_is_no_change(author: Author) -> None:
    for questions in author.sections.values():
        questions.reverse()
    assert set(stamps(author).values()) == {("1.0.0", FIRST)}


def test_two_tags_and_one_of_both_names_are_not_the_same(author: Author) -> None:
    digests = set()
    for answer, tags in (("a", ["b"]), ("a b", []), ("a", ["b", "c"]), ("a", ["bc"])):
        author.find("neon").update(answer=answer, tags=tags)
        deck = stamped(author)
        digests |= {make_record(deck, each).digest for each in list_shipped(deck) if each.note.id == "neon"}
    assert len(digests) == 4


def test_the_version_on_a_note_does_not_count_as_its_content(author: Author) -> None:
    deck = stamped(author)
    record = author.history.notes
    for each in list_shipped(deck):
        assert collect_contents(each)["Version"] == "1.0.0"
        assert record[each.note.guid].digest == make_record(deck, each).digest
        assert "Version" not in record[each.note.guid].fields


# --- no clock -------------------------------------------------------------------------------------------------------

CLOCKS = {
    "now",
    "today",
    "utcnow",
    "time",
    "time_ns",
    "localtime",
    "gmtime",
    "monotonic",
    "perf_counter",
    "fromtimestamp",
}
# The command line, which shows how long things take and knows today's date; nothing of that goes into what is made.
# And what bounds the time in which a sheet is set.
MAY_LOOK = {
    "console.py",
    "import_command.py",
    "init_command.py",
    "processes.py",
    "release_commands.py",
    "serve_commands.py",
}


def test_nothing_below_the_command_line_reads_the_clock() -> None:
    looking = {
        path.name
        for path in ENGINE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in CLOCKS)
        or (isinstance(node, ast.Import | ast.ImportFrom) and "time" in {a.name.split(".")[0] for a in node.names})
    }
    assert looking <= MAY_LOOK
    assert "release_commands.py" in looking


# Runs a build in a process for which it is another year.
IN_ANOTHER_YEAR = """
import sys, time
import datetime as dates
year, arguments = int(sys.argv[1]), sys.argv[2:]
class Day(dates.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(year, 5, 6, 7, 8, 9, tzinfo=tz)
    @classmethod
    def utcnow(cls):
        return cls(year, 5, 6, 7, 8, 9)
dates.datetime = Day
then = dates.datetime(year, 5, 6, tzinfo=dates.UTC).timestamp()
time.time, time.time_ns = (lambda: then), (lambda: int(then * 1e9))
from cardpress.cli.main import run
sys.exit(run(arguments))
"""


def test_the_same_source_and_history_give_the_same_bytes_in_any_year(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    made = []
    for year in (1999, 2043):
        out = author.project.parent / f"made-in-{year}"
        arguments = ["build", "--project", str(author.project), "--out", str(out), "--no-cache", "--quiet"]
        subprocess.run([sys.executable, "-c", IN_ANOTHER_YEAR, str(year), *arguments], check=True, cwd=ROOT)
        made.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert made[0] == made[1]
    assert "sample.apkg" in made[0]
    assert "sample-study-notes-a4.pdf" in made[0]
