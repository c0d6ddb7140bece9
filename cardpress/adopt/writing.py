"""The texts of a new project's files: YAML, tables and ids, as an author would write them and as ours reads them back.

What is written here is read back to the very same values, whatever they hold. A table alone cannot hold everything:
`can_be_cell` says what it can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import yaml

from cardpress.source.slugs import MAX_SLUG, make_slug

# What YAML is written from.
Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]

# Columns that a line has, with what is written in braces or brackets; a text that needs quotes stands below `|` where
# it is longer than that.
_WIDTH = 118
_LONGEST_QUOTED = 80
# Of an id, without the number behind it.
_LONGEST_STEM = 48
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
# A text that can stand without quotes, also in braces and brackets.
_PLAIN = re.compile(
    r"[^\s\-?:,\[\]{}#&*!|>'\"%@`\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*"
)
_NOT_PLAIN = re.compile(r":(?:\s|\Z)|\s#|\s\Z")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}]|:[,\[\]{}]")
# What no text below `|` keeps, and what an editor does not show.
_NOT_IN_BLOCK = re.compile("[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_QUOTES = re.compile("[^ !#-\\[\\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Where a word ends that another one follows without a space. In `PoS` and `iPhone` none does.
_WORD_END = re.compile(r"(?<=[a-z][a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NOT_IN_CELL = re.compile("[\x00\r]")
_NEEDS_QUOTES = re.compile(r'[,;\t\n"]|\A\s|\s\Z')


def write_yaml(value: Mapping[str, Value] | Sequence[Value]) -> str:
    """Return a mapping or a list as YAML, a key or an entry a line.

    What is in it stands in braces or brackets where it is short, and a text with lines below `|`.
    """
    return "".join(f"{line}\n" for line in _list_lines(value, ""))


def write_entries(entries: Iterable[Mapping[str, Value]]) -> str:
    """Return a list of mappings as YAML, such as the questions of a section: a key a line, and an empty line between
    two of them. No entries are an empty list.
    """
    written = ["\n".join(_list_lines([each], "", is_open=True)) for each in entries]
    return "\n\n".join(written) + "\n" if written else "[]\n"


def _list_lines(value: Mapping[str, Value] | Sequence[Value], indent: str, *, is_open: bool = False) -> Iterable[str]:
    """Yield the lines of a mapping or a list. `is_open` says that an entry has a line for each of its keys."""
    if not value:
        yield f"{indent}{{}}" if isinstance(value, Mapping) else f"{indent}[]"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _list_pair(f"{indent}{_write_line(key)}:", inner, indent)
    else:
        for inner in value:
            yield from _list_entry(inner, indent, is_open=is_open)


def _list_pair(lead: str, value: Value, indent: str) -> Iterable[str]:
    if isinstance(value, str):
        yield from _list_text(lead, value, f"{indent}  ")
    elif isinstance(value, int):
        yield f"{lead} {_write_number(value)}"
    elif (short := _write_short(value, _WIDTH - len(lead) - 1)) is not None:
        yield f"{lead} {short}"
    else:
        yield lead
        yield from _list_lines(value, f"{indent}  ")


def _list_entry(value: Value, indent: str, *, is_open: bool) -> Iterable[str]:
    if isinstance(value, str):
        yield from _list_text(f"{indent}-", value, f"{indent}  ")
        return
    if isinstance(value, int):
        yield f"{indent}- {_write_number(value)}"
        return
    short = None if is_open else _write_short(value, _WIDTH - len(indent) - 2)
    if short is not None:
        yield f"{indent}- {short}"
        return
    first, *others = _list_lines(value, f"{indent}  ")
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from others


def _list_text(lead: str, text: str, indent: str) -> Iterable[str]:
    line = _write_line(text)
    # Below `|`, empty lines behind a text would be those between two entries.
    has_block = text.strip() != "" and not text.endswith("\n\n") and not _NOT_IN_BLOCK.search(text)
    if not has_block or ("\n" not in text and (line == text or len(text) <= _LONGEST_QUOTED)):
        yield f"{lead} {line}"
        return
    body = text.removesuffix("\n")
    ending = "-" if body == text else ""
    # A number says how far the text is indented where its first line does not.
    columns = "2" if text[0].isspace() else ""
    yield f"{lead} |{columns}{ending}"
    yield from (f"{indent}{each}" if each else "" for each in body.split("\n"))


def _write_short(value: Value, width: int) -> str | None:
    """Return what fits into a line, in braces or brackets where it has parts; None where it does not fit.

    A list of anything but texts and numbers does not.
    """
    if isinstance(value, str):
        if "\n" in value:
            return None
        short = _write_line(value, in_flow=True)
    elif isinstance(value, int):
        short = _write_number(value)
    elif isinstance(value, Mapping):
        parts = [(key, _write_short(inner, width)) for key, inner in value.items()]
        if any(inner is None for _, inner in parts):
            return None
        short = f"{{{', '.join(f'{_write_line(key, in_flow=True)}: {inner}' for key, inner in parts)}}}"
    else:
        if value and not all(isinstance(inner, str | int) for inner in value):
            return None
        entries = [_write_short(inner, width) for inner in value]
        if any(entry is None for entry in entries):
            return None
        short = f"[{', '.join(map(str, entries))}]"
    return short if len(short) <= width else None


def _write_number(value: int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write_line(text: str, *, in_flow: bool = False) -> str:
    """Return a text as it stands in a line: without quotes where YAML needs none, else in those that need no escape."""
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text) and not (in_flow and _NOT_IN_FLOW.search(text)):
        resolvers = (*_RESOLVERS.get(text[0], ()), *_RESOLVERS.get(None, ()))
        if not any(pattern.match(text) for _, pattern in resolvers):
            return text
    if not _NOT_IN_QUOTES.search(text):
        return f'"{text}"'
    if not _NOT_IN_BLOCK.search(text) and "\n" not in text and "\t" not in text and ("'" not in text or '"' in text):
        return "'" + text.replace("'", "''") + "'"
    return f'"{_NOT_IN_QUOTES.sub(lambda found: _escape(found[0]), text)}"'


def _escape(character: str) -> str:
    """Return a character as it stands in double quotes. Numbers are no letters, which may seem to be a command's."""
    if character in '"\\':
        return f"\\{character}"
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def split_words(name: str) -> str:
    """Return the name of a field with spaces between its words: `ExpressionReading` becomes `Expression Reading`."""
    return _WORD_END.sub(" ", name)


