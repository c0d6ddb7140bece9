"""templates/strings/ → the engine's texts in a deck's language, ours and over them those of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.source.bank import Text
from cardpress.source.languages import TAG
from cardpress.source.strings import Entry, Strings, join_names, list_files, list_placeholders
from cardpress.source.yaml.nodes import Mapping as MappingNode
from cardpress.source.yaml.nodes import Node, Scalar, compose
from cardpress.source.yaml.reading import LONGEST_LABEL, MAX_ENTRIES, Reader

FOLDER = "strings"
_FILE = re.compile(rf"{FOLDER}/{TAG}\.yaml")
# The file that has all that the engine writes.
_ALL = "en"


class StringFiles(NamedTuple):
    """The files below templates/strings/, by their paths below templates/: the engine's, and a project's."""

    ours: Mapping[str, SourceFile]
    own: Mapping[str, SourceFile]


def is_string_file(path: str) -> bool:
    """Return whether a file below templates/ has texts in a language."""
    return _FILE.fullmatch(path) is not None


def read_strings(files: StringFiles, language: str) -> tuple[Strings, tuple[Diagnostic, ...]]:
    """Return the texts in a language, and every problem with a project's files."""
    reader = Reader()
    chain = list_files(language)
    known = frozenset(_read_ours(files.ours, _ALL))
    texts = {key: text for tag in chain if tag != _ALL for key, text in _read_ours(files.ours, tag).items()}
    own: dict[str, Entry] = {}
    by_tag = dict(reversed([(_tag_of(path), path) for path in sorted(files.own)]))
    for path in sorted(files.own):
        if _tag_of(path) not in chain or by_tag[_tag_of(path)] != path:
            reader.diagnostics.append(_unused(path, files.own[path], language))
    for tag in chain:
        if tag in by_tag:
            for key, value, entry in _read_own(files.own[by_tag[tag]], by_tag[tag], reader):
                texts[key], own[key] = value, entry
    paths = (*(path for path in files.ours if _tag_of(path) in chain), *sorted(files.own))
    return Strings(language, texts, own, known, paths), tuple(reader.diagnostics)


def _tag_of(path: str) -> str:
    return PurePosixPath(path).stem.lower()


def _read_ours(files: Mapping[str, SourceFile], tag: str) -> dict[str, str]:
    file = next((file for path, file in files.items() if _tag_of(path) == tag), None)
    node = compose(file)[0] if file else None
    pairs = node.pairs if isinstance(node, MappingNode) else ()
    return {key.value: value.value for key, value in pairs if isinstance(value, Scalar)}


def _read_own(file: SourceFile, path: str, reader: Reader) -> Iterator[tuple[str, str, Entry]]:
    node, problems = compose(file)
    reader.diagnostics.extend(problems)
    if node is None and not problems:
        hint = "write English texts and what stands for them, such as `Key points: …`"
        reader.report("empty-text", Span(file), f"templates/{path} is empty", hint)
    elif isinstance(node, MappingNode):
        if len(node.pairs) > MAX_ENTRIES:
            message = f"{len(node.pairs):,} texts; {MAX_ENTRIES:,} are allowed"
            reader.report("text-too-long", node.pairs[MAX_ENTRIES][0].span, message, "remove those that nothing uses")
        for key, value in node.pairs[:MAX_ENTRIES]:
            text = None if _is_too_long(key, value, reader) else reader.text(value, key.value)
            if text is not None and _is_sound(key.value, text, reader):
                yield key.value, text.value.strip(), Entry(key.span, text.span)
    elif node is not None:
        hint = "write English texts and what stands for them, such as `Key points: …`"
        reader.wrong_type(node, "a mapping of texts", hint)


def _is_too_long(key: Scalar, value: Node, reader: Reader) -> bool:
    for each in (key, value):
        if isinstance(each, Scalar) and len(each.value) > LONGEST_LABEL:
            message = f"a label of {len(each.value):,} characters; {LONGEST_LABEL} are allowed"
            reader.report("text-too-long", each.span, message, "shorten it")
            return True
    return False


def _is_sound(key: str, text: Text, reader: Reader) -> bool:
    wanted, found = list_placeholders(key), list_placeholders(text.value)
    if wanted == found:
        return True
    if missing := wanted - found:
        message = f"`{text.value}` lacks {join_names(missing)} of `{key}`"
        hint = "write what stands in braces as in the English text: numbers and names are put there"
    else:
        message = f"`{key}` has no {join_names(found - wanted)}"
        hint = f"it has {join_names(wanted)}" if wanted else "remove it: nothing is put there"
    reader.report("label-placeholder", text.span, message, hint)
    return False


def _unused(path: str, file: SourceFile, language: str) -> Diagnostic:
    message = f"nothing uses templates/{path}: the deck's `language` is `{language}`"
    hint = f"rename it to templates/{FOLDER}/{language}.yaml, or remove it"
    return Diagnostic("unused-template", Span(file), message, hint)
