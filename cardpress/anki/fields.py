"""Notes → the HTML of their fields. A field holds content alone; labels around it belong to the card template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple, assert_never
from unicodedata import combining, normalize

from cardpress.anki.field_html import FieldWriter
from cardpress.deck.notes import Deck, DeckSection, Note, Notice, Occlusion, SourceLink
from cardpress.note_types import Fact, Field, Holds, NoteType, OcclusionPart, OfQuestion, Spare
from cardpress.note_types.template_parts import is_blank
from cardpress.source.strings import Strings

_FIELD, _CLOZE_FIELD = FieldWriter(), FieldWriter(is_cloze=True)
_SENTENCE_ENDS = (".", "!", "?", "…", ")", "。", "\uff01", "\uff1f", "\uff09", "؟")
# For fields from which a card takes characters or readings.
_APART, _CLOZE_APART = FieldWriter(has_notation=True), FieldWriter(is_cloze=True, has_notation=True)
# A mark that makes one character with a `>` before it, even when other marks stand between them.
_STROKE = "\N{COMBINING LONG SOLIDUS OVERLAY}"
# What a card template, or a field beside, could make a formula or a command of.
_BEGUN = re.compile(r"\\(?=[A-Za-z]{0,9}\Z)")
# What begins a deletion, of which Anki makes a card whatever field of a cloze note it stands in.
_DELETION = re.compile(r"\{(?=\{c[0-9,]+::)", re.IGNORECASE)


def render_fields(section: DeckSection, parent: Note, note: Note) -> dict[str, str]:
    """Return a note's field values in the order of its note type, by the names that they were first released under.

    `parent` is the question that the note is about, which is the note itself for a question.
    """
    plan = _plan(note.note_type)
    fields = dict(plan.empty)
    for key, content in note.contents.items():
        if (field := plan.keyed.get(key)) is not None:
            value = _say(section, note, field, content, is_apart=field.name in note.note_type.apart)
            fields[field.released_name] = _write(field, value)
    for field in plan.others:
        fields[field.released_name] = _write(field, _value(section, parent, note, field))
    if note.notice and note.note_type.is_adopted:
        # It has no field for a notice, nor a place for one on its cards.
        name = _choose_for_notice(note.note_type, fields)
        fields[name] = _compose(f"<div>{write_notice(note.notice, section.strings)}</div>{fields[name]}")
    return fields


def _choose_for_notice(note_type: NoteType, fields: Mapping[str, str]) -> str:
    """Return the name of the field in front of which a retired note's notice stands.

    It is what the first card's back adds, if the note has it, or else the last that cards show.
    """
    first = note_type.cards[0]
    added = [note_type.field(key).released_name for key in first.answers]
    shown = [note_type.field(key).released_name for card in note_type.cards for key in card.asks]
    filled = (name for name in (*added, *reversed(shown)) if not is_blank(fields[name]))
    return next(filled, (*added, *reversed(shown), note_type.fields[-1].released_name)[0])


class _Plan(NamedTuple):
    """How the fields of a note type are filled: their names with nothing in them, those with a key, and what is told.

    Most notes leave most fields empty.
    """

    empty: Mapping[str, str]
    keyed: Mapping[str, Field]
    others: tuple[Field, ...]


@lru_cache(maxsize=64)
def _plan(note_type: NoteType) -> _Plan:
    empty = {field.released_name: "" for field in note_type.fields}
    keyed = {field.key: field for field in note_type.fields if isinstance(field.holds, Holds)}
    others = (field for field in note_type.fields if not isinstance(field.holds, Holds | Spare))
    return _Plan(empty, keyed, tuple(others))


def _write(field: Field, value: str) -> str:
    """Return a field's HTML as Anki stores it. HTML of an author was brought into that form, and is else as it was."""
    return value if field.holds in (Holds.HTML, Holds.HTML_CLOZE) else _compose(value)


