"""From YAML nodes to typed values: each helper gives the value, or reports the problem and gives nothing."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from cardpress.diagnostics import Diagnostic, Span
from cardpress.model import Text
from cardpress.nodes import Mapping, Node, Scalar, Sequence

T = TypeVar("T")

_NAMES = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys that a kind of mapping may have, and those it must have."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, required ones first."""
        return self.required + self.optional


def quoted(value: str) -> str:
    """Write a value as a YAML text that needs no thought."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class Reader:
    """Collects the problems met while reading; nothing stops at the first."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, code: str, span: Span, message: str, help_line: str) -> None:
        """Add a problem."""
        self.diagnostics.append(Diagnostic(code, span, message, help_line))

    def wrong_type(self, node: Node, wanted: str, help_line: str) -> None:
        """Report a node that is of another kind than the format wants."""
        self.report("wrong-type", node.span, f"expected {wanted}, found {_NAMES[type(node)]}", help_line)

    def text(self, node: Node, key: str, *, may_be_empty: bool = False) -> Text | None:
        """Read a text; an unquoted number, date, truth value or null is a mistake whose fix is to quote it."""
        if not isinstance(node, Scalar):
            self.wrong_type(node, f"a text for `{key}`", _as_text(node, key))
            return None
        if node.kind != "text":
            if node.kind == "null" and node.value == "":
                self.report("empty-text", node.span, f"`{key}` is empty", f"write a text after `{key}:`, or remove it")
            else:
                message = f"`{key}` wants a text, but YAML reads {node.value} as a {node.kind}"
                self.report("text-expected", node.span, message, f"quote it: {quoted(node.value)}")
            return None
        if not node.value.strip() and not may_be_empty:
            self.report("empty-text", node.span, f"`{key}` is empty", f"write a text after `{key}:`, or remove the key")
            return None
        return Text(node.value, node.span)

    def items(self, node: Node, key: str) -> tuple[Node, ...]:
        """Read a list's entries."""
        if isinstance(node, Sequence):
            return node.items
        self.wrong_type(node, f"a list for `{key}`", f"put each entry on a line of its own below `{key}:`, after `- `")
        return ()

    def fields(self, node: Node, shape: Shape) -> Fields | None:
        """Read a mapping of the given shape: unknown keys and missing ones are reported here."""
        if not isinstance(node, Mapping):
            example = ", ".join(f"{key}: …" for key in shape.required)
            self.wrong_type(node, f"a mapping for {shape.name}", f"write its keys: {example}")
            return None
        values: dict[str, Node] = {}
        for key, value in node.pairs:
            if key.value in shape.keys:
                values[key.value] = value
            else:
                self.unknown_key(key, shape)
        for key_name in shape.required:
            if key_name not in values:
                where = node.pairs[0][0].span if node.pairs else node.span
                self.report("missing-key", where, f"{shape.name} has no `{key_name}`", f"add `{key_name}: …`")
        return Fields(self, values)

    def unknown_key(self, key: Scalar, shape: Shape) -> None:
        """Report a key that the format does not have, with the one it is most like."""
        # A key of another case or with another joint is the same word to a person.
        plain = re.sub(r"[\s_-]+", "_", key.value.strip().lower())
        close = difflib.get_close_matches(plain, shape.keys, n=1, cutoff=0.6)
        hint = f"did you mean `{close[0]}`?" if close else f"it may have: {', '.join(shape.keys)}"
        self.report("unknown-key", key.span, f"{shape.name} has no key `{key.value}`", hint)


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of one mapping, read on request."""

    reader: Reader
    values: dict[str, Node]

    def text(self, key: str) -> Text | None:
        """Read a text, None when the key is absent or its value unusable."""
        return self.reader.text(self.values[key], key) if key in self.values else None

    def texts(self, key: str) -> tuple[Text, ...]:
        """Read a list of texts."""
        return present(self.each(key, lambda node: self.reader.text(node, f"{key} entry")))

    def each(self, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read a list with `read` for every entry."""
        if key not in self.values:
            return ()
        return tuple(read(node) for node in self.reader.items(self.values[key], key))

    def whole_number(self, key: str) -> tuple[int, Span] | None:
        """Read a whole number from 1 up."""
        node = self.values.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]{0,8}", node.value):
            return int(node.value), node.span
        self.reader.report("bad-number", node.span, f"`{key}` is not a whole number from 1 up", f"write `{key}: 7`")
        return None

    def date(self, key: str) -> Text | None:
        """Read a date: the one text that need not be quoted."""
        node = self.values.get(key)
        if isinstance(node, Scalar) and node.kind == "date":
            return Text(node.value, node.span)
        return self.text(key)


def present(values: Iterable[T | None]) -> tuple[T, ...]:
    """Drop what could not be read."""
    return tuple(value for value in values if value is not None)


def _as_text(node: Node, key: str) -> str:
    """Say how to write what was meant: a `: ` in an unquoted text makes a mapping of it."""
    raw = node.span.file.line(node.span.line)[node.span.column - 1 :].strip()
    if isinstance(node, Mapping) and len(node.pairs) == 1 and not raw.startswith("{"):
        return f"a text with `: ` in it must be quoted: {quoted(raw)}"
    return f"write `{key}: …` on one line, or `{key}: |` and the text below"
