"""Notes → the HTML of their fields. A field holds content alone; labels around it belong to the card template."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from cardpress.anki.field_html import FieldWriter
from cardpress.deck.notes import ClozeNote, Deck, DeckSection, InterviewNote, Notice, RecallNote, RichText
from cardpress.note_types import CLOZE, INTERVIEW, RECALL, NoteType

AnyNote = InterviewNote | RecallNote | ClozeNote

_FIELD, _CLOZE_FIELD = FieldWriter(), FieldWriter(is_cloze=True)


def render_fields(deck: Deck, section: DeckSection, parent: InterviewNote, note: AnyNote) -> dict[str, str]:
    """Return a note's field values by name, in the order of its note type.

    The code here uses the names that fields were first released under. The result uses their present names.
    """
    values = {
        "Section": _FIELD.text(section.title),
        "Level": parent.level or "",
        "Id": note.id,
        "Version": note.stamp.version,
        "Notice": write_notice(note.notice) if note.notice else "",
        "About": parent.id,
        "Code": _FIELD.block(note.code.block) if note.code else "",
        "Extra": _html(note.extra),
    }
    if isinstance(note, InterviewNote):
        return _in_order(INTERVIEW, values | _interview(note))
    if isinstance(note, ClozeNote):
        return _in_order(CLOZE, values | {"Text": note.text.html(_CLOZE_FIELD)})
    return _in_order(RECALL, values | {"Question": _html(note.question), "Answer": _html(note.answer)})


def write_notice(notice: Notice) -> str:
    """Return what tells learners that a note is retired, why, and what is asked in its place."""
    reason = notice.reason
    stop = "" if reason.endswith((".", "!", "?", "…", ")")) else "."
    then = f" See {notice.replaced_by} instead." if notice.replaced_by else ""
    return f"<strong>Retired.</strong> {_FIELD.text(reason)}{stop}{then}"


def list_field_values(deck: Deck, section: DeckSection, parent: InterviewNote, note: AnyNote) -> list[str]:
    """Return a note's field values without names, in the order of its note type."""
    return list(render_fields(deck, section, parent, note).values())


def _in_order(note_type: NoteType, values: dict[str, str]) -> dict[str, str]:
    return {name: values[note_type.released_name(name)] for name in note_type.fields}


def _interview(note: InterviewNote) -> dict[str, str]:
    pitfalls = (
        f'<li><div class="claim">{_html(each.claim)}</div><div class="truth">{_html(each.truth)}</div></li>'
        for each in note.pitfalls
    )
    sources = (
        f'<li><a href="{_FIELD.attribute(each.url)}">{_FIELD.text(each.title)}</a></li>' for each in note.sources
    )
    return {
        "Question": _html(note.question),
        "Answer": _html(note.answer),
        "KeyPoints": _list(f"<li>{_html(point)}</li>" for point in note.key_points),
        "Output": f"<pre>{_FIELD.text(note.output)}</pre>" if note.output else "",
        "Pitfalls": _list(pitfalls),
        "HowToAnswer": _html(note.how_to_answer),
        "ExampleAnswer": _html(note.example_answer),
        "Sources": _list(sources),
        # Ids, not titles: they are permanent, so a reworded question changes no note but its own.
        "SeeAlso": _list(f"<li>{name}</li>" for name in note.see_also),
        "Number": str(note.number or ""),
    }


def _html(text: RichText | None) -> str:
    return text.html(_FIELD) if text else ""


def _list(entries: Iterable[str]) -> str:
    joined = "".join(entries)
    return f"<ul>{joined}</ul>" if joined else ""


def list_card_numbers(note: AnyNote) -> tuple[int, ...]:
    """Return the numbers, from 1, of the cards that Anki makes from a note.

    A cloze note has a card for each number of its deletions, any other note has one.
    """
    if isinstance(note, ClozeNote):
        return tuple(sorted({deletion.number for deletion in note.text.document.deletions()}))
    return (1,)


def write_description(deck: Deck) -> str:
    """Return the HTML that Anki shows on the deck's own page: description, version, authors, license, homepage."""
    lines = [
        escape(deck.description, quote=False),
        f"Version {escape(deck.version, quote=False)}, {deck.date}.",
        f"Checked on {escape(deck.checked, quote=False)}." if deck.checked else "",
        escape(", ".join(deck.authors), quote=False),
        escape(deck.license, quote=False),
        f'<a href="{escape(deck.homepage)}">{escape(deck.homepage, quote=False)}</a>' if deck.homepage else "",
    ]
    return "<br>".join(line for line in lines if line)