def _compose(field: str) -> str:
    """Return a field's HTML in the normal form that Anki stores, so that what ships is what learners have.

    Anki composes letters and marks, in tags as in texts. So a mark that would change the end of a tag is written by its
    number.
    """
    if field.isascii() and "\\" not in field:
        return field
    if "\\" in field[-10:]:
        field = _BEGUN.sub(r"<span>\\</span>", field)
    if _STROKE in field:
        field = re.sub(r">(\W)", lambda found: f">&#{ord(found[1])};" if combining(found[1]) else found[0], field)
    return normalize("NFC", field)


def write_section(section: DeckSection) -> str:
    """Return a section's title as the notes in it have it. A card template may put it into an attribute."""
    return _write_title(section.names.first_title)


@lru_cache(maxsize=256)
def _write_title(title: str) -> str:
    return _compose(_FIELD.attribute(title))


def get_fields(section: DeckSection, parent: Note, note: Note) -> Mapping[str, str]:
    """Return a note's field values, as `render_fields` does, without making anew what the note has already."""
    return note.fields or render_fields(section, parent, note)


def _value(section: DeckSection, parent: Note, note: Note, field: Field) -> str:
    """Return what stands in a field that has no key."""
    match field.holds:
        case Fact():
            return _fact(section, parent, note, field.holds)
        case OcclusionPart():
            return write_part(note.occlusion, field.holds) if note.occlusion else ""
        case OfQuestion(key):
            source = parent.note_type.by_key.get(key)
            if source is None or key not in parent.contents:
                return ""
            return _say(section, note, source, parent.contents[key], is_apart=field.name in note.note_type.apart)
        case _:
            raise TypeError(f"{field.holds} has a key, or nothing")


def _say(section: DeckSection, note: Note, source: Field, content: Any, *, is_apart: bool) -> str:
    """Return what a note has in a field because of what `source` holds, which may be a field of its question."""
    if source.holds is Holds.ONE_OF:
        content = section.strings(content)
    html = write_content(source, content, is_apart=is_apart)
    if source.holds is Holds.HTML and note.note_type.is_cloze and not note.note_type.is_adopted:
        return _DELETION.sub("{\N{WORD JOINER}", html)
    return html


def _fact(section: DeckSection, parent: Note, note: Note, fact: Fact) -> str:
    match fact:
        case Fact.NOTICE:
            return write_notice(note.notice, section.strings) if note.notice else ""
        case Fact.ABOUT:
            # A note that stands alone is about no other.
            return "" if parent.guid == note.guid else parent.id
        case Fact.SECTION:
            return write_section(section)
        case Fact.ID:
            return note.id
        case Fact.VERSION:
            return note.stamp.version
        case _:
            assert_never(fact)


def write_content(  # noqa: PLR0911, PLR0912 - one for each kind of content
    field: Field, content: Any, *, is_apart: bool = False
) -> str:
    """Return the HTML of what a field holds. `is_apart` says that a card takes characters or readings from it."""
    writer, cloze_writer = (_APART, _CLOZE_APART) if is_apart else (_FIELD, _CLOZE_FIELD)
    match field.holds:
        case Holds.LINE | Holds.TEXT | Holds.PICTURE | Holds.AUDIO:
            return str(content.html(writer))
        case Holds.CLOZE:
            return str(content.html(cloze_writer))
        case Holds.OCCLUSION:
            return write_masks(content)
        case Holds.LINES:
            return _list(f"<li>{line.html(writer)}</li>" for line in content)
        case Holds.PAIRS:
            return _list(f"<li>{_pair(field, pair, writer)}</li>" for pair in content)
        case Holds.HTML | Holds.HTML_CLOZE:
            return str(content.raw)
        case Holds.SNIPPET:
            return writer.block(content.block)
        case Holds.OUTPUT:
            return f"<pre>{writer.text(content)}</pre>"
        case Holds.LINKS:
            return _list(f"<li>{_link(link)}</li>" for link in content)
        case Holds.NUMBER:
            return str(content)
        case Holds.ONE_OF:
            return writer.text(content)
        case Holds.IDS:
            # Ids, not titles: they are permanent, so a reworded question changes no note but its own.
            return _list(f"<li>{writer.text(name)}</li>" for name in content)
        case Holds.FLAG:
            return "true"
        case _:
            raise TypeError(f"notes hold no {field.holds}")


