"""templates/note-types/ → the note types that can be used, and the keys that a note of each may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import propose
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.note_types import Field, Holds, NoteType, OfQuestion
from cardpress.source.bank import Text
from cardpress.source.note_types.declarations import read_declaration
from cardpress.source.yaml.nodes import compose
from cardpress.source.yaml.reading import Reader, Shape

FOLDER = "note-types"
_FILE = "note-type.yaml"
_KIND = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
# Keys that authors look for; a picture stands in a text.
_PICTURES = ("picture", "pictures", "image", "images", "img", "photo")

# Keys that make a question of its own.
_ALONE = {
    "cloze": "a text with gaps asks by itself: remove what else is asked, or give it an entry of its own",
    "occlude": "a picture with masks asks by itself: write what stands above it under `header`",
}
# What authors call the parts of a question, and its lines on the cheat sheet.
_PARTS = ("parts", "subquestions", "sub_questions")
_GISTS = ("cheatsheet", "cheat_sheet", "cheat-sheet")


class Declared(NamedTuple):
    """The note types that can be used, by kind, and the kinds of those whose declarations are broken."""

    note_types: dict[str, NoteType]
    broken: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def read_note_types(texts: Mapping[str, SourceFile], declarations: Mapping[str, SourceFile], own: Set[str]) -> Declared:
    """Return what `declarations` declares, and every problem found.

    Both are files by their path below templates/; `texts` has the card templates and styles, `own` the paths of what a
    project declares itself.
    """
    reader = Reader()
    found: dict[str, NoteType] = {}
    belows: dict[str, tuple[Text, ...]] = {}
    kinds = {PurePosixPath(path).parent.name: (path, file) for path, file in sorted(declarations.items())}
    for kind, (path, file) in kinds.items():
        one = Reader()  # of its own, since a reader keeps a bounded number of problems
        node, problems = compose(file)
        one.diagnostics.extend(problems)
        if not _KIND.fullmatch(kind):
            hint = "name the folder with lowercase letters, digits and hyphens, such as `my-word`"
            one.report("bad-note-type", Span(file), f"`{kind}` cannot be the name of a note type", hint)
        elif node is None and not problems:
            one.report("empty-text", Span(file), f"templates/{path} is empty", "write its keys: title, fields, cards")
        elif node is not None:
            note_type, belows[kind] = read_declaration(node, one, kind, file, texts, is_own=path in own)
            if note_type is not None and not one.diagnostics:
                found[kind] = note_type
        reader.diagnostics.extend(one.diagnostics)
    for kind, note_type in list(found.items()):
        below = tuple(_list_below(belows[kind], kinds, found, reader))
        found[kind] = replace(note_type, below=below, is_whole=len(below) == len(belows[kind]))
    if len(found) == len(kinds):
        _check_facts_of_questions(found, reader)
    return Declared(found, frozenset(kinds) - set(found), tuple(reader.diagnostics))


def _list_below(
    named: Sequence[Text], kinds: Iterable[str], found: Mapping[str, NoteType], reader: Reader
) -> Iterable[str]:
    for text in named:
        if text.value in found:
            yield text.value
        elif text.value not in kinds:
            otherwise = f"declare it in templates/{FOLDER}/{text.value}/{_FILE}"
            hint = propose(text.value, sorted(kinds), otherwise)
            reader.report("bad-note-type", text.span, f"there is no note type `{text.value}`", hint)


def _check_facts_of_questions(found: Mapping[str, NoteType], reader: Reader) -> None:
    """Report a field for a value of the question above, where no question has such a key."""
    keys = sorted({field.key for note_type in found.values() for field in note_type.keyed})
    for field in (field for note_type in found.values() for field in note_type.fields):
        if isinstance(field.holds, OfQuestion) and field.holds.key not in keys and field.place:
            message = f"no note type has the key `{field.holds.key}`, so this field would always be empty"
            hint = propose(field.holds.key, keys, "name a key of the questions that these notes stand below")
            reader.report("bad-note-type", field.place, message, hint)


def is_declaration(path: str) -> bool:
    """Return whether a file below templates/ declares a note type."""
    return re.fullmatch(rf"{FOLDER}/[^/]+/{re.escape(_FILE)}", path) is not None


def can_be_kind(name: str) -> bool:
    """Return whether a note type may be called so."""
    return _KIND.fullmatch(name) is not None


def name_declaration(kind: str) -> str:
    """Return where a project declares a note type of its own."""
    return f"templates/{FOLDER}/{kind}/{_FILE}"


def make_shape(note_type: NoteType, *, is_below: bool = False) -> Shape:
    """Return the keys that a note of a type may have. One below a question has no notes below itself."""
    keyed = note_type.written
    required = {field.key: field.meaning for field in keyed if field.is_required}
    optional = {field.key: field.meaning for field in keyed if not field.is_required}
    shared = {"tags": "A list of Anki tags, `::` between levels: `http::status`. No spaces, at most 60 characters."}
    if (note_type.below or not note_type.is_whole) and not is_below:
        shared["recall"] = "A list of notes of one fact each: see [Recall notes](#recall-notes)."
    if not is_below:
        shared["gist"] = "At most five short lines for the cheat sheet (Markdown): see [Cheat sheet](#cheat-sheet)."
    shared["allow"] = "A list of warnings that it may cause, such as `[no-source]`: see [Checks](#checks)."
    shared["retired"] = "Why it is no longer asked: see [Retirement](#retirement)."
    shared["guid"] = "What Anki knows it by, where learners have it already: see [Adopted decks](#adopted-decks)."
    shared["note_type"] = "The kind of note, when it is not that of the section."
    identity = {"id": "The permanent id, unique among questions and recall notes: see [Ids](#ids)."}
    instead = dict.fromkeys(_PICTURES, "write `![what it shows](file.png)` in a text") | _ALONE
    snippet = next((field.key for field in keyed if field.holds is Holds.SNIPPET), None)
    if snippet:
        instead["code"] = f"put it into a file of source/snippets/, and write the file's name under `{snippet}`"
    if "question" in required:
        instead |= dict.fromkeys(_PARTS, "number them below its sentence, in `question: |`: `1. …`, `2. …`")
    instead |= dict.fromkeys(("comparison", "comparisons"), "write it in deck.yaml, under `comparisons`")
    if is_below:
        instead["gist"] = "write it at the question, beside `recall`"
    else:
        instead |= {name: did_you_mean(name, "gist") for name in _GISTS}
    if any(field.holds is Holds.OCCLUSION for field in keyed):
        if "header" in optional | required:
            instead["question"] = "write `header` in place of `question`, above a picture with masks"
        instead["answer"] = "remove it; what a mask hides is its `label`"
    personal = frozenset(field.key for field in note_type.personal)
    reasons = {field.key: explain_required(field) for field in keyed if field.is_required}
    return Shape(note_type.noun, identity | required, optional | shared, instead, personal, reasons=reasons)


def explain_required(field: Field) -> str:
    """Return why each note has a field where its declaration does not say so, after `a word has no `plural``."""
    return "" if field.is_demanded else ", which the first card asks"


def make_pair_shape(field: Field) -> Shape:
    """Return the keys of each pair that a field holds."""
    return Shape(field.noun or "a pair", {part.key: part.meaning for part in field.parts})
