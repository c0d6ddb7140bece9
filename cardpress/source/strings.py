"""The engine's own texts for readers, in the deck's language: labels, buttons and hints.

Each is known by its English words, which also stand where a language lacks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cardpress.diagnostics import SourceFile, Span
from cardpress.note_types import Holds, NoteType
from cardpress.source.languages import is_right_to_left

# A label in a card template or a style.
LABEL = re.compile(r"@@label:([^@{}<>]+)@@")
# A text in a print template.
_QUOTED = re.compile(r'"([^"\n]*)"')
PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# First-strong isolate and its end (UAX #9): what stands between them keeps its own direction.
_ISOLATE, _END = "\u2068", "\u2069"
# The script that a language is written in when its tag names none, for the languages that we have texts in.
_USUAL_SCRIPTS = {"ar": "arab", "de": "latn", "en": "latn", "es": "latn", "fr": "latn", "ja": "jpan", "pt": "latn"}
_USUAL_SCRIPTS["zh"] = "hans"
# Where Chinese is written in traditional characters.
_TRADITIONAL = frozenset({"hk", "mo", "tw"})


class Entry(NamedTuple):
    """Where a project's file has a text: the English words, and what stands for them."""

    key: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts in a language, by their English words. `own` has the places of those that the project brings.

    `known` are the English words of all that the engine itself writes, and `files` those that have texts in the
    language, and all of the project, by their paths below templates/.
    """

    language: str = "en"
    texts: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Entry] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()

    def __call__(self, english: str, **values: object) -> str:
        """Return a text in the language, with these values in place of `{n}` and the like."""
        text = self.texts.get(english, english)
        if not values:
            return text
        before, after = (_ISOLATE, _END) if is_right_to_left(self.language) else ("", "")
        return fill(text, values, write=lambda value: f"{before}{value}{after}")

    @property
    def untranslated(self) -> frozenset[str]:
        """The English words of the engine's own texts that stand in a deck of another language."""
        return frozenset() if self.language.lower().split("-")[0] == "en" else self.known - self.texts.keys()


def fill(text: str, values: Mapping[str, object], write: Callable[[object], str] = str) -> str:
    """Return a text with values in its placeholders, each as `write` writes it."""
    return PLACEHOLDER.sub(lambda found: write(values[found[1]]) if found[1] in values else found[0], text)


def fill_style(strings: Strings, style: str) -> str:
    """Return CSS with its labels, `content: "@@label:Sources@@"`. Nothing in one can end a text, or begin anything."""

    def escaped(character: str) -> str:
        is_plain = character == " " or character.isalnum() or character > "\x7f"
        return character if is_plain else f"\\{ord(character):x} "

    return LABEL.sub(lambda place: "".join(map(escaped, strings(place[1]))), style)


def list_files(language: str) -> tuple[str, ...]:
    """Return the names, without `.yaml` and in lower case, of the files with texts for a language tag.

    The most general one comes first: for `pt-BR` these are `pt` and `pt-br`. A script that the language is not usually
    written in has no texts in another: `zh-Hant` takes none of `zh`, nor does `zh-TW`, which is written so.
    """
    name, *rest = language.lower().split("-")
    usual = _USUAL_SCRIPTS.get(name)
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    if name == "zh" and script is None and not _TRADITIONAL.isdisjoint(rest):
        script = "hant"
    tags = ["-".join((name, *rest[:length])) for length in range(len(rest) + 1)]
    if script and usual and script != usual:
        tags = [f"{name}-{script}", *(tag for tag in tags if tag != name)]
    return tuple(dict.fromkeys(tags))


def list_labels(note_type: NoteType) -> Iterator[str]:
    """Yield what readers see of a note type: names of cards where it has several, labels, and values of a few."""
    if len(note_type.cards) > 1:
        yield from (card.name for card in note_type.cards)
    for each in note_type.keyed:
        yield from (label for label in (each.label, *(part.label for part in each.parts)) if label)
        if each.holds is Holds.ONE_OF:
            yield from (*each.values, each.key_in_words)


def list_printed(
    strings: Strings, templates: Mapping[str, SourceFile], note_types: Iterable[NoteType]
) -> dict[str, str]:
    """Return what sheets can say in the deck's language, by the English words: of their own, and labels of fields."""
    sheets = (file.text for name, file in templates.items() if name.endswith(".typ"))
    words = {word for sheet in sheets for word in _QUOTED.findall(sheet)}
    words.update(*map(list_labels, note_types))
    return {english: strings.texts[english] for english in sorted(words & strings.texts.keys())}


def list_placeholders(text: str) -> frozenset[str]:
    """Return the placeholders of a text, such as `{n}`."""
    return frozenset(f"{{{name}}}" for name in PLACEHOLDER.findall(text))


def join_names(names: Iterable[str]) -> str:
    """Return placeholders for a message, in their order."""
    return ", ".join(f"`{name}`" for name in sorted(names))
