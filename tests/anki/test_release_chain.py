"""Ten releases and a preview in the real Anki: three learners, every card looked at after every import."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cardpress.engine import ROOT
from cardpress.history.records import to_moment
from cardpress.note_types.identity import make_guid
from cardpress.writers.json import make_bundle
from tests.helpers.anki_collection import learning
from tests.helpers.author import Author, question, recall
from tests.helpers.decks import deck_of
from tests.helpers.students import Student, students

STYLE = (ROOT / "templates" / "anki" / "card.css").read_text(encoding="utf-8")
INTERVIEW = ROOT / "templates" / "note-types" / "interview"
DECLARATION = (INTERVIEW / "note-type.yaml").read_text(encoding="utf-8")
BACK = (INTERVIEW / "back.html").read_text(encoding="utf-8")
IRON, IRON_SYMBOL, GOLD, NEON = (make_guid("sample", name) for name in ("iron", "iron-symbol", "gold", "neon"))
HELIUM_NAME, IRON_GAPS, TIN = (make_guid("sample", note_id) for note_id in ("helium-name", "iron-gaps", "tin"))


# --- what the author does ---------------------------------------------------------------------------------------


_THEIRS = "select guid, flds, tags from notes where tags like '%mine%' order by guid"


def _nothing(author: Author) -> None:
    pass


def _reword(author: Author) -> None:
    author.find("iron")["question"] = "What makes iron rust?"
    author.find("iron-symbol")["question"] = "What is the symbol of iron?"
    author.find("iron-gaps")["cloze"] = "Iron becomes liquid at {{c1::1538}} degrees."


def _half_of_what_comes(author: Author) -> None:
    author.find("neon")["answer"] = "Orange, at first sight."
    author.find("iron-symbol")["answer"] = "Perhaps Ir."  # which the last release has changed, too
    author.sections["metals"].append(question("tin", "What is a tin can made of?", "Steel, with a little tin."))


def _answer_and_add(author: Author) -> None:
    author.find("neon")["answer"] = "A red that turns to orange."
    author.find("iron-symbol")["answer"] = "Fe, and never Ir."
    author.find("tin")["answer"] = "Steel, and next to no tin."
    author.find("copper")["recall"] = [recall("copper-symbol", "What is the symbol of copper?", "Cu.")]


def _retag(author: Author) -> None:
    author.find("iron")["tags"] = ["metals::heavy"]
    author.find("helium-boils")["tags"] = []
    author.find("neon")["answer"] = "Red, and nothing but red."
    author.find("iron-gaps")["cloze"] = "Iron becomes liquid at {{c1::1538}} {{c2::degrees}}."


def _rename(author: Author) -> None:
    renamed = DECLARATION.replace("  - key: pitfalls\n", "  - key: pitfalls\n    name: Traps\n    was: Pitfalls\n")
    author.style("note-types/interview/note-type.yaml", renamed)
    author.style("note-types/interview/back.html", BACK.replace("Pitfalls}}", "Traps}}"))


def _move_and_open_a_section(author: Author) -> None:
    author.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
    author.titles["salts"] = "Salts"
    author.sections["gases"].insert(0, author.remove("gold"))
    author.sections["metals"].reverse()


def _retire(author: Author) -> None:
    author.find("neon")["retired"] = {"reason": "LEDs have replaced <neon> lamps", "replaced_by": "argon"}
    author.find("helium-name")["retired"] = {"reason": "Nobody asks."}


def _restyle(author: Author) -> None:
    author.style("anki/card.css", STYLE + "\n.card { color: teal }\n")


def _retitle_a_section(author: Author) -> None:
    author.titles["gases"] = "Gases and vapours"


def _retitle_the_deck(author: Author) -> None:
    author.facts["title"] = "Sample deck of the elements"
    author.sections["salts"].append(question("lime", "Where does lime come from?", "From burnt stone."))
    author.find("gold")["extra"] = "It is soft, and heavy."


@dataclass(frozen=True)
class Step:
    """A release, or a preview, which has no version."""

    version: str
    day: str
    change: Callable[[Author], None]


STEPS = (
    Step("1.0.0", "2026-01-01", _nothing),
    Step("1.0.1", "2026-01-15", _reword),
    Step("", "2026-01-20", _half_of_what_comes),
    Step("1.1.0", "2026-02-01", _answer_and_add),
    Step("1.1.1", "2026-02-01", _retag),
    Step("2.0.0", "2026-03-01", _rename),
    Step("2.1.0", "2026-03-10", _move_and_open_a_section),
    Step("3.0.0", "2026-04-01", _retire),
    Step("4.0.0", "2026-04-15", _restyle),
    Step("4.0.1", "2026-05-01", _retitle_a_section),
    Step("5.0.0", "2026-05-20", _retitle_the_deck),
)
# What a learner imports who skips some releases, the one in which notes were retired too.
SOME = {"1.0.0", "1.1.1", "5.0.0"}


def test_no_release_costs_a_learner_anything(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    with ExitStack() as stack:
        every, some, tinkerer = students(tmp_path, stack, "every", "some", "tinkerer")
        for number, step in enumerate(STEPS):
            step.change(author)
            if not step.version:
                every.take(author.build(tmp_path / "preview"))
                every.study()
                continue
            package = author.release(step.version, step.day)
            assert author.build(tmp_path / f"again-{number}") == package
            for student in (every, some, tinkerer):
                if student is not some or step.version in SOME:
                    student.take(package)
                    student.study()
            tinkerer.tinker(author.history.moment_of(step.version) + 30)
            if step.version in LOOK:
                LOOK[step.version](author, every, some, tinkerer)
        assert [each.version for each in author.history.releases] == [step.version for step in STEPS if step.version]


# --- what learners see --------------------------------------------------------------------------------------------


def _see_rewording(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    assert "What makes iron rust?" in every.shows(IRON, "question")
    assert "Why does iron rust in wet air?" in some.shows(IRON, "question")


def _see_release_over_preview(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    for student in (every, tinkerer):
        assert "A red that turns to orange." in student.shows(NEON)
        assert "Fe, and never Ir." in student.shows(IRON_SYMBOL)
        assert "Steel, and next to no tin." in student.shows(TIN)
        assert student.learner.field(NEON, "Version") == "1.1.0"
        assert student.learner.field(GOLD, "Version") == "1.0.0"


def _see_second_release_of_a_day(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    for student in (every, some, tinkerer):
        assert "Red, and nothing but red." in student.shows(NEON)
        assert len(student.learner.cards_of(IRON_GAPS)) == 2


def _see_renamed_field(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    for student in (every, tinkerer):
        assert "A scratch lets it start again." in student.learner.field(IRON, "Traps")
        assert "A scratch lets it start again." in student.shows(IRON)


def _see_retirement(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    instead = "See “Which gas fills old light bulbs?” instead."
    notice = f"<strong>Retired.</strong> LEDs have replaced &lt;neon&gt; lamps. {instead}"
    for student in (every, tinkerer) if author.history.last.version == "3.0.0" else (some,):
        assert notice in student.shows(NEON, "question")
        assert "<strong>Retired.</strong> Nobody asks.</div>" in student.shows(HELIUM_NAME, "question")
        assert len(student.learner.collection.find_notes("tag:sample::retired")) == 2
    bundle = json.dumps(make_bundle(deck_of(author.project)))
    assert '"helium"' in bundle
    assert '"neon"' not in bundle
    assert '"helium-name"' not in bundle


def _see_new_style(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    for student in (every, tinkerer):
        assert "color: teal" in student.learner.cards_of(IRON)[0].render_output().css
    assert "<strong>Retired.</strong>" in every.shows(NEON, "question")


def _see_new_title(author: Author, every: Student, some: Student, tinkerer: Student) -> None:
    for student in (every, some, tinkerer):
        assert "heavy" in student.learner.field(GOLD, "Extra")
        assert student.learner.field(GOLD, "Section") == "Gases"
        names = {name for _, name in student.learner.rows("select id, name from notetypes")}
        assert "Sample deck · interview" in names
        assert not [name for name in names if name.startswith("Sample deck of the elements")]
        decks = [name.replace("\x1f", "::") for (name,) in student.learner.rows("select name from decks order by name")]
        ours = [name for name in decks if name.startswith("Sample deck")]
        assert ours == ["Sample deck", *(f"Sample deck::{name}" for name in ("01 Metals", "02 Gases", "03 Salts"))]
    _see_retirement(author, every, some, tinkerer)  # for the one who has skipped it


LOOK: Mapping[str, Callable[[Author, Student, Student, Student], None]] = {
    "1.0.1": _see_rewording,
    "1.1.0": _see_release_over_preview,
    "1.1.1": _see_second_release_of_a_day,
    "2.0.0": _see_renamed_field,
    "3.0.0": _see_retirement,
    "4.0.0": _see_new_style,
    "5.0.0": _see_new_title,
}


def test_a_note_that_its_learner_edited_after_the_day_of_the_release_stays_theirs(tmp_path: Path) -> None:
    """What plain import cannot do: Anki takes the newer of two, and a release is as new as its day."""
    author = Author(tmp_path / "project")
    with learning(tmp_path / "late") as learner:
        late = Student(learner)
        late.take(author.release("1.0.0", "2026-01-01"))
        _reword(author)
        late.tinker(to_moment("2026-01-20"))
        edited = learner.rows(_THEIRS)
        assert IRON in {row[0] for row in edited}
        log = learner.take(author.release("1.0.1", "2026-01-15"))
        assert (len(log.updated) + len(log.duplicate), len(log.conflicting)) == (10, 0)
        assert learner.rows(_THEIRS) == edited
        learner.take(author.release("1.0.2", "2026-01-21"))
        assert learner.rows(_THEIRS) == edited
