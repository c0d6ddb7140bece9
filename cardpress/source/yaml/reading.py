"""YAML nodes → typed values. Each function returns the value, or reports the problem and returns None."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import did_you_mean, make_usual
from cardpress.source.bank import MarkdownText, Text
from cardpress.source.yaml.commas import find_cut_entries
from cardpress.source.yaml.escapes import find_lost_backslash
from cardpress.source.yaml.nodes import BRACED, CUT, Mapping, Node, Scalar, Sequence
from cardpress.source.yaml.syntax import DASH_HELP, has_joined_dash, quote

if TYPE_CHECKING:
    from cardpress.source.yaml.value_types import ValueType

T = TypeVar("T")

# Far longer than any answer. The limits keep all work quick, even on a hostile text or list.
MAX_CHARACTERS = 20_000
# Of HTML, in which a table or a list of glosses with its styles stands for few words.
MAX_HTML = 500_000
MAX_ENTRIES = 1_000
# Characters of a label or name. Labels stand on buttons, and in print above a few lines.
LONGEST_LABEL = 200
_LONGEST_KEY = 40
# Characters. Help lines do not quote a longer text: nobody would read it there.
_QUOTABLE = 120

_NAMES = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}
_READ_AS = {kind: f"a {kind}" for kind in ("truth value", "whole number", "number", "date")} | {
    "null": "nothing",
    CUT: "two keys, for its comma",
    BRACED: "a mapping, for its braces",
}
_COMMENT = re.compile(r" (#[^\r\n]*)")
# That may stand behind a text, as the line end of a block does.
_SPACE = " \t\r\n"
_LINE_ENDS = "\t\r\n"
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of mapping: the keys that it must have and those that it may have, each with its meaning in a line.

    The meanings are Markdown; docs/format.md is made from them.
    """

    name: str
    required: abc.Mapping[str, str]
    optional: abc.Mapping[str, str] = field(default_factory=dict)
    # What to type instead of keys that authors expect and the format does not have.
    instead: abc.Mapping[str, str] = field(default_factory=dict)
    # Keys of fields that authors leave to learners.
    personal: frozenset[str] = frozenset()
    # What stands under keys that do not hold a text, for editors.
    types: abc.Mapping[str, ValueType] = field(default_factory=dict)
    # Keys of which one has to be there, and whether no more than one may be. Also for editors: who reads them reports.
    one_of: tuple[str, ...] = ()
    is_exclusive: bool = False
    # Keys that are nothing without another one.
    needs: abc.Mapping[str, str] = field(default_factory=dict)
    # Why it must have keys where that is not plain to see, after `a word has no `plural``.
    reasons: abc.Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, required ones first."""
        return (*self.required, *self.optional)


@dataclass(slots=True)
class Reader:
    """Reads values from nodes and collects every problem. No problem stops it."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    # Whether formulas may stand between dollars.
    with_dollars: bool = False

    @property
    def is_full(self) -> bool:
        """Whether it keeps no further problem, so that none need be looked for."""
        return len(self.diagnostics) >= MAX_PROBLEMS

    def report(self, code: str, span: Span, message: str, help_line: str) -> None:
        """Add a problem, up to MAX_PROBLEMS of them."""
        self.add(Diagnostic(code, span, message, help_line))

    def add(self, problem: Diagnostic) -> None:
        """Add a problem, up to MAX_PROBLEMS of them."""
        if not self.is_full:
            self.diagnostics.append(problem)

    def wrong_type(self, node: Node, wanted: str, help_line: str) -> None:
        """Report a node that is of another kind than the format wants."""
        found = "nothing" if _is_blank(node) else _NAMES[type(node)]
        self.report("wrong-type", find_first_span(node), f"expected {wanted}, found {found}", help_line)

    def text(
        self,
        node: Node,
        key: str,
        *,
        entry: bool = False,
        unquoted: tuple[str, ...] = (),
        most: int = MAX_CHARACTERS,
        may_be_blank: bool = False,
    ) -> Text | None:
        """Return the text of a key, or of an `entry` in its list; None after reporting what is wrong with it.

        A number, date, truth value or null without quotes is a mistake, unless its kind is one of `unquoted`. It has
        `most` characters, and some that is not white space unless it `may_be_blank`.
        """
        what = f"an entry of `{key}`" if entry else f"`{key}`"
        if not isinstance(node, Scalar):
            self.wrong_type(node, f"a text for {what}", _as_text(node, "- " if entry else f"{key}: "))
        elif not (node.value if may_be_blank else make_usual(node.value).strip()):
            lead = "- " if entry else f"{key}:"
            hint = f"write a text after `{lead}`, or remove it"
            if node.span.file.is_table:
                hint = "write a text into the cell, or empty it"
            self.report("empty-text", node.span, f"{what} is empty", hint)
        elif node.kind != "text" and node.kind not in unquoted:
            message = f"{what} wants a text, but YAML reads `{node.value}` as {_READ_AS[node.kind]}"
            self.report("text-expected", node.span, message, f"quote it: {quote(node.value)}")
        elif len(node.value) > most:
            message = f"{what} has {len(node.value):,} characters; {most:,} are allowed"
            self.report("text-too-long", node.span, message, "split it into several questions")
        elif not node.span.file.is_table and (lost := find_lost_backslash(node.span)):
            self.add(lost)
        else:
            self.warn_of_comment(node)
            return Text(node.value, node.span)
        return None

    def is_label(self, text: Text, key: str) -> bool:
        """Return whether a text can be a label or a name: short, in a line. Report what is wrong with it."""
        if len(text.value) > LONGEST_LABEL:
            message = f"`{key}` has {len(text.value):,} characters; {LONGEST_LABEL} are allowed"
            self.report("text-too-long", text.span, message, "shorten it")
            return False
        found = _NOT_IN_A_LINE.search(text.value.rstrip(_SPACE))
        if found is None:
            return True
        name = f"U+{ord(found[0]):04X}"
        if found[0] in "\t\r\n\u2028\u2029":
            message, hint = f"`{key}` stands in a line, and a line or a column ends in it ({name})", "type a space"
        else:
            message, hint = f"a control character ({name}), which no card can show", "remove it"
        self.report("control-character", text.place(found.start(), found.end()), message, hint)
        return False

    def warn_of_comment(self, node: Scalar) -> None:
        """Report a text that ends early because ` #` begins a comment. After two spaces a comment is intended."""
        if node.span.file.is_table:
            return
        cut = _COMMENT.match(node.span.file.text, node.span.end)
        if cut and node.span.file.text[node.span.end - 1] not in "\"'":
            span = Span(node.span.file, cut.start(1), cut.end(1))
            whole = quote((node.value + cut[0]).rstrip())
            hint = "quote the text, or put two spaces before the comment"
            if len(whole) < _QUOTABLE:
                hint = f"quote the text: {whole}; before a comment put two spaces"
            self.report("text-cut-by-comment", span, "the text ends here: ` #` begins a comment", hint)

    def markdown(
        self, node: Node, key: str, *, entry: bool = False, with_deletions: bool = False
    ) -> MarkdownText | None:
        """Return a Markdown text, as `text` does."""
        text = self.text(node, key, entry=entry)
        return MarkdownText(text.value, text.span, with_deletions, self.with_dollars) if text else None

    def warn_of_commas(self, node: Node) -> None:
        """Report the texts of a list in brackets that a comma cuts in two."""
        for each in find_cut_entries(node.items[:MAX_ENTRIES]) if isinstance(node, Sequence) else ():
            self.report(each.code, each.span, each.message, each.help)

    def items(self, node: Node, key: str, *, are_texts: bool = True) -> tuple[Node, ...]:
        """Return a list's entries; none after reporting a node that is not a list, and not all of a very long one.

        Entries that are no texts have keys of their own, and so stand in lines.
        """
        if isinstance(node, Sequence):
            if len(node.items) > MAX_ENTRIES:
                message = f"`{key}` has {len(node.items):,} entries; {MAX_ENTRIES:,} are allowed"
                place = find_first_span(node.items[MAX_ENTRIES])
                self.report("text-too-long", place, message, "split it into several")
            return node.items[:MAX_ENTRIES]
        hint = f"put each entry on a line of its own below `{key}:`, after `- `"
        if are_texts and isinstance(node, Scalar) and re.fullmatch(r"[\w.:/-]+(?:, *[\w.:/-]+)*", node.value):
            hint = f"write `{key}: [{node.value}]`"
        if _is_blank(node):
            hint += "; or remove it"
        if has_joined_dash(find_first_span(node)):
            hint = DASH_HELP
        self.wrong_type(node, f"a list for `{key}`", hint)
        return ()

    def fields(self, node: Node, shape: Shape) -> Fields | None:
        """Return a mapping's fields. Report unknown and missing keys; return None when it has none of the keys."""
        if not isinstance(node, Mapping):
            self.wrong_type(node, f"a mapping for {shape.name}", f"write its keys: {_example(shape)}")
            return None
        values: dict[str, Node] = {}
        if node.pairs and not any(key.value in shape.keys or _closest(key.value, shape.keys) for key, _ in node.pairs):
            hint = f"write its keys: {_example(shape)}; a text with `: ` in it must be quoted"
            message = f"expected {shape.name}, found a mapping that has none of its keys"
            self.report("wrong-type", find_first_span(node), message, hint)
            return None
        mistyped: set[str | None] = set()
        for key, value in node.pairs:
            if key.value in shape.keys:
                values[key.value] = value
            elif key.value in shape.personal:
                hint = "remove it; what you write goes under another key"
                self.report("personal-key", key.span, say_personal(key.value), hint)
            elif key.value == "<<":
                hint = "write them out; an alias can stand for a whole value, as in `sources: *shared`"
                self.report("unknown-key", key.span, "`<<` merges no keys here", hint)
                mistyped |= {*shape.required}
            else:
                self.unknown_key(key, shape)
                mistyped.add(_closest(key.value, shape.keys))
        for key_name in shape.required:
            if key_name not in values and key_name not in mistyped:
                message = f"{shape.name} has no `{key_name}`{shape.reasons.get(key_name, '')}"
                self.report("missing-key", find_first_span(node), message, f"add `{key_name}: …`")
        return Fields(self, values)

    def unknown_key(self, key: Scalar, shape: Shape) -> None:
        """Report a key that the format does not have, and suggest the most similar one."""
        close = _closest(key.value, shape.keys)
        hint = did_you_mean(key.value, close) if close else f"it may have: {', '.join(shape.keys)}"
        hint = shape.instead.get(key.value.lower(), hint)
        self.report("unknown-key", key.span, f"{shape.name} has no key `{key.value}`", hint)


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of one mapping, each converted when it is asked for."""

    reader: Reader
    values: dict[str, Node]

    def text(self, key: str, *unquoted: str) -> Text | None:
        """Return a text, None when the key is absent or its value unusable. `unquoted` kinds count as text too."""
        return self.reader.text(self.values[key], key, unquoted=unquoted) if key in self.values else None

    def html(self, key: str) -> Text | None:
        """Return a text of HTML, which may be long, and of white space alone; None as `text` does."""
        node = self.values.get(key)
        return self.reader.text(node, key, most=MAX_HTML, may_be_blank=True) if node is not None else None

    def texts(self, key: str) -> tuple[Text, ...]:
        """Return a list of texts, without entries that cannot be read."""
        return drop_missing(self.each(key, lambda node: self.reader.text(node, key, entry=True), are_texts=True))

    def label(self, key: str, *unquoted: str, is_exact: bool = False) -> Text | None:
        """Return a label or a name, as `text` does; None, too, after reporting one that is none.

        With `is_exact`, spaces at its end are a part of it, as of names that Anki knows.
        """
        text = self.text(key, *unquoted)
        if text is None or not self.reader.is_label(text, key):
            return None
        stripped = text.value.rstrip(_LINE_ENDS if is_exact else _SPACE)
        return text if text.value == stripped else Text(stripped, text.span)

    def markdown(self, key: str, *, with_deletions: bool = False) -> MarkdownText | None:
        """Return a Markdown text, None when the key is absent or its value unusable."""
        if key not in self.values:
            return None
        return self.reader.markdown(self.values[key], key, with_deletions=with_deletions)

    def markdowns(self, key: str) -> tuple[MarkdownText, ...]:
        """Return a list of Markdown texts, without entries that cannot be read."""
        if key in self.values:
            self.reader.warn_of_commas(self.values[key])
        return drop_missing(self.each(key, lambda node: self.reader.markdown(node, key, entry=True), are_texts=True))

    def each(self, key: str, read: Callable[[Node], T], *, are_texts: bool = False) -> tuple[T, ...]:
        """Return what `read` makes of each entry of a list; nothing when the key is absent."""
        if key not in self.values:
            return ()
        return tuple(read(node) for node in self.reader.items(self.values[key], key, are_texts=are_texts))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value, the default when the key is absent or its value unusable."""
        node = self.values.get(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.kind == "truth value":
            return node.value.lower() in ("true", "yes", "on")
        unusual = "false" if default else "true"
        self.reader.wrong_type(node, f"`true` or `false` for `{key}`", f"write `{key}: {unusual}`, or remove it")
        return default

    def whole_number(self, key: str) -> tuple[int, Span] | None:
        """Return a whole number from 1 up and its place, None when the key is absent or its value unusable."""
        node = self.values.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]{0,8}", node.value):
            return int(node.value), node.span
        hint = f"write digits alone, such as `{key}: 7`, or remove it"
        self.reader.report("bad-number", find_first_span(node), f"`{key}` is not a whole number from 1 up", hint)
        return None