def can_be_cell(text: str) -> bool:
    """Return whether a table can hold a text: not if it has a carriage return, or nothing but white space."""
    return text == "" or (not _NOT_IN_CELL.search(text) and text.strip() != "")


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as CSV, the first one with the names of the columns."""
    return "".join(f"{','.join(map(_write_cell, row))}\n" for row in rows)


def _write_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


class Ids:
    """Makes ids of texts, each only once: `My Café!` becomes `my-cafe`, and the next one `my-cafe-2`.

    Of several texts the first one with letters that ids have is taken: of a note in Chinese, the reading perhaps. Where
    none has any, it is `otherwise` with a number.
    """

    def __init__(self, otherwise: str, taken: Iterable[str] = ()) -> None:
        self._otherwise = otherwise
        self._taken = set(taken)
        self._counts: Counter[str] = Counter()

    def make(self, text: str, others: Iterable[str] = ()) -> str:
        """Return the id of a text, or of the first of others. It is no other's, and keeps whole words of a long one."""
        stems = filter(None, (make_slug(each[: 4 * MAX_SLUG], "") for each in chain((text,), others)))
        stem = next(stems, "")
        if stem.replace("-", "").isdecimal():
            stem = next((each for each in stems if not each.replace("-", "").isdecimal()), stem)
        if len(stem) > _LONGEST_STEM:
            stem = stem[: _LONGEST_STEM + 1].rpartition("-")[0] or stem[:_LONGEST_STEM]
        made = stem
        stem = stem or self._otherwise
        while made in self._taken or not made:
            self._counts[stem] += 1
            # The first one of a text is without a number, unless nothing else is left of it.
            made = f"{stem}-{self._counts[stem] + (stem != self._otherwise)}"
        self._taken.add(made)
        return made
