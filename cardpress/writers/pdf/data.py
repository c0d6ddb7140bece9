"""Deck → plain data for the print templates: texts as small trees of nodes, pictures as the names of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

from cardpress.deck.badges import place_badges
from cardpress.deck.notes import Deck, Note, Occlusion, RichText
from cardpress.deck.section_colors import SECTION_COLORS
from cardpress.formulas import read
from cardpress.formulas.tree import Fraction, Group, Hidden
from cardpress.formulas.tree import Node as FormulaNode
from cardpress.formulas.tree import walk as walk_formula
from cardpress.markdown.html_writer import is_active, put_box
from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import (
    CodeBlock,
    CodeSpan,
    Deletion,
    Formula,
    Heading,
    Item,
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Piece,
    Quote,
    RawTag,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
    list_cuts,
    walk,
)
from cardpress.note_types import Field, Holds
from cardpress.source.bank import Media
from cardpress.source.cheat_sheet import MOST_POINTS
from cardpress.source.glyphs import find_missing
from cardpress.source.languages import is_right_to_left
from cardpress.source.media.formats import sniff
from cardpress.source.print_limits import MOST_COLUMNS, count_columns
from cardpress.source.strings import list_printed
from cardpress.writers.pdf.breaking import LONGEST_CODE, LONGEST_WORD, break_words, limit_words, list_breaks, make_words
from cardpress.writers.pdf.formulas import measure, write_formula
from cardpress.writers.pdf.heights import (
    BREAK,
    INDENT,
    ROOM,
    JsonObject,
    advance,
    height_of,
    is_block,
    list_least_widths,
)
from cardpress.writers.pdf.joining import keep_together
from cardpress.writers.pdf.sides import is_plain, is_unheard, make_sides
from cardpress.writers.pdf.words import replace_by_words

# The width of a table in ems, so that it fits a card in 7 pt: in wider ones shorter words may break, too, down to a
# width that the cells of a row share, and then down to a character.
_WIDEST_TABLE = 33.0
_TAB = 4
# The size of a mask's number in parts of a picture as wide as a column of the study notes: a digit, what is around all
# digits, and its height.
_DIGIT, _AROUND, _BADGE = 0.023, 0.02, 0.05
# Ems. A formula that is not wider is never broken, as no word is.
_SHORT_FORMULA = 5.0
# Ems. A formula that is wider and cannot be broken is made as wide as there is room.
_WIDE_FORMULA = 12.0
# Lines. A formula that is higher, as a fraction is, keeps its distance from the lines around it.
_TALL_FORMULA = 1.75
# Characters of a question that further cards repeat.
_SHORT = 120
# Ems that a table and a word of the cheat sheet may take in a column of it.
_WIDEST_COMPARISON, _WIDEST_WORD = 22.0, 15.5
# The title of a table whose own shows no words, such as a line.
_NO_TITLE = "–"
# Where a table would have to break words there that are no wider than this, in ems, its rows are text.
_LEAST_OF_WORD = 3.0
# Ems, about a column of the cheat sheet in its largest type: its width, and what stands together of a table.
_COLUMN, _HIGHEST_PART = 19.0, 50.0
# The five colors that code is printed in → Pygments' classes for each.
_COLORS = {
    color: frozenset(names.split())
    for color, names in {
        "keyword": "k kn kd kr kp ow nt",
        "builtin": "kc kt nb bp m mi mf mh mb mo il",
        "string": "s s1 s2 sa sb sc sd se sh si sr ss sx",
        "name": "nf fm nc nd ne na",
        "comment": "c c1 ch cm cp cs",
    }.items()
}
# Deeper nodes are printed as plain text: Typst allows 64 levels in all, and JSON readers 128.
_DEEPEST = 12
# Nodes that hold blocks, or parts of themselves, and no text.
_STRUCTURES = frozenset(("ul", "ol", "table", "thead", "tbody", "tr"))

# How many times larger than the rest a card has the core of an answer: of one line, and of more.
_LINE_LEAD, _LEAD = 1.25, 1.06
# Elements with code in a line.
_CODE = frozenset(("code", "kbd"))
# Characters of a base with its reading above it.
_LONGEST_RUBY = 12
# The folder of pictures that Typst gets.
PICTURES = "pictures"


def make_print_data(deck: Deck, *, for_reading: bool = True, for_recall: bool = False) -> JsonObject:
    """Return a deck as plain data for the print templates.

    `for_reading` adds what the booklet alone prints, and `for_recall` the notes below questions as those on cards.
    """
    language, region = _split(deck.language)
    labels = _labels(deck)
    deck = _translate(replace(deck, strings=replace(deck.strings, texts=labels)))
    names = {note.id: note for note in deck.notes()}
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
                    _note(note, names, deck.language)
                    | _gist(note)
                    | _sides(note, deck, names)
                    | ({"recall": [_recall(each, names) for each in note.recall]} if for_reading else {})
                    for note in section.notes
                ],
                "below": [each for note in section.notes for each in _below(note, deck, names)] if for_recall else [],
            }
            for section in deck.sections
        ],
        "comparisons": [
            {
                "title": _title(each.title, _NO_TITLE, _WIDEST_WORD),
                "section": each.section,
                "tables": list(_split_table(each.table)),
            }
            for each in deck.comparisons
        ],
        "media": {
            picture.name: _picture(picture, f"{PICTURES}/{index:04}") for index, picture in enumerate(deck.media)
        },
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


def _note(note: Note, names: dict[str, Note], language: str) -> JsonObject:
    return {
        "id": note.id,
        "number": note.number,
        "level": note.level,
        "question": make_nodes(note.asked),
        "name": _name(note),
        "title": _title(note.asked, note.id),
        "short": _short(note),
        # Whether that are words: LaTeX is none.
        "is_said": not note.asked.has_formulas(),
        "answer": make_nodes(note.answer),
        **_lead(note, language),
        # An answer of a line is always printed; lists of points take the place of a longer one on the study notes.
        "brief": any(field.holds is Holds.LINE for field in note.note_type.answered),
        "fields": _fields(note, names),
    }


def _lead(note: Note, language: str) -> JsonObject:
    """Return an answer as cards have it: with its core large, if it begins with one."""
    field = next((each for each in note.note_type.answered if each.key in note.contents), None)
    if note.answer is None or field is None or field.holds not in (Holds.LINE, Holds.TEXT):
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
    size = _LINE_LEAD if is_line or not rest else _LEAD
    lead: JsonObject | str = {"t": "lead", "size": size, "c": made}
    told = make_nodes(rest)
    return [lead, {"t": "soft", "c": told}] if is_line and told else [lead, *told]


def _below(note: Note, deck: Deck, names: dict[str, Note]) -> Iterator[JsonObject]:
    """Yield the notes below a question as those on cards, each with what it stands below: its id and number."""
    for each in note.recall:
        yield _note(each, names, deck.language) | _sides(each, deck, names) | {"of": note.id, "number": note.number}


def _gist(note: Note) -> JsonObject:
    """Return what a note has on the cheat sheet, nothing where it has no gist."""
    lines = [make_nodes(line, _WIDEST_WORD) for line in note.gist[:MOST_POINTS]]
    return {"gist": {"title": _title(note.asked, note.id, _WIDEST_WORD), "lines": lines}} if lines else {}


def _split_table(text: RichText) -> Iterator[list[JsonObject | str]]:
    """Yield a table in parts that a column has room for, each with the table's head.

    Of a table whose words a column would break to bits, the rows are text.
    """
    for table in (node for node in text.nodes if isinstance(node, Table)):
        is_wide = _is_wide_comparison(table)
        made = _table(table, 1, _WIDEST_WORD) if is_wide else _fitting_table(table, 1, _WIDEST_COMPARISON)
        head = [part for part in made["c"] if part["t"] == "thead"]

        def print_rows(*parts: JsonObject, made: JsonObject = made, is_wide: bool = is_wide) -> JsonObject:
            shown = {**made, "c": list(parts)}
            return {"t": "rows", "c": replace_by_words([shown])} if is_wide else shown

        for rows in _fill(made, lambda row: height_of([print_rows({"t": "tbody", "c": [row]})], _COLUMN)):
            yield [print_rows(*head, {"t": "tbody", "c": rows})]


def _is_wide_comparison(table: Table) -> bool:
    if count_columns(table) > MOST_COLUMNS:
        return True
    return sum(list_least_widths(_table(table, 1, _LEAST_OF_WORD))) > _WIDEST_COMPARISON


def _fill(table: JsonObject, height: Callable[[JsonObject], float]) -> Iterator[list[JsonObject]]:
    """Yield the rows below a table's head, as many at a time as stand together; once nothing where it has none."""
    together: list[JsonObject] = []
    used = 0.0
    for row in (row for part in table["c"] if part["t"] == "tbody" for row in part["c"]):
        high = height(row)
        if together and used + high > _HIGHEST_PART:
            yield together
            together, used = [], 0.0
        together.append(row)
        used += high
    yield together


