"""templates/note-types/ → NoteType: each folder declares a kind of note in its `note-type.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.note_types import ONLY_CARD, CardTemplate, Fact, Field, Holds, NoteType, OfQuestion, Part
from cardpress.source.bank import Text
from cardpress.source.nodes import Mapping as MappingNode
from cardpress.source.nodes import Node, compose
from cardpress.source.reading import Fields, Reader, Shape, drop_missing, find_first_span

FOLDER = "note-types"
_FILE = "note-type.yaml"
# Keys that every note has, whatever its type.
RESERVED = ("id", "tags", "recall", "retired", "note_type")

NOTE_TYPE = Shape(
    "a note type",
    {
        "title": "Its name in Anki, after the deck's title.",
        "fields": "A list of its fields, in Anki's order: see [A field](#a-field).",
        "cards": "A list of the cards that Anki makes of a note: see [A card](#a-card).",
    },
    {
        "noun": "What one of its notes is called in messages, such as `a word`.",
        "below": "The kinds of notes that may stand below one, under `recall`.",
    },
)
FIELD = Shape(
    "a field",
    {"key": "Its key in YAML.", "holds": "What it holds: see [What a field holds](#what-a-field-holds)."},
    {
        "name": "Its name in Anki; without one, `key_points` is `KeyPoints`.",
        "was": "The name that it was first released under, when that was another.",
        "label": "The words above it, for readers.",
        "meaning": "A line on it, for authors (Markdown).",
        "required": "`true`: every note has it.",
        "folded": "`true`: readers see it when they ask for it, and only the page, the booklet and cards have it.",
        "unique": "`true`: no two questions have the same.",
        "wanted": "`true`: a note without it is worth a warning.",
        "spoken": "`true`: it is said out loud, in a minute.",
        "one_fact": "`true`: it holds one fact, in few words.",
        "values": "For `one-of`: the list of values.",
        "parts": "For `pairs`: a list of what each pair has, with `key`, `label` and `meaning`.",
        "noun": "For `pairs`: what one pair is called in messages.",
    },
)
FACT = Shape("a fact", {"fact": "`notice`, `about`, `section`, `id` or `version`."}, {"name": "Its name in Anki."})
OF_QUESTION = Shape(
    "a fact",
    {"of_question": "The key of the question above, whose value this field has."},
    {"name": "Its name in Anki."},
)
PART = Shape(
    "a part of a pair",
    {"key": "Its key in YAML.", "label": "The words before it, for readers."},
    {"meaning": "A line on it, for authors (Markdown)."},
)
CARD = Shape(
    "a card",
    {"asks": "The keys that its front shows.", "answers": "The keys that its back adds, the answer first."},
    {
        "name": "Its name in Anki, needed when there are several.",
        "was": "The name that it was first released under, when that was another.",
        "front": "The file beside `note-type.yaml` with Anki's template; without one, the engine writes it.",
        "back": "The same, for the back.",
    },
)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Anki allows no other signs in names of fields (its `fix_name`), and its templates give some of these a meaning.
_NAME = re.compile(r"[^\s\"#^/:{}][^\"#^/:{}\n]{0,59}")


def read_note_types(
    texts: Mapping[str, SourceFile], declarations: Mapping[str, SourceFile]
) -> tuple[dict[str, NoteType], tuple[Diagnostic, ...]]:
    """Return the note types that `declarations` declares, by kind, sorted, and every problem found.

    Both are files by their path below templates/; `texts` has the card templates and styles.
    """
    reader = Reader()
    found: dict[str, NoteType] = {}
    for path, file in sorted(declarations.items()):
        folder = PurePosixPath(path).parent
        node, problems = compose(file)
        reader.diagnostics.extend(problems)
        if node is not None:
            note_type = _NoteTypeReader(reader, folder.name, file, texts, folder.as_posix()).read(node)
            if note_type is not None:
                found[folder.name] = note_type
    for note_type in list(found.values()):
        found[note_type.kind] = _without_unknown_below(note_type, found, reader)
    return found, tuple(reader.diagnostics)


def is_declaration(path: str) -> bool:
    """Return whether a file below templates/ declares a note type."""
    return re.fullmatch(rf"{FOLDER}/[^/]+/{re.escape(_FILE)}", path) is not None


def make_shape(note_type: NoteType) -> Shape:
    """Return the keys that a note of a type may have."""
    keyed = tuple(note_type.keyed())
    required = {field.key: field.meaning for field in keyed if field.is_required}
    optional = {field.key: field.meaning for field in keyed if not field.is_required}
    shared = {"tags": "A list of Anki tags, `::` between levels: `http::status`. No spaces, at most 60 characters."}
    if note_type.below:
        shared["recall"] = "A list of notes of one fact each: see [Recall notes](#recall-notes)."
    shared["retired"] = "Why it is no longer asked: see [Retirement](#retirement)."
    shared["note_type"] = "The kind of note, when it is not that of the section."
    identity = {"id": "The permanent id, unique among questions and recall notes: see [Ids](#ids)."}
    return Shape(note_type.noun, identity | required, optional | shared)


def make_pair_shape(field: Field) -> Shape:
    """Return the keys of each pair that a field holds."""
    return Shape(field.noun or "a pair", {part.key: part.meaning for part in field.parts})


def _without_unknown_below(note_type: NoteType, known: Mapping[str, NoteType], reader: Reader) -> NoteType:
    for kind in note_type.below:
        if kind not in known and note_type.span is not None:
            close = find_closest(kind, known)
            hint = f"did you mean `{close}`?" if close else f"declare it in templates/{FOLDER}/{kind}/{_FILE}"
            reader.report("bad-note-type", note_type.span, f"`below` names `{kind}`, which no note type is", hint)
    return replace(note_type, below=tuple(kind for kind in note_type.below if kind in known))


@dataclass(frozen=True, slots=True)
class _NoteTypeReader:
    """Reads one declaration."""

    reader: Reader
    kind: str
    file: SourceFile
    texts: Mapping[str, SourceFile]
    folder: str
    # The keys of fields that were reported, so that nothing else is said of them.
    broken: set[str] = field(default_factory=set)

    def read(self, node: Node) -> NoteType | None:
        values = self.reader.fields(node, NOTE_TYPE)
        if values is None:
            return None
        title, noun = values.text("title"), values.text("noun")
        fields = self.checked(self.with_facts(drop_missing(values.each("fields", self.read_field))))
        below = tuple(text.value for text in values.texts("below"))
        cards = drop_missing(values.each("cards", lambda each: self.card(each, fields)))
        if title is None or not fields or not cards:
            return None
        if len({card.name for card in cards}) < len(cards):
            self.refuse(find_first_span(values.values["cards"]), "two cards have one name", "give each a `name`")
            return None
        if not cards[0].asks or not any(each.key in cards[0].asks for each in fields):
            return None
        called = noun.value if noun else f"a note of the type {self.kind}"
        style = self.texts.get(f"{self.folder}/style.css")
        return NoteType(self.kind, title.value, called, fields, cards, below, style, find_first_span(node))

    def refuse(self, span: Span, message: str, hint: str) -> None:
        self.reader.report("bad-note-type", span, message, hint)

    # --- fields

    def read_field(self, node: Node) -> Field | None:
        keys = {key.value for key, _ in node.pairs} if isinstance(node, MappingNode) else set()
        if "fact" in keys:
            return self.fact(node)
        if "of_question" in keys:
            return self.of_question(node)
        values = self.reader.fields(node, FIELD)
        if values is None:
            return None
        key, holds = values.text("key"), self.holds(values)
        name, was, label = values.text("name"), values.text("was"), values.text("label", "truth value")
        meaning, noun = values.text("meaning"), values.text("noun")
        allowed = tuple(text.value for text in values.texts("values"))
        parts = drop_missing(values.each("parts", self.part))
        flags = {flag: values.flag(flag) for flag in ("required", "folded", "unique", "wanted", "spoken", "one_fact")}
        if key is None or holds is None or not self.is_key(key):
            self.broken.add(key.value if key else "")
            return None
        in_anki = name.value if name else make_name(key.value)
        return Field(
            key=key.value,
            name=in_anki,
            released_name=was.value if was else in_anki,
            holds=holds,
            meaning=meaning.value if meaning else "",
            label=label.value if label else "",
            is_required=flags["required"],
            is_folded=flags["folded"],
            is_unique=flags["unique"],
            is_wanted=flags["wanted"],
            is_spoken=flags["spoken"],
            is_one_fact=flags["one_fact"],
            values=allowed,
            parts=parts,
            noun=noun.value if noun else "",
        )

    def is_key(self, key: Text) -> bool:
        if key.value in RESERVED:
            self.refuse(key.span, f"every note has the key `{key.value}` already", "choose another word")
        elif not _KEY.fullmatch(key.value):
            hint = "write lowercase letters, digits and `_`, such as `key_points`"
            self.refuse(key.span, f"`{key.value}` cannot be a key", hint)
        else:
            return True
        return False

    def holds(self, values: Fields) -> Holds | None:
        text = values.text("holds")
        if text is None:
            return None
        known = tuple(each.value for each in Holds)
        if text.value not in known:
            close = find_closest(text.value, known)
            hint = f"did you mean `{close}`?" if close else f"write one of {', '.join(known)}"
            self.refuse(text.span, f"no field holds `{text.value}`", hint)
            return None
        holds = Holds(text.value)
        needed = {Holds.ONE_OF: "values", Holds.PAIRS: "parts"}.get(holds)
        if needed and needed not in values.values:
            self.refuse(text.span, f"a field that holds `{holds}` needs `{needed}`", f"add `{needed}: […]`")
            return None
        return holds

    def part(self, node: Node) -> Part | None:
        values = self.reader.fields(node, PART)
        if values is None:
            return None
        key, label, meaning = values.text("key"), values.text("label"), values.text("meaning")
        if key is None or label is None or not self.is_key(key):
            return None
        return Part(key.value, label.value, meaning.value if meaning else "")

    def fact(self, node: Node) -> Field | None:
        values = self.reader.fields(node, FACT)
        text = values.text("fact") if values else None
        if values is None or text is None:
            return None
        known = tuple(each.value for each in Fact)
        if text.value not in known:
            close = find_closest(text.value, known)
            hint = f"did you mean `{close}`?" if close else f"write one of {', '.join(known)}"
            self.refuse(text.span, f"there is no fact `{text.value}`", hint)
            return None
        return self.engine_field(values, text.value, Fact(text.value))

    def of_question(self, node: Node) -> Field | None:
        values = self.reader.fields(node, OF_QUESTION)
        text = values.text("of_question") if values else None
        if values is None or text is None:
            return None
        return self.engine_field(values, text.value, OfQuestion(text.value))

    def engine_field(self, values: Fields, key: str, holds: Fact | OfQuestion) -> Field:
        name = values.text("name")
        in_anki = name.value if name else make_name(key)
        return Field(key=key, name=in_anki, released_name=in_anki, holds=holds)

    def with_facts(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """Return the fields, and after them all facts when the declaration names none."""
        if any(isinstance(each.holds, Fact) for each in fields):
            return fields
        names = {fact: make_name(fact.value) for fact in Fact}
        facts = (Field(key=fact.value, name=name, released_name=name, holds=fact) for fact, name in names.items())
        return (*fields, *facts)

    def checked(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """Return the fields whose keys and names are no other's, and whose names Anki can keep."""
        kept: list[Field] = []
        for each in fields:
            span = self.find(each)
            if any(each.key == other.key and isinstance(other.holds, Holds) for other in kept):
                self.refuse(span, f"two fields have the key `{each.key}`", "give one of them another")
            elif any(each.name.lower() == other.name.lower() for other in kept):
                self.refuse(span, f"two fields are called `{each.name}` in Anki", "give one of them another `name`")
            elif not _NAME.fullmatch(each.name):
                self.refuse(span, f"Anki can have no field `{each.name}`", "write letters, digits and spaces")
            else:
                kept.append(each)
        if sum(each.holds is Holds.CLOZE for each in kept) > 1:
            self.refuse(Span(self.file), "two fields hold cloze texts", "Anki makes cards from one: keep one")
        return tuple(kept)

    def find(self, field: Field) -> Span:
        """Return the place of a field's key, or the start of the file."""
        found = re.search(rf"\b(?:key|fact|of_question|name): *(['\"]?)({re.escape(field.key)})\1", self.file.text)
        return Span(self.file, found.start(2), found.end(2)) if found else Span(self.file)

    # --- cards

    def card(self, node: Node, fields: tuple[Field, ...]) -> CardTemplate | None:
        values = self.reader.fields(node, CARD)
        if values is None:
            return None
        name, was = values.text("name"), values.text("was")
        written = values.texts("asks")
        asks = self.known(written, fields)
        answers = self.known(values.texts("answers"), fields)
        front, back = self.template(values, "front"), self.template(values, "back")
        if "asks" in values.values and not written:
            self.refuse(
                find_first_span(values.values["asks"]), "the card asks nothing", "name a key, as in `asks: [word]`"
            )
        if not asks:
            return None
        in_anki = name.value if name else ONLY_CARD
        return CardTemplate(in_anki, was.value if was else in_anki, asks, answers, front, back)

    def known(self, texts: tuple[Text, ...], fields: tuple[Field, ...]) -> tuple[str, ...]:
        keys = tuple(each.key for each in fields if isinstance(each.holds, Holds))
        for text in texts:
            if text.value not in keys and text.value not in self.broken:
                close = find_closest(text.value, keys)
                hint = f"did you mean `{close}`?" if close else f"its keys: {', '.join(keys)}"
                self.refuse(text.span, f"no field has the key `{text.value}`", hint)
        return tuple(text.value for text in texts if text.value in keys)

    def template(self, values: Fields, key: str) -> SourceFile | None:
        name = values.text(key)
        if name is None:
            return None
        path = f"{self.folder}/{name.value}"
        if path not in self.texts:
            message = f"the card template templates/{path} is missing"
            self.reader.report("missing-file", name.span, message, "put the file back, or remove the key")
            return None
        return self.texts[path]


def make_name(key: str) -> str:
    """Return the name of a field in Anki: `key_points` is `KeyPoints`."""
    return "".join(word[:1].upper() + word[1:] for word in key.split("_"))