def write_masks(occlusion: Occlusion) -> str:
    """Return masks as Anki's own image occlusion has them: what is hidden in a deletion is a rectangle.

    A group of rectangles has one number. `oi=1` is Anki's sign that a card hides what the other masks hide, too.
    """
    others = ":oi=1" if occlusion.hides_all else ""
    return "".join(
        f"{{{{c{mask.number}::image-occlusion:rect:left={_digits(box.left)}:top={_digits(box.top)}"
        f":width={_digits(box.width)}:height={_digits(box.height)}{others}}}}}<br>"
        for mask in occlusion.masks
        for box in mask.boxes
    )


def _digits(part: float) -> str:
    """Return a part of the whole as Anki writes it: four digits, and no zeros around."""
    return f"{part:.4f}".strip("0") if part else ".0000"


def write_part(occlusion: Occlusion, part: OcclusionPart) -> str:
    """Return what stands in one of the further fields of a picture with masks."""
    match part:
        case OcclusionPart.IMAGE:
            alt = _FIELD.attribute(" ".join(occlusion.name.plain.split()))
            return f'<img src="{_FIELD.attribute(occlusion.picture)}" alt="{alt}">'
        case OcclusionPart.LABELS:
            labels = ((mask.number, mask.label) for mask in occlusion.masks if mask.label)
            return "<br>".join(f"{{{{c{number}::{label.html(_CLOZE_FIELD)}}}}}" for number, label in labels)
        case OcclusionPart.HEADER | OcclusionPart.BACK_EXTRA | OcclusionPart.COMMENTS:
            return ""
        case _:
            assert_never(part)


def write_notice(notice: Notice, strings: Strings) -> str:
    """Return what tells learners that a note is retired, why, and what is asked in its place."""
    is_sentence = notice.reason.endswith(_SENTENCE_ENDS)
    reason = notice.reason if is_sentence else strings("{sentence}.").replace("{sentence}", notice.reason)
    see = strings("See “{question}” instead.", question=notice.replaced_by) if notice.replaced_by else ""
    then = f" {_FIELD.text(see)}" if see else ""
    return f"<strong>{_FIELD.text(strings('Retired.'))}</strong> {_FIELD.text(reason)}{then}"


def _pair(field: Field, pair: Mapping[str, Any], writer: FieldWriter) -> str:
    return "".join(f'<div class="{part.key}">{pair[part.key].html(writer)}</div>' for part in field.parts)


def _link(link: SourceLink) -> str:
    title = _FIELD.text(link.title)
    return f'<a href="{_FIELD.attribute(link.url)}">{title}</a>' if link.url else title


def _list(entries: Iterable[str]) -> str:
    return f"<ul>{''.join(entries)}</ul>"


def list_card_numbers(note: Note) -> tuple[int, ...]:
    """Return the numbers, from 1, of the cards that the package holds of a note.

    A retired note ships without cards: Anki updates the note of whoever has it and leaves their cards as they are, and
    a newcomer gets nothing to study. No better way was found (`tests/anki/test_retired.py`): plain import clears
    suspension and daily limits, another note type is a conflict, and *Check Database* makes a first card even where a
    card template would make none.

    Any other note ships all of its cards (`Note.cards`).
    """
    return () if note.notice else note.number_cards()


def write_plain(text: str) -> str:
    """Return the HTML of a plain text."""
    return escape(text, quote=False)


def write_description(deck: Deck) -> str:
    """Return the HTML that Anki shows on the deck's own page: description, version, authors, license, homepage."""
    strings = deck.strings

    def say(text: str, **values: str) -> str:
        return write_plain(strings("{sentence}.").replace("{sentence}", strings(text, **values)))

    lines = [
        write_plain(deck.description),
        say("Version {version}, {date}", version=deck.version, date=deck.date),
        say("Checked on {what}", what=deck.checked) if deck.checked else "",
        write_plain(", ".join(deck.authors)),
        write_plain(deck.license),
        f'<a href="{escape(deck.homepage)}">{write_plain(deck.homepage)}</a>' if deck.homepage else "",
    ]
    return "<br>".join(line for line in lines if line)
