"""Rules on characters: no control characters, and print fonts with a glyph for all that is printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from cardpress.diagnostics import Diagnostic, Span
from cardpress.formulas import list_words
from cardpress.markdown.entities import unescape
from cardpress.markdown.html_writer import CONTROL
from cardpress.markdown.tree import Formula, Link, Node, Picture, Place, RawTag, Ruby, Sound
from cardpress.markdown.tree import Text as TreeText
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Text
from cardpress.source.glyphs import find_missing
from cardpress.source.strings import list_printed
from cardpress.source.texts import list_markdown_texts, list_plain_texts

# More characters without a glyph are reported as one problem: most likely a script that no print font has.
_FEW = 5
# The script that a character's name begins with → the part of Noto Sans that has it.
_FONTS = {"HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR", "BOPOMOFO": "TC"}
# The fonts of Noto for other scripts, by the same words.
_OTHER_FONTS = {
    script.upper(): f"Noto Sans {script}"
    for script in (
        "Arabic Hebrew Devanagari Bengali Gujarati Gurmukhi Kannada Malayalam Tamil Telugu Thai Lao Khmer Myanmar "
        "Georgian Armenian Ethiopic Tibetan Sinhala Cherokee Mongolian"
    ).split()
}
_OTHER_FONTS["TIBETAN"] = "Noto Serif Tibetan"
# The Stream-Safe Text Format (UAX #15, 13) allows as many, far more than any language needs.
MOST_MARKS = 30
# Characters behind those of European languages, where marks begin.
_NOT_LATIN = re.compile(r"[^\x00-\u02ff]{31,}")


# In HTML that was made in Anki, others are as good as not there. Of these, browsers make another one, and Anki a field.
_IN_NO_HTML = re.compile("[\x00\x1f]")


def check_control_characters(bank: Bank) -> Iterator[Diagnostic]:
    """No text has control characters: they cannot be printed, and Anki separates the fields of a note with one."""
    for text in (*list_plain_texts(bank), *list_markdown_texts(bank), *bank.tags(), *_list_labels(bank)):
        if text.value.isprintable():
            continue
        for found in (_IN_NO_HTML if isinstance(text, HtmlText) else CONTROL).finditer(text.value):
            yield _control(found[0], text.place(found.start(), found.end()))
    for snippet in bank.snippets.values():
        for found in CONTROL.finditer(snippet.shown):
            start = snippet.file.text.index(found[0])
            yield _control(found[0], Span(snippet.file, start, start + 1))


def _list_labels(bank: Bank) -> Iterator[Text]:
    """Yield the texts of a project's own strings files."""
    return (Text(bank.strings.texts[english], entry.value) for english, entry in bank.strings.own.items())


def _control(character: str, span: Span) -> Diagnostic:
    name = f"U+{ord(character):04X}"
    return Diagnostic("control-character", span, f"a control character ({name}), which no card can show", "remove it")


def check_marks(bank: Bank) -> Iterator[Diagnostic]:
    """No character has more marks on it than any script writes, which takes programs very long to set."""
    for text in (*list_plain_texts(bank), *list_markdown_texts(bank), *_list_labels(bank)):
        if found := _find_marks(text.value):
            yield _too_many(text.place(*found), found)
    for snippet in bank.snippets.values():
        if found := _find_marks(snippet.shown):
            start = max(snippet.file.text.find(snippet.shown[slice(*found)]), 0)
            yield _too_many(Span(snippet.file, start, start + 1), found)


def _find_marks(text: str) -> tuple[int, int] | None:
    """Return the first place with too many marks after each other, None when there is none."""
    if text.isascii():
        return None
    for run in _NOT_LATIN.finditer(text):
        start = run.start()
        for position in range(run.start(), run.end() + 1):
            is_mark = position < run.end() and unicodedata.category(text[position])[0] == "M"
            if not is_mark:
                if position - start > MOST_MARKS:
                    return start, position
                start = position + 1
    return None


def _too_many(span: Span, found: tuple[int, int]) -> Diagnostic:
    message = f"{found[1] - found[0]:,} marks on one character; {MOST_MARKS} are allowed"
    return Diagnostic("too-many-marks", span, message, "remove those that are not meant")


def check_glyphs(bank: Bank) -> Iterator[Diagnostic]:
    """Every character that is printed has a glyph in a print font. One without is reported once, where it is first."""
    without = find_missing(_list_characters(bank), bank.fonts, bank.facts)
    found = _find_first(bank, without) if without else {}
    if len(found) > _FEW:
        first, *more = list(found)[:3]
        message = (
            f"no print font has {len(found)} of the deck's characters, such as {', '.join((first, *more))}: "
            "the PDFs print boxes"
        )
        hint = f"put a font that has them in source/fonts/{name_font(found, bank)}"
        yield Diagnostic("missing-glyph", found[first], message, hint)
        return  # who adds a font for these has one for the labels in the language, too
    for character, span in found.items():
        name = unicodedata.name(character, "a character without a name")
        message = f"no print font has {character} (U+{ord(character):04X}, {name.lower()}): the PDFs print a box"
        hint = f"put a font that has it in source/fonts/{name_font((character,), bank)}, or write it in another way"
        yield Diagnostic("missing-glyph", span, message, hint)
    yield from _find_labels(bank)


