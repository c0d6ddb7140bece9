"""Deck → plain data for the print templates: texts as small trees of nodes, pictures as the names of files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cardpress.deck.badges import place_badges
from cardpress.deck.notes import Deck, Note, Occlusion, RichText
from cardpress.deck.section_colors import SECTION_COLORS
from cardpress.history.digests import digest_file
from cardpress.markdown.plain_text import join_text
from cardpress.note_types import Field, Holds
from cardpress.source.bank import Media
from cardpress.source.glyphs import find_missing
from cardpress.source.languages import is_right_to_left
from cardpress.source.media.formats import sniff
from cardpress.source.strings import list_printed
from cardpress.writers.pdf.breaking import LONGEST_CODE, break_words
from cardpress.writers.pdf.cheat_sheet import make_comparison, make_gist
from cardpress.writers.pdf.heights import JsonObject, is_block
from cardpress.writers.pdf.nodes import TAB, count_character, make_code, make_nodes, split_language
from cardpress.writers.pdf.sides import is_plain, is_unheard, make_sides
from cardpress.writers.pdf.titles import make_short_title, make_title, name_wordless, shorten

# The size of a mask's number in parts of a picture as wide as a column of the study notes: a digit, what is around all
# digits, and its height.
_DIGIT, _AROUND, _BADGE = 0.023, 0.02, 0.05
# How many times larger than the rest a card has the core of an answer: of one line, and of more.
LINE_LEAD, _LEAD = 1.25, 1.06
# The folder of pictures that Typst gets.
PICTURES = "pictures"


def make_print_data(deck: Deck, *, for_reading: bool = True, for_recall: bool = False) -> JsonObject:
    """Return a deck as plain data for the print templates.

    `for_reading` adds what the booklet alone prints, and `for_recall` the notes below questions as those on cards.
    """
    language, region = split_language(deck.language)
    labels = _labels(deck)
    deck = _translate(replace(deck, strings=replace(deck.strings, texts=labels)))
    names = {note.id: note for note in deck.notes()}
    # The booklet and cards print the same of notes below questions.
    below = {each.id: _texts(each, names) for note in names.values() for each in note.recall}
    return {
        "id": deck.id,
        "title": deck.title,
        "version": deck.version,
        "date": deck.date,
        "lang": language,
        "region": region,
        "rtl": is_right_to_left(deck.language),
        "labels": labels,
        "description": deck.description,
        "introduction": make_nodes(deck.introduction),
        "checked": deck.checked,
        "authors": list(deck.authors),
        "license": deck.license,
        "homepage": deck.homepage,
        "section_colors": [color.day for color in SECTION_COLORS],
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "description": section.description,
                "notes": [
                    _note(note, _texts(note, names), deck.language)
                    | make_gist(note)
                    | _sides(note, deck, names)
                    | ({"recall": [_recall(each, below[each.id]) for each in note.recall]} if for_reading else {})
                    for note in section.notes
                ],
                "below": [
                    _note(each, below[each.id], deck.language)
                    | _sides(each, deck, names)
                    # What it stands below.
                    | {"of": note.id, "number": note.number}
                    for note in section.notes
                    for each in note.recall
                ]
                if for_recall
                else [],
            }
            for section in deck.sections
        ],
        "comparisons": list(map(make_comparison, deck.comparisons)),
        "media": {picture.name: _picture(picture) for picture in deck.media},
    }


def _labels(deck: Deck) -> dict[str, str]:
    """Return what sheets say in the deck's language, by its English words, without what no print font can show."""
    printed = list_printed(deck.strings, deck.templates, deck.note_types)
    missing = find_missing("".join(printed.values()), deck.fonts)
    return {english: text for english, text in printed.items() if missing.isdisjoint(text)}


def _translate(deck: Deck) -> Deck:
    """Return a deck whose note types have labels, and whose notes have values of a few, in its language."""
    strings = deck.strings
    if not strings.texts:
        return deck

    def field(each: Field) -> Field:
        parts = tuple(replace(part, label=strings(part.label)) for part in each.parts)
        return replace(each, label=strings(each.label), parts=parts)

    kinds = {each.kind: replace(each, fields=tuple(map(field, each.fields))) for each in deck.note_types}

    def note(each: Note) -> Note:
        values = {one.key: strings(value) for one, value in each.each(Holds.ONE_OF)}
        return replace(
            each,
            note_type=kinds[each.note_type.kind],
            contents={**each.contents, **values},
            recall=tuple(map(note, each.recall)),
        )

    sections = tuple(replace(each, notes=tuple(map(note, each.notes))) for each in deck.sections)
    return replace(deck, sections=sections)


