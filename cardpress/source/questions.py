"""One question's YAML → Question. A part that cannot be read is reported and left out; the rest is still checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cardpress.diagnostics.checks import Allowance
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.note_types import Field as NoteField
from cardpress.note_types import Holds, NoteType
from cardpress.source.addresses import is_meant_as_address
from cardpress.source.bank import (
    Flag,
    HtmlText,
    Link,
    MarkdownText,
    MediaName,
    Number,
    Pair,
    Question,
    Retirement,
    Text,
    Value,
)
from cardpress.source.cheat_sheet import read_gist
from cardpress.source.checks import find_extent, read_allowances
from cardpress.source.note_types.folders import Declared, can_be_kind, make_pair_shape, make_shape, name_declaration
from cardpress.source.occlusions import read_occlusion
from cardpress.source.snippets import SnippetShelf
from cardpress.source.yaml.nodes import Mapping, Node, Scalar, Sequence
from cardpress.source.yaml.reading import Fields, Reader, Shape, drop_missing, find_first_span
from cardpress.source.yaml.syntax import quote
from cardpress.source.yaml.value_types import ADDRESS, ID

RETIRED = Shape(
    "a retirement",
    {"reason": "One plain sentence to those who have learned it."},
    {"replaced_by": "The id of a question that is asked in its place."},
    types={"replaced_by": ID},
)
LINK = Shape(
    "a source",
    {},
    {
        "url": "The address: `https://…`, `http://…` or `mailto:…`.",
        "title": "What to call it; without a title the address is shown. For a book, a title is enough.",
    },
    types={"url": ADDRESS},
    one_of=("url", "title"),
)
# The kinds of questions with the keys `id` and `cloze`, or `id` and `occlude`, in a section of any kind.
CLOZE_KINDS = ("cloze", "occlusion")
MEDIA = Shape(
    "a picture or sound",
    {"file": "The name of the file below `source/media/`."},
    {"description": "What it shows, or what is heard."},
)
# A text that needs no quotes in braces.
_PLAIN = re.compile(r"[^\W\d_][\w .'/()-]*")
# Characters. Help lines do not quote a longer text.
_QUOTABLE = 120


@dataclass(frozen=True, slots=True)
class QuestionReader:
    """Reads questions and their recall notes."""

    reader: Reader
    shelf: SnippetShelf
    declared: Declared
    # Kinds, and those that questions look like instead, as far as it was reported.
    mistaken: set[tuple[str, str]] = field(default_factory=set)
    # What single notes allow.
    allowances: list[Allowance] = field(default_factory=list)
    # The keys that notes may have, by the kind of note and whether they stand below a question.
    shapes: dict[tuple[str, bool], Shape] = field(default_factory=dict)
    # The note types whose notes must have a key, by that key: each stands under one of those that it requires.
    requiring: dict[str, list[NoteType]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        requiring: dict[str, list[NoteType]] = {}
        for each in self.declared.note_types.values():
            if each.required:
                requiring.setdefault(min(each.required), []).append(each)
        object.__setattr__(self, "requiring", requiring)

    def read(self, node: Node, kind: str) -> Question | None:
        """Return the question in a node, None when its id or a value that it must have cannot be read.

        It is of the note type `kind` unless it names another.
        """
        note_type = self._choose(node, kind)
        return self._note(node, note_type) if note_type else None

    def _choose(self, node: Node, kind: str) -> NoteType | None:
        """Return the note type that a node names under `note_type`, or else that of this kind, if it can be used."""
        named = find_value(node, "note_type")
        if named is None:
            return self._recognize(node, kind)
        text = self.reader.text(named, "note_type")
        return check_note_type(self.reader, text, self.declared) if text else None

    def _recognize(self, node: Node, kind: str) -> NoteType | None:
        """Return the note type of a question that names none: of this kind, unless its keys are those of a cloze text.

        A question that has no key of its kind but all of another's is reported, once for each such pair of kinds.
        """
        own = self.declared.note_types.get(kind)
        keys = {key.value for key, _ in node.pairs} if isinstance(node, Mapping) else set()
        masked = [each for key in sorted(keys) for each in self.requiring.get(key, ()) if _asks_masks(each, key)]
        if masked and own and not own.required <= keys and not any(_asks_masks(own, key) for key in keys):
            return masked[0]  # nothing else holds masks, and it is none of its own kind
        if own is None or any(each.key in keys for each in own.keyed if each.is_required):
            return own
        known = {each.key for each in own.keyed}
        others = [each for key in keys for each in self.requiring.get(key, ())]
        others = [each for each in others if each.required <= keys and not each.required <= known]
        if not others:
            return own
        others.sort(key=lambda each: each.kind)
        clozes = [each for each in others if each.is_cloze]
        if clozes:  # of several, the one that asks for most, and ours before an author's
            return max(clozes, key=lambda each: (len(each.required), each.kind in CLOZE_KINDS))
        other = others[0]
        if (kind, other.kind) not in self.mistaken:
            self.mistaken.add((kind, other.kind))
            message = f"this has the keys of {other.noun}, not of {own.noun}"
            hint = f"add `note_type: {other.kind}` to its section in deck.yaml, or to the question"
            self.reader.report("unknown-note-type", find_first_span(node), message, hint)
        return None

    def _note(self, node: Node, note_type: NoteType, below: Node | None = None) -> Question | None:
        """Return the note in a node; `below` is that of the question which it stands below, if there is one."""
        shape = self._shape(note_type, is_below=below is not None)
        if below is None:
            shape = self._point_to_another(node, shape)
        fields = self.reader.fields(node, shape)
        return self._make(fields, node, note_type, below) if fields else None

    def _shape(self, note_type: NoteType, *, is_below: bool) -> Shape:
        key = note_type.kind, is_below
        if key not in self.shapes:
            self.shapes[key] = make_shape(note_type, is_below=is_below)
        return self.shapes[key]

    def _point_to_another(self, node: Node, shape: Shape) -> Shape:
        """Return the shape with another help line for keys that it has not, if another note type has all of them."""
        keys = [key.value for key, _ in node.pairs] if isinstance(node, Mapping) else []
        unknown = [key for key in keys if key not in shape.keys]
        if not unknown or self.reader.is_full:
            return shape
        for other in self.declared.note_types.values():
            if set(keys) <= set(self._shape(other, is_below=False).keys):
                hint = f"{other.noun} has it: add `note_type: {other.kind}` to the question, its section or the deck"
                return replace(shape, instead={**shape.instead, **{key.lower(): hint for key in unknown}})
        return shape

    def read_row(self, node: Mapping, note_type: NoteType) -> Question | None:
        """Return the question in a row of a table, whose keys are known to be those of its note type."""
        return self._make(Fields(self.reader, {key.value: value for key, value in node.pairs}), node, note_type)

    def _make(self, fields: Fields, node: Node, note_type: NoteType, below: Node | None = None) -> Question | None:
        note_id = fields.text("id")
        values: dict[str, Value] = {}
        for each in note_type.written:
            value = self._value(fields, each) if each.key in fields.values else None
            if value is not None and value != ():
                values[each.key] = value
            elif each.is_required and value == () and _is_empty(fields.values[each.key]):
                place, hint = find_first_span(fields.values[each.key]), "write at least one entry"
                self.reader.report("empty-text", place, f"`{each.key}` is empty", hint)
        tags = fields.texts("tags")
        recall = drop_missing(fields.each("recall", lambda each: self._recall(each, note_type, node)))
        gist = read_gist(fields)
        retired = self._retirement(fields)
        guid = fields.text("guid")
        guid = guid if guid and self.reader.is_label(guid, "guid") else None
        # Nothing advises on a note that is no longer asked.
        is_asked = not any(each is not None and find_value(each, "retired") for each in (node, below))
        self.allowances.extend(read_allowances(self.reader, fields, find_extent(node), is_expected=is_asked))
        if note_id is None or any(each.is_required and each.key not in values for each in note_type.keyed):
            return None
        unread = frozenset(key for key in fields.values if key not in values and not _is_empty(fields.values[key]))
        place = find_first_span(node)
        return Question(note_type, note_id, place, values, tags, recall, gist, retired, unread, guid)

    def _recall(self, node: Node, above: NoteType, question: Node) -> Question | None:
        """Return the recall note in a node. Its keys show which kind below `above` it is, unless it names one.

        `question` is the node of the question that it stands below.
        """
        keys = {key.value for key, _ in node.pairs} if isinstance(node, Mapping) else set()

        def fits(kind: str) -> tuple[bool, int]:
            required = [each.key for each in self.declared.note_types[kind].keyed if each.is_required]
            present = sum(key in keys for key in required)
            return present == len(required), present

        named = find_value(node, "note_type")
        if named is not None:
            text = self.reader.text(named, "note_type")
            note_type = check_note_type(self.reader, text, self.declared) if text else None
            if text and note_type and note_type.kind not in above.below:
                hint = f"write one of {', '.join(above.below)}"
                message = f"{note_type.noun} cannot stand below {above.noun}"
                self.reader.report("unknown-note-type", text.span, message, hint)
                return None
        else:
            # Of two that fit alike, `max` takes the first.
            best = max(above.below, key=fits) if above.below else None
            # It may be of a kind whose declaration is broken, which was reported.
            is_known = best is not None and (above.is_whole or fits(best)[0])
            note_type = self.declared.note_types[best] if best is not None and is_known else None
        return self._note(node, note_type, question) if note_type else None

    def _value(self, fields: Fields, each: NoteField) -> Value | None:  # noqa: PLR0911, PLR0912 - one for each kind of value
        key = each.key
        match each.holds:
            case Holds.LINE | Holds.TEXT:
                return fields.markdown(key)
            case Holds.CLOZE:
                return fields.markdown(key, with_deletions=True)
            case Holds.OCCLUSION:
                named = fields.values.get("id")
                return read_occlusion(self.reader, fields.values[key], named.value if isinstance(named, Scalar) else "")
            case Holds.LINES:
                return fields.markdowns(key)
            case Holds.PAIRS:
                return drop_missing(fields.each(key, lambda node: self._pair(node, each)))
            case Holds.SNIPPET:
                name = fields.text(key)
                return name if name and self.shelf.has(name, self.reader) else None
            case Holds.OUTPUT | Holds.ONE_OF:
                return fields.text(key)
            case Holds.LINKS:
                self.reader.warn_of_commas(fields.values[key])
                return drop_missing(fields.each(key, lambda node: self._link(node, key), are_texts=True))
            case Holds.NUMBER:
                number = fields.whole_number(key)
                return Number(*number) if number else None
            case Holds.IDS:
                return fields.texts(key)
            case Holds.HTML | Holds.HTML_CLOZE:
                text = fields.html(key)
                has_deletions = each.holds is Holds.HTML_CLOZE
                return HtmlText(text.value, text.span, with_deletions=has_deletions) if text else None
            case Holds.PICTURE | Holds.AUDIO:
                return self._media(fields, key)
            case Holds.FLAG:
                # One that is false is as one that is not written.
                return Flag(True, find_first_span(fields.values[key])) if fields.flag(key) else None
            case _:
                raise TypeError(f"authors write no {each.holds}")

    def _pair(self, node: Node, each: NoteField) -> Pair | None:
        fields = self.reader.fields(node, make_pair_shape(each))
        if fields is None:
            return None
        texts = {part.key: fields.markdown(part.key) for part in each.parts}
        found: dict[str, MarkdownText] = {key: text for key, text in texts.items() if text}
        return Pair(found) if len(found) == len(texts) else None

    def _link(self, node: Node, key: str) -> Link | None:
        if isinstance(node, Scalar):
            text = self.reader.text(node, key, entry=True)
            return _make_link(text) if text else None
        fields = self.reader.fields(node, LINK)
        if fields is None:
            return None
        url, title = fields.text("url"), fields.text("title")
        if not fields.values:
            place, hint = find_first_span(node), "add `url: https://…`; of a book, `title: …` is enough"
            self.reader.report("missing-key", place, "a source has no `url`, and no `title`", hint)
        if url:
            return Link(url, title)
        return _make_link(title) if title and "url" not in fields.values else None

    def _media(self, fields: Fields, key: str) -> MediaName | None:
        """Return the picture or sound that stands under a key: its name alone, or with a description."""
        node = fields.values[key]
        if not isinstance(node, Mapping):
            text = fields.text(key)
            return MediaName(text) if text else None
        inner = self.reader.fields(node, MEDIA)
        name, description = (inner.text("file"), inner.text("description")) if inner else (None, None)
        return MediaName(name, description) if name else None

    def _retirement(self, fields: Fields) -> Retirement | None:
        node = fields.values.get("retired")
        if isinstance(node, Scalar) and node.kind == "text" and 0 < len(node.value) < _QUOTABLE:
            reason = node.value if _PLAIN.fullmatch(node.value) else quote(node.value)
            self.reader.wrong_type(node, f"a mapping for {RETIRED.name}", f"write `retired: {{reason: {reason}}}`")
            return None
        inner = self.reader.fields(node, RETIRED) if node is not None else None
        if node is None or inner is None:
            return None
        why, replaced_by = inner.text("reason"), inner.text("replaced_by")
        return Retirement(find_first_span(node), why, replaced_by) if why else None


def _make_link(text: Text) -> Link:
    """Return the source that a single text names: an address, or a title such as that of a book."""
    return Link(text) if is_meant_as_address(text.value) else Link(None, text)


def check_note_type(reader: Reader, named: Text, declared: Declared) -> NoteType | None:
    """Return a note type by its kind; None when its declaration is broken, or after reporting that there is none."""
    if named.value not in declared.note_types and named.value not in declared.broken:
        close = find_closest(named.value, (*declared.note_types, *declared.broken))
        hint = did_you_mean(named.value, close) if close else f"write one of {', '.join(declared.note_types)}"
        if not close and can_be_kind(named.value):
            hint += f"; one of your own is declared in {name_declaration(named.value)}"
        reader.report("unknown-note-type", named.span, f"no note type `{named.value}`", hint)
    return declared.note_types.get(named.value)


def _asks_masks(note_type: NoteType, key: str) -> bool:
    """Return whether a key of a note type holds a picture with masks."""
    return any(each.key == key and each.holds is Holds.OCCLUSION for each in note_type.keyed)


def _is_empty(node: Node) -> bool:
    """Return whether a node is a list without entries."""
    return isinstance(node, Sequence) and not node.items


def find_value(node: Node, key: str) -> Node | None:
    """Return the value of a mapping's key, None when there is none."""
    pairs = node.pairs if isinstance(node, Mapping) else ()
    return next((value for name, value in pairs if name.value == key), None)


def find_id(node: Node) -> str | None:
    """Return the `id` of a mapping, even when the rest of it is broken; None when there is none."""
    value = find_value(node, "id")
    return value.value if isinstance(value, Scalar) else None
