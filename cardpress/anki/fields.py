"""Notes → the HTML of their fields. A field holds content alone; labels around it belong to the card template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from cardpress.deck.notes import ClozeNote, Deck, DeckSection, InterviewNote, RecallNote, RichText
from cardpress.markdown.markup import find_deletions
from cardpress.markdown.to_html import as_entity
from cardpress.note_types import CLOZE, INTERVIEW, RECALL, NoteType

AnyNote = InterviewNote | RecallNote | ClozeNote

# Where a formula, a sound or LaTeX begins for Anki, anywhere in a field and even in code.
_ANKI_SIGNS = re.compile(r"\\(?=[(\[])|\[(?=sound:|anki:|latex\]|/latex\]|\$\$?\]|/\$\$?\])", re.IGNORECASE)


def keep_as_typed(html: str) -> str:
    """Return HTML in which Anki sees no formula, sound or LaTeX where a text only looks like one."""
    if "\\" not in html and "[" not in html:
        return html
    pieces = re.split(r"(<[^<>]*>)", html)
    return "".join(
        # Anki looks into attributes too, where only an entity can break up a sign.
        _ANKI_SIGNS.sub(as_entity if piece.startswith("<") else r"<span>\g<0></span>", piece)
        for piece in pieces
    )


def render_fields(deck: Deck, section: DeckSection, parent: InterviewNote, note: AnyNote) -> dict[str, str]:
    """Return a note's field values by name, in the order of its note type.

    The code here uses the names that fields were first released under. The result uses their present names.
    """
    values = {
        "Section": escape(section.title, quote=False),
        "Level": parent.level or "",
        "Id": note.id,
        "Version": note.stamp.version,
        "Notice": note.notice,
        "About": parent.id,
        "Code": note.code.html if note.code else "",
        "Extra": _html(note.extra),
    }
    if isinstance(note, InterviewNote):
        return _in_order(INTERVIEW, values | _interview(note))
    if isinstance(note, ClozeNote):
        return _in_order(CLOZE, values | {"Text": note.anki})
    return _in_order(RECALL, values | {"Question": note.question.html, "Answer": note.answer.html})


def list_field_values(deck: Deck, section: DeckSection, parent: InterviewNote, note: AnyNote) -> list[str]:
    """Return a note's field values without names, in the order of its note type."""
    return list(render_fields(deck, section, parent, note).values())


def _in_order(note_type: NoteType, values: dict[str, str]) -> dict[str, str]:
    return {name: keep_as_typed(values[note_type.released_name(name)]) for name in note_type.fields}


def _interview(note: InterviewNote) -> dict[str, str]:
    pitfalls = (
        f'<li><div class="claim">{each.claim.html}</div><div class="truth">{each.truth.html}</div></li>'
        for each in note.pitfalls
    )
    sources = (f'<li><a href="{escape(each.url)}">{escape(each.title, quote=False)}</a></li>' for each in note.sources)
    return {
        "Question": note.question.html,
        "Answer": note.answer.html,
        "KeyPoints": _list(f"<li>{point.html}</li>" for point in note.key_points),
        "Output": f"<pre>{escape(note.output, quote=False)}</pre>" if note.output else "",
        "Pitfalls": _list(pitfalls),
        "HowToAnswer": _html(note.how_to_answer),
        "ExampleAnswer": _html(note.example_answer),
        "Sources": _list(sources),
        # Ids, not titles: they are permanent, so a reworded question changes no note but its own.
        "SeeAlso": _list(f"<li>{name}</li>" for name in note.see_also),
        "Number": str(note.number or ""),
    }


def _html(text: RichText | None) -> str:
    return text.html if text else ""


def _list(entries: Iterable[str]) -> str:
    joined = "".join(entries)
    return f"<ul>{joined}</ul>" if joined else ""


def list_card_numbers(note: AnyNote) -> tuple[int, ...]:
    """Return the numbers, from 1, of the cards that Anki makes from a note.

    A cloze note has a card for each number of its deletions, any other note has one.
    """
    if isinstance(note, ClozeNote):
        return tuple(sorted({deletion.number for deletion in find_deletions(note.text.markdown)}))
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