def _sides(note: Note, deck: Deck, names: dict[str, Note]) -> JsonObject:
    """Return the sides of a note's printed cards, nothing where it has one that asks its text alone."""
    if is_plain(note) and not all(map(is_unheard, note.cards())):
        return {}

    def make_field(field: Field, content: Any) -> list[JsonObject | str]:
        return list_field_nodes(_field(field, content, names))

    def tell_field(field: Field, content: Any) -> list[JsonObject | str]:
        lead = _split_answer(content, field, deck.language) if field.holds is Holds.LINE else None
        return lead or make_field(field, content)

    sides = make_sides(note, deck, make_nodes, make_field, tell_field)
    return {"sides": [{**side, "short": _shorten(side["short"], note.id)} for side in sides]}


def _field(field: Field, content: Any, names: dict[str, Note]) -> JsonObject:
    made = {"label": field.label, "holds": str(field.holds), "value": _value(field, content, names)}
    return made | ({"folded": True} if field.is_folded else {})


def _value(field: Field, content: Any, names: dict[str, Note]) -> Any:  # noqa: PLR0911 - one for each kind of content
    match field.holds:
        case Holds.LINE | Holds.TEXT | Holds.CLOZE | Holds.HTML | Holds.PICTURE | Holds.AUDIO:
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
            return _code(content.block)
        case Holds.OUTPUT:
            return break_words(content.expandtabs(_TAB), LONGEST_CODE, _count)
        case Holds.LINKS:
            return [
                {"title": link.title.replace("`", ""), "said": _say_title(link.title), "url": link.url}
                for link in content
            ]
        case Holds.NUMBER | Holds.ONE_OF:
            return str(content)
        case Holds.IDS:
            return [
                {"id": name, "number": names[name].number, "name": _shorten(names[name].asked.one_line, name)}
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


def _recall(note: Note, names: dict[str, Note]) -> JsonObject:
    """Return a recall note: a question and an answer, printed beside each other like cells, or a cloze text."""
    fields = _fields(note, names)
    if note.answer is None:
        return {"question": [], "answer": [], "cloze": make_nodes(note.asked), "fields": fields}
    question, answer = (make_nodes(side) for side in (note.asked, note.answer))
    return {"question": question, "answer": answer, "cloze": None, "fields": fields}


def _fields(note: Note, names: dict[str, Note]) -> list[JsonObject]:
    """Return the fields of a note, but for what it asks and answers."""
    asked = next(field for field in note.note_type.asked if field.key in note.contents)
    # A picture is not what its name says in its place.
    taken = (*((asked,) if asked.holds is not Holds.OCCLUSION else ()), *note.note_type.answered)
    asked_too = [field for field, _ in note.front()]
    return [
        _field(field, content, names) | ({"asked": True} if field in asked_too else {})
        for field, content in (*note.front(), *note.back())
        if field not in taken
    ]


def _name(note: Note) -> str | None:
    """Return the heading for a question without words: the description of its picture or sound, or its id.

    Others need none.
    """
    nodes = tuple(walk(note.asked.nodes))
    if any(isinstance(node, Formula | Ruby) or (isinstance(node, Text) and _can_be_seen(node.value)) for node in nodes):
        return None
    return note.asked.plain if _can_be_seen(note.asked.plain) else note.id


def _title(text: RichText, instead: str, longest_word: float = LONGEST_WORD) -> list[JsonObject | str]:
    """Return what a text is called in a line, with the words of its pictures in their place.

    Of one that shows no words, it is what stands `instead`.
    """
    name = text.name
    made = [_describe(node, longest_word) for node in make_nodes(name, longest_word)]
    if any(map(is_block, made)):
        return [_shorten(name.plain, instead, longest_word)]
    return made if _can_be_seen(name.plain) else [instead]


def _describe(node: JsonObject | str, longest_word: float) -> JsonObject | str:
    if isinstance(node, str):
        return node
    if node["t"] in ("img", "masked"):
        return break_words(str(node["alt"]), longest_word)
    if node["t"] == "equation":
        return {**node, "t": "formula", "wide": True, "whole": True, "height": 0}
    if "c" in node and node["t"] != "ruby":
        return {**node, "c": [_describe(each, longest_word) for each in node["c"]]}
    return node


def _short(note: Note) -> str:
    """Return what a question is about in a line, for the further cards of a long one."""
    return _shorten(note.asked.one_line, note.id)


def _shorten(text: str, instead: str, longest_word: float = LONGEST_WORD) -> str:
    """Return a text as far as a line has room for it; of one without words what stands `instead`."""
    text = " ".join(text.split())
    if not _can_be_seen(text):
        return instead
    return break_words(text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…", longest_word)


def _can_be_seen(text: str) -> bool:
    return any(character.isprintable() and not character.isspace() for character in text)


def _code(block: CodeBlock) -> JsonObject:
    """Return code as lines. A line is a list of pieces: a text, or a list of a color, a text and, in a gap, True."""
    lines: list[list[str | list[Any]]] = [[]]
    for kind, text, is_gap in _pieces(block):
        color = next((name for name, kinds in _COLORS.items() if kind in kinds), "")
        first, *rest = text.expandtabs(_TAB).split("\n")
        _add(lines[-1], color, first, is_gap=is_gap)
        for line in rest:
            lines.append([])
            _add(lines[-1], color, line, is_gap=is_gap)
    return {"t": "pre", "lines": [break_line(line) for line in lines]}


def _pieces(block: CodeBlock) -> Iterator[tuple[str, str, bool]]:
    """Yield the kind and text of each piece of code, cut where deletions open and close, and whether it is in one."""
    cuts = [(place, 1 if opens else -1) for place, _, opens in list_cuts(block.content)]
    position = around = 0
    for kind, text in block.pieces or (Piece("", block.text),):
        while cuts and cuts[0][0] < position + len(text):
            place, step = cuts.pop(0)
            before, text = text[: place - position], text[place - position :]  # noqa: PLW2901 - what is left of it
            yield kind, before, around > 0
            position, around = place, around + step
        yield kind, text, around > 0
        position += len(text)


def _add(line: list[str | list[Any]], color: str, text: str, *, is_gap: bool) -> None:
    """Add a piece to a line, joined to the last piece where both look the same."""
    last = line[-1] if line else None
    if not text:
        return
    if is_gap:
        line.append([color, text, True])
    elif isinstance(last, list) and len(last) == 2 and (last[0] == color or not text.strip()):
        last[1] += text
    elif isinstance(last, str) and (not color or not text.strip()):
        line[-1] = last + text
    else:
        line.append([color, text] if color else text)


def break_line(pieces: list[str | list[Any]], longest_word: int = LONGEST_CODE) -> list[str | list[Any]]:
    """Return a line of code that may break inside long words, even those that consist of several pieces."""
    texts = [piece if isinstance(piece, str) else piece[1] for piece in pieces]
    words = re.finditer(rf"\S{{{longest_word + 1},}}", "".join(texts))
    places = [found.start() + place for found in words for place in list_breaks(found[0], longest_word, _count)]
    if not places:
        return pieces
    broken: list[str | list[Any]] = []
    start = 0
    for piece, text in zip(pieces, texts, strict=True):
        cuts = [place - start for place in places if start < place <= start + len(text)]
        parts = (text[one:other] for one, other in pairwise([0, *cuts, len(text)]))
        joined = BREAK.join(parts)
        broken.append(joined if isinstance(piece, str) else [piece[0], joined, *piece[2:]])
        start += len(text)
    return broken


def _count(_character: str) -> float:
    """Return how much of a line a character of code takes, whose characters are all as wide."""
    return 1.0


def _picture(picture: Media, file: str) -> JsonObject:
    """Return a picture's format and file. An SVG's text is there, too, until `take_pictures` makes a file of it."""
    kind = (sniff(picture.data) or "").removeprefix("image/").removesuffix("+xml")
    text = {"data": picture.data.decode("utf-8", "replace")} if kind == "svg" else {}
    return {"format": {"jpeg": "jpg"}.get(kind, kind), "file": file, **text}


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


def make_nodes(text: RichText | None, longest_word: float = LONGEST_WORD) -> list[JsonObject | str]:
    """Return a text as nodes: strings, and elements with a name `t`, children `c` and some attributes."""
    if not text:
        return []
    nodes = _nodes(text.nodes, longest_word=longest_word)
    return _speak(nodes, text.language) if text.language else nodes


def _speak(nodes: Sequence[JsonObject | str], language: str) -> list[JsonObject | str]:
    """Return nodes in a language: what stands in a line is in a node of that language, and blocks stay blocks."""
    name, region = _split(language)
    spoken: list[JsonObject | str] = []
    for is_of_blocks, group in groupby(nodes, is_block):
        if is_of_blocks:
            spoken += [_speak_in(node, language) for node in group if not isinstance(node, str)]
        else:
            spoken.append({"t": "lang", "lang": name, "region": region, "c": list(group)})
    return spoken


def _speak_in(block: JsonObject, language: str) -> JsonObject:
    if "c" not in block:
        return block
    if block["t"] in _STRUCTURES:
        return {**block, "c": [_speak_in(each, language) for each in block["c"] if not isinstance(each, str)]}
    return {**block, "c": _speak(block["c"], language)}


def _split(language: str) -> tuple[str, str | None]:
    """Return a language tag as Typst wants it: the language, and the region where the tag names one."""
    name, *rest = language.split("-")
    region = next((part for part in rest if len(part) == 2), None)
    return name.lower(), region.upper() if region else None


def _nodes(
    nodes: Sequence[Node], depth: int = 1, longest_word: float = LONGEST_WORD, *, is_code: bool = False
) -> list[JsonObject | str]:
    made: list[JsonObject | str] = []
    for node in keep_together(nodes):
        if isinstance(node, Paragraph) and node.is_tight:
            made += _nodes(node.children, depth, longest_word)
        elif isinstance(node, Paragraph) and any(
            isinstance(each, Formula) and each.is_display for each in node.children
        ):
            made += _parted(node, depth, longest_word)
        elif isinstance(node, Text | RawTag):
            text = _one_space(node.value if isinstance(node, Text) else node.source)
            for word in make_words(text, longest_word, is_code=is_code):
                if made and isinstance(last := made[-1], str) and isinstance(word, str):
                    made[-1] = last + word
                else:
                    made.append(word)
        else:
            made.append(_node(node, depth, longest_word, is_code=is_code))
    return made


def _node(  # noqa: PLR0911, PLR0912 - one for each kind of node
    node: Node, depth: int, longest_word: float, *, is_code: bool = False
) -> JsonObject:
    if isinstance(node, CodeBlock):
        return _code(node)
    if depth > _DEEPEST:
        return {"t": "p", "c": [break_words(_one_space(join_text([node])), longest_word)]}

    def element(name: str, children: Sequence[Node], **attributes: Any) -> JsonObject:
        inside = _nodes(children, depth + 1, longest_word, is_code=is_code or name in _CODE)
        return {"t": name, "c": inside, **attributes}

    match node:
        case List(first, items):
            return element("ul", items) if first is None else element("ol", items, start=first)
        case Item():
            return element("li", put_box(node).children)
        case Table():
            if count_columns(node) > MOST_COLUMNS:
                return {"t": "rows", "c": replace_by_words([_table(node, depth, LONGEST_WORD)])}
            return _fitting_table(node, depth)
        case ThematicBreak():
            return element("hr", ())
        case LineBreak():
            return element("br", ())
        case Picture(name, description):
            return element("img", (), src=name, alt=description)
        case Sound(description=description):
            return {"t": "sound", "c": [break_words(_one_space(description), longest_word)] if description else []}
        case Ruby(base, reading):
            # A long one could not be broken.
            is_short = max(len(base), len(reading) / 2) <= _LONGEST_RUBY
            return {"t": "ruby" if is_short else "in-parentheses", "c": [base, reading]}
        case Link(address, _, children):
            return element("a", children, **({} if is_active(address) else {"href": address}))
        case Formula():
            return _formula(node)
        case CodeSpan(content):
            return element("code", content)
        case Heading(level, children):
            return element(f"h{level}", children)
        case Styled(style, children):
            return element(style, children)
        case Quote(children):
            return element("blockquote", children)
        case Deletion(children=children):
            return element("mark", children)
        case Paragraph(children):
            return element("p", children)
        case _:
            raise TypeError(f"a {type(node).__name__} stands by itself")


def _parted(paragraph: Paragraph, depth: int, longest_word: float) -> list[JsonObject | str]:
    """Return a paragraph in parts: formulas on lines of their own, and the text before, between and behind them."""
    made: list[JsonObject | str] = []
    for is_apart, group in groupby(paragraph.children, lambda each: isinstance(each, Formula) and each.is_display):
        found = tuple(group)
        if is_apart:
            made += _nodes(found, depth, longest_word)
        elif any(not isinstance(each, Text) or each.value.strip() for each in found):
            made.append(_node(replace(paragraph, children=found), depth, longest_word))
    return made


def _formula(formula: Formula) -> JsonObject:
    """Return a formula as data, with the characters that take about as much room; its LaTeX where it cannot be set."""
    tree = read(formula.source, formula.gaps).tree
    if tree is None:
        return {"t": "code", "c": [break_words(_one_space(formula.signed), LONGEST_WORD)]}
    width, height = measure(tree)
    style = "display" if formula.is_display else "text"
    made: JsonObject = {"formula": write_formula(tree, style), "alt": formula.signed}
    room = ROOM * max(1, round(width / advance(ROOM)))
    if formula.is_display:
        return {"t": "equation", **made, "room": f"\n{room}\n", "lines": round(height, 1)}
    unbroken = [width] if not isinstance(tree, Group) else []
    if formula.gaps:
        unbroken += [measure(each)[0] for each in walk_formula(tree) if isinstance(each, Hidden)]
    is_wide = max(unbroken, default=0) > _WIDE_FORMULA
    is_whole = width <= _SHORT_FORMULA
    return {"t": "formula", **made, "room": room, "wide": is_wide, "whole": is_whole, "height": _height_in_line(tree)}


def _height_in_line(tree: FormulaNode) -> float:
    """Return about how high a formula is among words, in ems; 0 when it is hardly higher than these."""
    lines = measure(tree)[1]
    if lines <= _TALL_FORMULA:
        return 0.0
    # The parts of a fraction are small in a line, unless it is said to be as in a formula by itself.
    is_large = any(isinstance(each, Fraction) and each.is_display for each in walk_formula(tree))
    return round((0.95 if is_large else 0.6) * lines + 0.3, 2)


def _fitting_table(table: Table, depth: int, widest: float = _WIDEST_TABLE) -> JsonObject:
    """Return a table in which as few words may break as its width needs, with the least width of each column."""
    shared = limit_words(count_columns(table))
    room = widest - INDENT * (depth - 1)
    for longest_word in (LONGEST_WORD, *(shared * times / 4 for times in (8, 6, 5, 4, 3, 2, 1))):
        made = _table(table, depth, min(LONGEST_WORD, longest_word))
        least = list_least_widths(made)
        if sum(least) <= room:
            break
    return {**made, "least": [round(each, 2) for each in least]}


def _table(table: Table, depth: int, longest_word: float) -> JsonObject:
    parts = (("thead", "th", table.head), ("tbody", "td", table.body))
    return {
        "t": "table",
        "c": [
            {"t": part, "c": [_row(row, name, depth + 2, longest_word) for row in rows]}
            for part, name, rows in parts
            if rows
        ],
    }


def _row(row: Row, name: str, depth: int, longest_word: float) -> JsonObject:
    cells = [
        {"t": name, "c": _nodes(cell.children, depth + 2, longest_word)}
        | ({"align": cell.alignment} if cell.alignment else {})
        for cell in row.cells
    ]
    return {"t": "tr", "c": cells}


def _one_space(text: str) -> str:
    """Return a text as HTML shows it: any run of white space, line ends included, is one space."""
    return re.sub(r"[ \t\n\f\r]+", " ", text)