def _find_labels(bank: Bank) -> Iterator[Diagnostic]:
    """Yield a problem when labels are printed in English, for no print font has the letters of the deck's language."""
    printed = list_printed(bank.strings, bank.templates, bank.note_types.values())
    missing = find_missing("".join(printed.values()), bank.fonts, bank.facts)
    lacking = {english: text for english, text in printed.items() if not missing.isdisjoint(text)}
    if not lacking or bank.info is None:
        return
    first = next(
        (bank.strings.own[each].value for each in lacking if each in bank.strings.own), bank.info.language.span
    )
    language, text = bank.info.language.value, next(iter(lacking.values()))
    message = (
        f"no print font has {len(missing)} letters of labels in `{language}`, such as {text}: sheets have English ones"
    )
    hint = f"put a font that has them in source/fonts/{name_font(missing, bank)}"
    yield Diagnostic("missing-glyph", first, message, hint)


def name_font(characters: Iterable[str], bank: Bank) -> str:
    """Return words that name free fonts for scripts that have one of their own; none for others."""
    names = {unicodedata.name(character, "").partition(" ")[0] for character in characters}
    families = {family for name, family in _FONTS.items() if name in names}
    # Signs that all three write. Kana and Hangul tell which language it is.
    if "CJK" in names and not families:
        families = {family for language in _list_languages(bank) if (family := _find_family(language))} or {
            "SC, JP or KR"
        }
    others = sorted({_OTHER_FONTS[name] for name in names if name in _OTHER_FONTS})
    named = [f"Noto Sans {' and '.join(sorted(families))} (an .otf file)"] if families else []
    return f", such as the free {' and '.join((*named, *others))}" if named or others else ""


def _list_languages(bank: Bank) -> Iterator[str]:
    """Yield the languages that a deck says its texts are in."""
    if bank.info:
        yield bank.info.language.value
    yield from (field.language for note_type in bank.note_types.values() for field in note_type.fields)


def _find_family(language: str) -> str | None:
    """Return the part of Noto Sans that writes Chinese characters as a language does, None when it has none."""
    name, *rest = language.lower().split("-")
    if name in ("zh", "yue"):
        return "TC" if name == "yue" or {"hant", "tw", "hk", "mo"} & {*rest} else "SC"
    return {"ja": "JP", "ko": "KR"}.get(name)


def _list_characters(bank: Bank) -> set[str]:
    """Return all characters of the source that are not ASCII, those that are not printed, too."""
    labels = (label for note_type in bank.note_types.values() for label, _ in note_type.labels())
    texts = (text.value for text in (*list_plain_texts(bank), *list_markdown_texts(bank)))
    shown = (snippet.shown for snippet in bank.snippets.values())
    return {character for text in chain(labels, texts, shown) for character in _unusual(text)}


def _unusual(text: str) -> Iterator[str]:
    """Yield each character of a text once that is not ASCII."""
    whole = unescape(text) if "&" in text else text
    return iter(()) if whole.isascii() else (each for each in dict.fromkeys(whole) if not each.isascii())


def _find_first(bank: Bank, wanted: frozenset[str]) -> dict[str, Span]:
    """Return where each of these characters is first printed, in the order of the source."""
    found: dict[str, Span] = {}
    for note_type in bank.note_types.values():
        for label, place in note_type.labels():
            found |= {character: place for character in label if character in wanted and character not in found}
    for text in (*list_plain_texts(bank), *list_markdown_texts(bank)):
        new = [each for each in _unusual(text.value) if each in wanted and each not in found]
        found |= _find_printed(text, new) if new else {}
    for snippet in bank.snippets.values():
        for character in _unusual(snippet.shown):
            if character in wanted and character not in found and character in snippet.shown:
                start = snippet.file.text.index(character)
                found[character] = Span(snippet.file, start, start + 1)
    return found


def _find_printed(text: Text, characters: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """Yield those characters that a text prints, each with its place, and none of a file's name or an address alone."""
    unseen: list[Place] = []
    if isinstance(text, MarkdownText):
        nodes = tuple(text.document.walk())
        printed = {character for node in nodes for character in _printed(node)}
        characters = (character for character in characters if character in printed)
        unseen = [node.place for node in nodes if isinstance(node, Picture | Sound)]
        unseen += [node.address_place for node in nodes if isinstance(node, Link)]
    for character in characters:
        places = (found.start() for found in re.finditer(re.escape(character), text.value))
        seen = (place for place in places if not any(start <= place < end for start, end in unseen))
        place = next(seen, None)
        # One that is written as an entity has no place of its own.
        yield character, text.span if place is None else text.place(place, place + 1)


def _printed(node: Node) -> str:
    match node:
        case TreeText(value):
            return value
        case RawTag(source=source):
            return source
        case Sound(description=description):
            return description
        case Ruby(base, reading):
            return base + reading
        case Formula():
            return list_words(node.source)
        case _:
            return ""
