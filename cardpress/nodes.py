"""YAML text → a tree in which every node knows its place. Bounded in depth, size and time, whatever the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, cast

import yaml

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span

MAX_DEPTH = 32
# What aliases may add to a file, in nodes. A deck that shares its sources by alias adds a few hundred.
MAX_ALIASED = 20_000

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = {"bool": "truth value", "int": "whole number", "float": "number", "null": "null", "timestamp": "date"}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")} | {"!", None}

# What can stand where a node is expected: an alias, a scalar, or the start of a list or mapping.
NodeEvent = yaml.AliasEvent | yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `kind` is `text`, or what YAML takes an unquoted value for: `whole number`, `date`, …."""

    span: Span
    value: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in the file's order; of a key that stands twice, the first."""

    span: Span
    pairs: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping


class _StopError(Exception):
    """Ends the reading of a file at a problem past which its structure means nothing."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def compose(file: SourceFile) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read one YAML document. Gives its root (None when the file is empty or broken) and every problem found."""
    composer = _Composer(file)
    try:
        root = composer.document()
    except _StopError as stop:
        return None, (*composer.diagnostics, stop.diagnostic)
    return root, tuple(composer.diagnostics)


def _events(file: SourceFile) -> Iterator[yaml.Event]:
    """Parse lazily; a syntax error becomes a diagnostic at the place where the parser stumbled."""
    try:
        yield from yaml.parse(file.text, Loader=_PARSER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        start = min(mark.index if mark else 0, len(file.text))
        raise _StopError(_syntax(file, start, error.problem or str(error.context))) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes here, PyYAML characters; the character itself is in the error either way.
        bad = chr(error.character) if isinstance(error.character, int) else str(error.character)
        start = max(file.text.find(bad), 0)
        problem = f"character U+{ord(bad[:1] or ' '):04X} is not allowed in YAML"
        raise _StopError(_syntax(file, start, problem)) from None


def _syntax(file: SourceFile, start: int, problem: str) -> Diagnostic:
    line_end = file.text.find("\n", start)
    # An error at the very end of the file points at the last line that has something in it.
    if start >= len(file.text):
        start = len(file.text.rstrip())
        start = max(start - 1, 0)
    hint = "quote the text, or start it on the next line after `|`, if it holds `: `, ` #` or starts with a sign"
    if "tab" in problem or file.text[start : start + 1] == "\t":
        hint = "indent with spaces; YAML does not take tabs"
    return Diagnostic("yaml-syntax", Span(file, start, max(start, line_end)), f"not valid YAML: {problem}", hint)


@dataclass(slots=True)
class _Composer:
    file: SourceFile
    diagnostics: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
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
                    problem = "a second document starts here"
                    raise _StopError(_syntax(self.file, self.span(event).start, problem))
                root = self.node(self.next_node(), 0)
        return root

    def next_node(self) -> NodeEvent:
        return cast(NodeEvent, next(self.events))

    def span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.index if start else 0, end.index if end else 0)

    def node(self, event: NodeEvent, depth: int) -> Node:
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
            node = Scalar(self.span(event), event.value, _kind(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.mapping(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def sequence(self, start: yaml.Event, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(cast(NodeEvent, event), depth + 1))
        node = Sequence(self.span(start), tuple(items))
        self.sizes[id(node)] = 1 + sum(self.size(item) for item in items)
        return node

    def mapping(self, start: yaml.Event, depth: int) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(cast(NodeEvent, event), depth + 1)
            value = self.node(self.next_node(), depth + 1)
            size += self.size(key) + self.size(value)
            if not isinstance(key, Scalar):
                self.diagnostics.append(
                    Diagnostic("wrong-type", key.span, "a key must be a single word", "write `key: value`")
                )
            elif key.value in pairs:
                self.duplicate(key, pairs[key.value][0])
            else:
                pairs[key.value] = (key, value)
        node = Mapping(self.span(start), tuple(pairs.values()))
        self.sizes[id(node)] = size
        return node

    def duplicate(self, key: Scalar, first: Scalar) -> None:
        self.diagnostics.append(
            Diagnostic(
                "duplicate-key",
                key.span,
                f"`{key.value}` stands twice in this mapping",
                f"keep one of the two; the first is in line {first.span.line}",
                (Related(first.span, "first here"),),
            )
        )

    def alias(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor or ""
        target = self.anchors.get(name)
        if target is None and name in self.anchors:
            self.bomb(event, f"`*{name}` stands inside the very node that it repeats")
        if target is None:  # the parser leaves it to us to refuse an undefined alias
            raise _StopError(_syntax(self.file, self.span(event).start, f"no anchor `&{name}` before this"))
        self.aliased += self.size(target)
        if self.aliased > MAX_ALIASED:
            self.bomb(event, f"aliases repeat more than {MAX_ALIASED:,} nodes by here")
        return target

    def bomb(self, event: yaml.Event, message: str) -> NoReturn:
        raise _StopError(Diagnostic("alias-bomb", self.span(event), message, "write the text out, without `*alias`"))

    def size(self, node: Node) -> int:
        return self.sizes.get(id(node), 1)

    def check_tag(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        if event.tag not in _PLAIN_TAGS:
            message = f"the format has no tag `{event.tag}`"
            self.diagnostics.append(Diagnostic("unsupported-tag", self.span(event), message, "remove the `!…`"))


def _kind(event: yaml.ScalarEvent) -> str:
    """Say what YAML 1.1 takes a plain scalar for; quoted, block and tagged ones are text."""
    if event.style or not event.implicit[0]:
        return "text"
    for tag, pattern in _RESOLVERS.get(event.value[:1], ()):
        if pattern.match(event.value):
            return _KINDS.get(tag.rpartition(":")[2], "text")
    return "text"