def _texts(note: Note, names: dict[str, Note]) -> JsonObject:
    return {
        "question": make_nodes(note.asked),
        "answer": make_nodes(note.answer),
        "fields": _fields(note, names),
    }


def _note(note: Note, texts: JsonObject, language: str) -> JsonObject:
    return {
        "id": note.id,
        "number": note.number,
        "level": note.level,
        "question": texts["question"],
        "name": name_wordless(note),
        "title": make_title(note.asked, note.id),
        "short": make_short_title(note),
        # Whether that are words: LaTeX is none.
        "is_said": not note.asked.has_formulas(),
        "answer": texts["answer"],
        **_lead(note, language),
        # An answer of a line is always printed; lists of points take the place of a longer one on the study notes.
        "brief": any(field.holds is Holds.LINE for field in note.note_type.answered),
        "fields": texts["fields"],
    }


def _lead(note: Note, language: str) -> JsonObject:
    """Return an answer as cards have it: with its core large, if it begins with one."""
    field = next((each for each in note.note_type.answered if each.key in note.contents), None)
    # Learners of a deck that was taken over know its answers as they stand.
    is_ours = not note.note_type.is_adopted
    if note.answer is None or field is None or not is_ours or field.holds not in (Holds.LINE, Holds.TEXT):
        return {}
    return {"lead": made} if (made := _split_answer(note.answer, field, language)) else {}


def _split_answer(answer: RichText, field: Field, language: str) -> list[JsonObject | str] | None:
    """Return an answer with its core large; None where it has none.

    The core of an answer of one line is a clause, and of others a sentence.
    """
    is_line = field.holds is Holds.LINE
    found = answer.headline(language, sentence=not is_line)
    if found is None:
        return None
    core, rest = found
    if any(map(is_block, made := make_nodes(core))):  # a formula on a line of its own
        return None
    first = join_text(answer.document.blocks[:1])
    if rest and first == core.plain and first[-1:].isalnum():  # a sentence that ends further below
        return None
    size = LINE_LEAD if is_line or not rest else _LEAD
    lead: JsonObject | str = {"t": "lead", "size": size, "c": made}
    told = make_nodes(rest)
    return [lead, {"t": "soft", "c": told}] if is_line and told else [lead, *told]


def _sides(note: Note, deck: Deck, names: dict[str, Note]) -> JsonObject:
    """Return the sides of a note's printed cards, nothing where it has one that asks its text alone."""
    is_usual = note.answer is not None or not note.note_type.is_adopted
    if is_usual and is_plain(note) and not all(map(is_unheard, note.cards())):
        return {}

    def make_field(field: Field, content: Any) -> list[JsonObject | str]:
        return list_field_nodes(_field(field, content, names))

    def tell_field(field: Field, content: Any) -> list[JsonObject | str]:
        may_lead = field.holds is Holds.LINE and not note.note_type.is_adopted
        lead = _split_answer(content, field, deck.language) if may_lead else None
        return lead or make_field(field, content)

    sides = make_sides(note, deck, make_nodes, make_field, tell_field)
    return {"sides": [{**side, "short": shorten(side["short"], note.id)} for side in sides]}


def _field(field: Field, content: Any, names: dict[str, Note]) -> JsonObject:
    made = {"label": field.label, "holds": str(field.holds), "value": _value(field, content, names)}
    return made | ({"folded": True} if field.is_folded else {})


def _value(field: Field, content: Any, names: dict[str, Note]) -> Any:  # noqa: PLR0911 - one for each kind of content
    match field.holds:
        case Holds.LINE | Holds.TEXT | Holds.CLOZE | Holds.HTML | Holds.HTML_CLOZE | Holds.PICTURE | Holds.AUDIO:
            return make_nodes(content)
        case Holds.OCCLUSION:
            return _occlusion(content)
        case Holds.LINES:
            return list(map(make_nodes, content))
        case Holds.PAIRS:
            return [
                [{"label": part.label, "text": make_nodes(pair[part.key])} for part in field.parts] for pair in content
            ]
        case Holds.SNIPPET:
            return make_code(content.block)
        case Holds.OUTPUT:
            return break_words(content.expandtabs(TAB), LONGEST_CODE, count_character)
        case Holds.LINKS:
            return [
                {"title": link.title.replace("`", ""), "said": _say_title(link.title), "url": link.url}
                for link in content
            ]
        case Holds.NUMBER | Holds.ONE_OF:
            return str(content)
        case Holds.IDS:
            return [
                {"id": name, "number": names[name].number, "name": shorten(names[name].asked.one_line, name)}
                for name in content
            ]
        case _:
            raise TypeError(f"notes hold no {field.holds}")


