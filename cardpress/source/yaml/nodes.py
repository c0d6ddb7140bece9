"""YAML text → a tree of nodes, each with its place. Depth, size and time are bounded, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, cast

import yaml

from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic, Related, SourceFile, Span
from cardpress.source.yaml.syntax import explain_syntax_error, report_syntax_error, report_unknown_anchor

MAX_DEPTH = 32
# How many nodes aliases may add to a file. A deck whose questions share sources by alias adds a few hundred.
MAX_ALIASED = 20_000
_CHARACTERS_A_NODE = 64
# Characters. What is longer is no list without brackets.
_LONGEST_CUT = 200
# An anchor and a tag, in any order, before a text.
_PROPERTIES = re.compile(r"(?:[&!][^\s\[\]{},]*\s+){1,2}(?=[|>\"'])")
_NO_COLON = re.compile(r"\s*[,}]")

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = {"bool": "truth value", "int": "whole number", "float": "number", "null": "null", "timestamp": "date"}
# The kind of a text in braces that a comma cuts in two, as in `{values: m, f}`, where YAML reads a key `f`.
CUT = "cut text"
# That of a text which begins with two braces, as a cloze text may.
BRACED = "text in braces"
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")} | {"!", None}

# What can stand where a node is expected: an alias, a scalar, or the start of a list or mapping.
NodeEvent = yaml.AliasEvent | yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `kind` is `text`, `CUT`, or what YAML reads an unquoted value as: `whole number`, `date`, …."""

    span: Span
    value: str
    kind: str = "text"

    @property
    def size(self) -> int:
        """How many nodes it counts as when an alias repeats it: more than one when its text is long."""
        return 1 + len(self.value) // _CHARACTERS_A_NODE


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes. `size` is its weight, with all that is in it, when an alias repeats it."""

    span: Span
    items: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in the file's order. Of a duplicate key only the first is kept. `end` is where it ends."""

    span: Span
    pairs: tuple[tuple[Scalar, Node], ...]
    size: int
    end: int


Node = Scalar | Sequence | Mapping


class _StopError(Exception):
    """Raised at a problem after which the rest of a file cannot be understood."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def compose(file: SourceFile) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return a YAML document's root node (None when the file is empty or broken) and every problem found."""
    composer = _Composer(file)
    try:
        root = composer.document()
    except _StopError as stop:
        # What was made of the line before it was found to be wrong says nothing more of it.
        line = stop.diagnostic.span.line
        return None, (*(each for each in composer.diagnostics if each.span.line != line), stop.diagnostic)
    return root, tuple(composer.diagnostics)


def _events(file: SourceFile) -> Iterator[yaml.Event]:
    """Yield the parser's events, lazily. Raises _StopError with a diagnostic at a syntax error."""
    try:
        # As `yaml.parse` does, but without asking before each event whether there is one.
        get_event = _PARSER(file.text).get_event
        while not isinstance(event := get_event(), yaml.StreamEndEvent):
            yield event
    except yaml.MarkedYAMLError as error:
        raise _StopError(explain_syntax_error(file, error)) from None
    except yaml.reader.ReaderError as error:
        # The position cannot be used: libyaml counts bytes, PyYAML characters. So the character itself is searched for.
        bad = chr(error.character) if isinstance(error.character, int) else str(error.character)
        start = max(file.text.find(bad), 0)
        message = f"the character U+{ord(bad[:1] or ' '):04X} is not allowed in YAML"
        raise _StopError(report_syntax_error(file, start, message, "remove it; an editor may not show it")) from None