def say_personal(key: str) -> str:
    """Return why no author writes a key."""
    return f"`{key}` is for the learner's own words, so it ships empty"


def drop_missing(values: Iterable[T | None]) -> tuple[T, ...]:
    """Return the values without None, which stands for an entry that could not be read."""
    return tuple(value for value in values if value is not None)


def find_first_span(node: Node) -> Span:
    """Return the place of a mapping's first key; of any other node, its own place."""
    return node.pairs[0][0].span if isinstance(node, Mapping) and node.pairs else node.span


def _is_blank(node: Node) -> bool:
    """Return whether nothing is written behind a key."""
    return isinstance(node, Scalar) and node.kind == "null" and not node.value


def _example(shape: Shape) -> str:
    keys = (*shape.required, *shape.one_of[:1]) if shape.required else shape.optional
    return ", ".join(f"{key}: …" for key in keys)


@lru_cache(maxsize=1024)
def _closest(key: str, known: tuple[str, ...]) -> str | None:
    # To a person it is the same word in another case or with another separator. A very long key is a sentence.
    plain = re.sub(r"[\s_-]+", "_", key[:_LONGEST_KEY].strip().lower())
    return find_closest(plain, known)


def _as_text(node: Node, lead: str) -> str:
    """Return the help line for a node that should be a text. An unquoted text with `: ` in it became a mapping."""
    if isinstance(node, Mapping) and len(node.pairs) == 1:
        key, value = node.pairs[0]
        raw = key.span.file.text[key.span.start : value.span.end].strip()
        if isinstance(value, Scalar) and raw.isprintable() and len(raw) < _QUOTABLE:
            return f"a text with `: ` in it must be quoted: `{lead}{quote(raw)}`"
    return f"write `{lead}…` on one line, or `{lead}|` and the text below"