def _say_title(title: str) -> list[JsonObject | str]:
    """Return the title of a source, in which code stands between backticks, as nodes."""
    parts = title.split("`")
    if len(parts) % 2 == 0:  # one of them opens nothing
        return [title]
    return [{"t": "code", "c": [part]} if index % 2 else part for index, part in enumerate(parts) if part]


def _occlusion(occlusion: Occlusion) -> JsonObject:
    """Return a picture and its masks, each with its number and where that stands, what it hides, and its rectangles.

    Places are in parts of the whole.
    """
    down = _BADGE * occlusion.width / occlusion.height
    badges = place_badges(occlusion.masks, _DIGIT, _AROUND, down)
    return {
        "src": occlusion.picture,
        "alt": " ".join(occlusion.name.plain.split()),
        "masks": [
            {
                "number": mask.number,
                "label": make_nodes(mask.label),
                "look": "frame",
                "mark": True,
                "badge": list(badge),
                "rects": [[box.left, box.top, box.width, box.height] for box in mask.boxes],
            }
            for mask, badge in zip(occlusion.masks, badges, strict=True)
        ],
    }


def _recall(note: Note, texts: JsonObject) -> JsonObject:
    """Return a recall note: a question and an answer, printed beside each other like cells, or a cloze text."""
    if note.answer is None:
        return {"question": [], "answer": [], "cloze": texts["question"], "fields": texts["fields"]}
    return {"question": texts["question"], "answer": texts["answer"], "cloze": None, "fields": texts["fields"]}


def _fields(note: Note, names: dict[str, Note]) -> list[JsonObject]:
    """Return the fields of a note, but for what it asks and answers."""
    asked = note.known_by
    # A picture is not what its name says in its place.
    taken = (*((asked,) if asked and asked.holds is not Holds.OCCLUSION else ()), *note.note_type.answered)
    asked_too = [field for field, _ in note.front()]
    return [
        _field(field, content, names) | ({"asked": True} if field in asked_too else {})
        for field, content in (*note.front(), *note.back())
        if field not in taken
    ]


def _picture(picture: Media) -> JsonObject:
    """Return a picture's format and file. An SVG's text is there, too, until `take_pictures` makes a file of it."""
    kind = find_format(picture.data)
    file = f"{PICTURES}/{digest_file(picture.data)[:32]}"
    text = {"data": picture.data.decode("utf-8", "replace")} if kind == "svg" else {}
    return {"format": kind, "file": file, **text}


def find_format(picture: bytes) -> str:
    """Return Typst's name of a picture's format."""
    kind = (sniff(picture) or "").removeprefix("image/").removesuffix("+xml")
    return {"jpeg": "jpg"}.get(kind, kind)


def take_pictures(data: JsonObject, deck: Deck) -> tuple[JsonObject, dict[str, bytes]]:
    """Return the data without the texts of pictures, and the pictures' files by their paths."""
    files = {}
    media = {}
    for picture in deck.media:
        made = dict(data["media"][picture.name])
        files[made["file"]] = made.pop("data").encode() if "data" in made else picture.data
        media[picture.name] = made
    return {**data, "media": media}, files


def list_field_nodes(field: JsonObject) -> list[JsonObject | str]:  # noqa: PLR0911 - one for each kind of content
    """Return a field of a note's data as nodes, for a card that has it in the place of an answer."""
    value = field["value"]
    match field["holds"]:
        case Holds.LINES:
            return [{"t": "ul", "c": [{"t": "li", "c": line} for line in value]}]
        case Holds.OCCLUSION:
            return [{"t": "masked", **value}]
        case Holds.PAIRS:
            return [
                node
                for pair in value
                for part in pair
                for node in ({"t": "p", "c": [{"t": "strong", "c": [part["label"]]}]}, *part["text"])
            ]
        case Holds.SNIPPET:
            return [value]
        case Holds.OUTPUT:
            return [{"t": "pre", "lines": [[line] if line else [] for line in value.split("\n")]}]
        case Holds.LINKS:
            return [{"t": "ul", "c": [{"t": "li", "c": [link["title"]]} for link in value]}]
        case Holds.IDS:
            return [{"t": "p", "c": ["; ".join(str(other["number"] or other["name"]) for other in value)]}]
        case Holds.NUMBER | Holds.ONE_OF:
            return [{"t": "p", "c": [value]}]
        case _:
            return list(value)