@dataclass(slots=True)
class _Composer:
    file: SourceFile
    diagnostics: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    aliased: int = 0
    events: Iterator[yaml.Event] = field(init=False)

    def __post_init__(self) -> None:
        self.events = _events(self.file)

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "a second document starts here"
                    start = self.span(event).start
                    raise _StopError(report_syntax_error(self.file, start, message, "remove the line `---`"))
                root = self.node(self.next_node(), 0)
        return root

    def next_node(self) -> NodeEvent:
        return cast(NodeEvent, next(self.events))

    def span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.index if start else 0, end.index if end else 0)

    def text_span(self, event: yaml.ScalarEvent) -> Span:
        """Return where a text is. Quotes, `|` and `>` begin it, whatever anchor and tag stand before these."""
        span = self.span(event)
        before = _PROPERTIES.match(self.file.text, span.start) if event.style and (event.anchor or event.tag) else None
        return Span(self.file, before.end(), span.end) if before else span

    def node(self, event: NodeEvent, depth: int, *, is_entry: bool = False) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            raise _StopError(Diagnostic("too-deep", self.span(event), message, "a question needs four levels"))
        if event.anchor:
            self.anchors[event.anchor] = None
        self.check_tag(event)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar(self.text_span(event), event.value, _kind(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.mapping(event, depth, is_entry=is_entry)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def sequence(self, start: yaml.Event, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(cast(NodeEvent, event), depth + 1, is_entry=True))
        return Sequence(self.span(start), tuple(items), 1 + sum(item.size for item in items))

    def mapping(self, start: yaml.MappingStartEvent, depth: int, *, is_entry: bool) -> Mapping | Scalar:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        # Where a `- ` may be missing. What follows there repeats keys for the same reason.
        next_entry: Scalar | None = None
        is_braced = self.file.text.startswith("{{", self.span(start).start)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(cast(NodeEvent, event), depth + 1)
            value = self.node(self.next_node(), depth + 1)
            size += key.size + value.size
            if not isinstance(key, Scalar):
                if is_braced:
                    continue
                hint = "write `key: value`; quote a text that begins with a bracket"
                self.report(Diagnostic("wrong-type", key.span, "a key must be a single word", hint))
            elif start.flow_style and (whole := self.join(key, value, pairs)):
                pairs[whole[0].value] = whole
            elif key.value not in pairs:
                pairs[key.value] = (key, value)
            elif next_entry is None:
                is_first = is_entry and not start.flow_style and key.value == next(iter(pairs))
                next_entry = key if is_first else None
                self.duplicate(key, pairs[key.value][0], begins_entry=is_first)
        if is_braced:
            place = Span(self.file, self.span(start).start, self.span(event).end)
            return Scalar(place, self.file.text[place.start : place.end], BRACED)
        return Mapping(self.span(start), tuple(pairs.values()), size, self.span(event).start)

    def join(self, key: Scalar, value: Node, pairs: dict[str, tuple[Scalar, Node]]) -> tuple[Scalar, Scalar] | None:
        """Return the pair before a key that is none, with all of its text; None where that is not what happened."""
        before, text = next(reversed(pairs.values()), (None, None))
        is_bare = value.span.end == value.span.start and _NO_COLON.match(self.file.text, key.span.end)
        if not (is_bare and before and isinstance(text, Scalar) and text.kind != "null"):
            return None
        if key.span.end - text.span.start > _LONGEST_CUT:
            return None
        raw = self.file.text[text.span.start : key.span.end]
        is_plain = text.kind == CUT or raw.startswith(text.value)
        return (before, Scalar(Span(self.file, text.span.start, key.span.end), raw, CUT)) if is_plain else None

    def duplicate(self, key: Scalar, first: Scalar, *, begins_entry: bool) -> None:
        message = f"`{key.value}` stands twice in this mapping"
        hint = f"keep one of the two; the first is in line {first.span.line}"
        if begins_entry:
            hint = f"if this begins the next entry, put `- ` before it: `- {key.value}: …`; if not, {hint}"
        self.report(Diagnostic("duplicate-key", key.span, message, hint, (Related(first.span, "first here"),)))

    def report(self, diagnostic: Diagnostic) -> None:
        if len(self.diagnostics) < MAX_PROBLEMS:
            self.diagnostics.append(diagnostic)

    def alias(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor or ""
        target = self.anchors.get(name)
        if target is None and name in self.anchors:
            self.bomb(event, f"`*{name}` stands inside the very node that it repeats")
        if target is None:  # the parser accepts an undefined alias
            raise _StopError(report_unknown_anchor(self.file, self.span(event).start, name))
        self.aliased += target.size
        if self.aliased > MAX_ALIASED:
            self.bomb(event, f"aliases repeat more than {MAX_ALIASED:,} nodes by here")
        return target

    def bomb(self, event: yaml.Event, message: str) -> NoReturn:
        hint = "write out what it repeats, without `*alias`"
        raise _StopError(Diagnostic("alias-bomb", self.span(event), message, hint))

    def check_tag(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        if event.tag not in _PLAIN_TAGS:
            typed = (event.tag or "").replace("tag:yaml.org,2002:", "!!")
            message = f"the format has no tag `{typed}`"
            hint = f"remove it; quote the text if it begins with `{typed}`"
            self.report(Diagnostic("unsupported-tag", self.span(event), message, hint))


def _kind(event: yaml.ScalarEvent) -> str:
    """Return what YAML 1.1 reads a plain scalar as. Quoted, block and tagged scalars are text."""
    if event.style or not event.implicit[0]:
        return "text"
    for tag, pattern in _RESOLVERS.get(event.value[:1], ()):
        if pattern.match(event.value):
            return _KINDS.get(tag.rpartition(":")[2], "text")
    return "text"
