"""A note-type.yaml → NoteType: the keys that it has, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple
from unicodedata import normalize

from cardpress.diagnostics import SourceFile, Span
from cardpress.diagnostics.suggest import propose
from cardpress.note_types import (
    CLOZES,
    DELETED,
    RESERVED_NAMES,
    Fact,
    Field,
    Holds,
    NoteType,
    OcclusionPart,
    OfQuestion,
    Part,
)
from cardpress.source.bank import Text
from cardpress.source.languages import is_language
from cardpress.source.note_types.card_declarations import CardReader, ReadCard
from cardpress.source.note_types.in_anki import FIELD_IN_ANKI, TYPE_IN_ANKI, read_field_in_anki, read_type_in_anki
from cardpress.source.yaml.nodes import Mapping as MappingNode
from cardpress.source.yaml.nodes import Node
from cardpress.source.yaml.nodes import Sequence as SequenceNode
from cardpress.source.yaml.reading import Fields, Reader, Shape, drop_missing, find_first_span

# Keys that every note has, whatever its type, in YAML or in the JSON bundle.
RESERVED_KEYS = ("id", "tags", "recall", "gist", "retired", "allow", "note_type", "guid", "section", "cards", *Fact)

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
        "anki": "What learners have of it already: see [Adopted note types](#adopted-note-types).",
    },
    types={"anki": TYPE_IN_ANKI},
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
        "unique": "`true`, for a number: no two questions have the same.",
        "wanted": "`true`: a note without it is worth a warning.",
        "spoken": "`true`: it is said out loud, in a minute.",
        "one_fact": "`true`: it holds one fact, in few words.",
        "language": "The language of its texts, such as `ja`, when that is not the deck's.",
        "personal": "`true`: it ships empty, [for the learner's own words](#words-of-the-learners-own).",
        "values": "For `one-of`: the list of values.",
        "parts": "For `pairs`: a list of what each pair has, with `key`, `label` and `meaning`.",
        "noun": "For `pairs`: what one pair is called in messages.",
        "anki": "What learners have of it already: see [Adopted note types](#adopted-note-types).",
    },
    types={"anki": FIELD_IN_ANKI},
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
# Fields that all cards of a type show together.
_MOST_SHOWN = 20_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Anki allows no other signs in names of fields (its `fix_name`), and its templates give some of these a meaning.
# Two `@` begin a place that is filled in, as in `@@script@@`.
_NAME = re.compile(r"(?!.*@@)[^\s\"#^/:{}=&!>][^\"#^/:{}\n]{0,59}")
# What its `fix_name` leaves.
_ANY_NAME = re.compile(r"[^\s\"#^/:{}][^\":{}\n]*")


def read_declaration(
    node: Node, reader: Reader, kind: str, file: SourceFile, texts: Mapping[str, SourceFile], *, is_own: bool
) -> tuple[NoteType | None, tuple[Text, ...]]:
    """Return the note type that a file declares, still without those below it, and the names of those.

    There is no note type where its problems, which the reader gets, leave too little. `texts` are the card templates
    and styles by their path below templates/; `is_own` says that a project declares it, and not the engine.
    """
    folder = PurePosixPath(file.path).parent.relative_to("templates").as_posix()
    return _Declaration(reader, kind, file, texts, folder, is_own).read(node)


class _Read(NamedTuple):
    """A field, and the places of its key, its name in Anki and the name that it was released under."""

    field: Field
    key: Span
    name: Span
    was: Span


@dataclass(frozen=True, slots=True)
class _Declaration:
    """Reads one declaration."""

    reader: Reader
    kind: str
    file: SourceFile
    texts: Mapping[str, SourceFile]
    folder: str
    is_own: bool

    def read(self, node: Node) -> tuple[NoteType | None, tuple[Text, ...]]:
        values = self.reader.fields(node, NOTE_TYPE)
        if values is None:
            return None, ()
        title, noun, below = values.label("title"), values.label("noun"), values.texts("below")
        if "fields" not in values.values:
            return None, ()
        before = len(self.reader.diagnostics)
        anki, sort_field = read_type_in_anki(values) or (None, None)
        read: Sequence[_Read] = drop_missing(values.each("fields", self.read_field))
        if anki is None:
            read = self.with_occlusion(self.with_facts(read))
        self.check_fields(read, is_adopted=anki is not None)
        if sort_field and sort_field.value not in {each.field.key for each in read}:
            hint = propose(sort_field.value, [each.field.key for each in read], "name a key of its fields")
            self.refuse(sort_field.span, f"no field has the key `{sort_field.value}`", hint)
        fields = tuple(each.field for each in read)
        # When a field is broken, cards that show it are not.
        is_whole = len(self.reader.diagnostics) == before
        cards_of = CardReader(
            self.reader, self.folder, self.texts, fields, is_whole, self.is_own, is_adopted=anki is not None
        )
        read_cards = drop_missing(values.each("cards", cards_of.read))
        cards_of.check(read_cards)
        for key in ("fields", "cards"):
            listed = values.values.get(key)
            if isinstance(listed, SequenceNode) and not listed.items:
                self.refuse(listed.span, f"`{key}` is empty", f"write at least one, as in `{key}: [{{…}}]`")
        self.check_size(values, read_cards)
        if title is None or not fields or not read_cards:
            return None, ()
        called = noun.value if noun else f"a note of the type {self.kind}"
        cards = tuple(each.card for each in read_cards)
        style = self.texts.get(f"{self.folder}/style.css")
        return NoteType(self.kind, title.value, called, fields, cards, style=style, anki=anki), below

    def check_size(self, values: Fields, cards: Sequence[ReadCard]) -> None:
        """Report cards that show so many fields in all that their templates would have no bound."""
        shown = sum(len(each.card.asks) + len(each.card.answers) for each in cards)
        if shown > _MOST_SHOWN:
            message = f"all cards together show {shown:,} fields; {_MOST_SHOWN:,} are allowed"
            place = find_first_span(values.values["cards"])
            self.reader.report("text-too-long", place, message, "make several note types of it")

    def refuse(self, span: Span, message: str, hint: str) -> None:
        self.reader.report("bad-note-type", span, message, hint)

    # --- fields

    def read_field(self, node: Node) -> _Read | None:
        keys = {key.value for key, _ in node.pairs} if isinstance(node, MappingNode) else set()
        if "fact" in keys:
            return self.fact(node)
        if "of_question" in keys:
            return self.of_question(node)
        values = self.reader.fields(node, FIELD)
        if values is None:
            return None
        key, holds = values.text("key"), self.holds(values)
        name, was, label = values.label("name"), values.label("was"), values.label("label", "truth value")
        meaning, noun, language = values.text("meaning"), values.label("noun"), self.language(values)
        allowed = self.values(values)
        parts = self.parts(values)
        flags = {
            flag: values.flag(flag)
            for flag in ("required", "folded", "unique", "wanted", "spoken", "one_fact", "personal")
        }
        if flags["personal"]:
            self.check_personal(values, holds)
        if key is None or holds is None or not self.is_key(key):
            return None
        in_anki = _clean(name.value) if name else make_field_name(key.value)
        field = Field(
            key=key.value,
            name=in_anki,
            released_name=_clean(was.value) if was else in_anki,
            holds=holds,
            meaning=meaning.value if meaning else "",
            label=label.value if label else "",
            label_place=label.span if label else None,
            place=key.span if self.is_own else None,
            name_place=(name or key).span if self.is_own else None,
            was_place=was.span if was and self.is_own else None,
            is_demanded=flags["required"],
            is_folded=flags["folded"],
            is_unique=flags["unique"],
            is_wanted=flags["wanted"],
            is_spoken=flags["spoken"],
            is_one_fact=flags["one_fact"],
            language=language,
            is_personal=flags["personal"],
            values=allowed,
            parts=parts,
            noun=noun.value if noun else "",
            anki=read_field_in_anki(values),
        )
        return _Read(field, key.span, name.span if name else key.span, was.span if was else key.span)

    def language(self, values: Fields) -> str:
        text = values.text("language", "truth value")  # `no` is Norwegian
        if text and not is_language(text.value):
            hint = "write a tag such as `ja`, `pt-BR` or `zh-Hant`"
            self.refuse(text.span, f"`{text.value}` is not a language tag", hint)
        return text.value if text else ""

    def check_personal(self, values: Fields, holds: Holds | None) -> None:
        """Report what no field can be that ships empty."""
        if holds not in (Holds.LINE, Holds.TEXT, None):
            place = find_first_span(values.values["holds"])
            hint = "write `holds: text`, or `holds: line`"
            self.refuse(place, "a personal field has the learner's own words, and so a text", hint)
        for flag in ("required", "unique", "wanted", "spoken", "one_fact"):
            if values.flag(flag):
                place = find_first_span(values.values[flag])
                self.refuse(place, f"a personal field ships empty, so it cannot be `{flag}`", "remove one of the two")

    def is_key(self, key: Text) -> bool:
        if key.value in RESERVED_KEYS:
            self.refuse(key.span, f"every note has the key `{key.value}` already", "choose another word")
            return False
        return self.is_word(key)

    def is_word(self, key: Text) -> bool:
        if _KEY.fullmatch(key.value):
            return True
        meant = re.sub(r"[^a-z0-9]+", "_", key.value.lower()).strip("_")
        hint = f"write `{meant}`" if _KEY.fullmatch(meant) else "write one such as `key_points`"
        self.refuse(key.span, f"`{key.value}` cannot be a key", f"{hint}: lowercase letters, digits and `_`")
        return False

    def holds(self, values: Fields) -> Holds | None:
        text = values.text("holds")
        if text is None:
            return None
        known = tuple(each.value for each in Holds)
        if text.value not in known:
            hint = propose(text.value, known, f"write one of {', '.join(known)}")
            self.refuse(text.span, f"no field holds `{text.value}`", hint)
            return None
        holds = Holds(text.value)
        needs = {Holds.ONE_OF: "values", Holds.PAIRS: "parts"}
        needed = needs.get(holds)
        for key in {*needs.values()} - {needed} & values.values.keys():
            place = find_first_span(values.values[key])
            self.refuse(place, f"a field that holds `{holds}` has no `{key}`", "remove them, or change what it holds")
        for key in ("required", "wanted") if holds is Holds.FLAG else ():
            if values.flag(key):
                place = find_first_span(values.values[key])
                self.refuse(place, f"a flag cannot be `{key}`", "remove it; a note without the flag has it false")
        if holds is not Holds.NUMBER and values.flag("unique"):
            place = find_first_span(values.values["unique"])
            self.refuse(place, "only a number can be `unique`", "remove it; ids are unique by themselves")
        if needed and needed not in values.values:
            self.refuse(text.span, f"a field that holds `{holds}` needs `{needed}`", f"add `{needed}: […]`")
        elif needed and not getattr(values.values[needed], "items", True):
            place = find_first_span(values.values[needed])
            self.refuse(place, f"`{needed}` is empty", f"write at least one, as in `{needed}: […]`")
        return holds

    def values(self, fields: Fields) -> tuple[str, ...]:
        """Return what a field may hold that holds one of a few, each once."""
        found: dict[str, Text] = {}
        for text in fields.texts("values"):
            if self.reader.is_label(text, "values") and found.setdefault(text.value, text) is not text:
                self.refuse(text.span, f"`{text.value}` stands among the values twice", "remove one of the two")
        return tuple(found)

    def parts(self, values: Fields) -> tuple[Part, ...]:
        read = drop_missing(values.each("parts", self.part))
        first: set[str] = set()
        for part, place in read:
            if part.key in first:
                self.refuse(place, f"two parts have the key `{part.key}`", "give one of them another")
            first.add(part.key)
        return tuple(part for part, _ in read)

    def part(self, node: Node) -> tuple[Part, Span] | None:
        values = self.reader.fields(node, PART)
        if values is None:
            return None
        key, label, meaning = values.text("key"), values.label("label"), values.text("meaning")
        if key is None or label is None or not self.is_word(key):
            return None
        return Part(key.value, label.value, meaning.value if meaning else "", label.span), key.span

    def fact(self, node: Node) -> _Read | None:
        values = self.reader.fields(node, FACT)
        text = values.text("fact") if values else None
        if values is None or text is None:
            return None
        known = tuple(each.value for each in Fact)
        if text.value not in known:
            hint = propose(text.value, known, f"write one of {', '.join(known)}")
            self.refuse(text.span, f"there is no fact `{text.value}`", hint)
            return None
        return self.engine_field(values, text, Fact(text.value))

    def of_question(self, node: Node) -> _Read | None:
        values = self.reader.fields(node, OF_QUESTION)
        text = values.text("of_question") if values else None
        if values is None or text is None:
            return None
        return self.engine_field(values, text, OfQuestion(text.value))

    def engine_field(self, values: Fields, key: Text, holds: Fact | OfQuestion) -> _Read:
        name = values.label("name")
        in_anki = _clean(name.value) if name else make_field_name(key.value)
        place = key.span if self.is_own else None
        name_place = name.span if name else key.span
        field = Field(
            key=key.value,
            name=in_anki,
            released_name=in_anki,
            holds=holds,
            place=place,
            name_place=name_place if self.is_own else None,
        )
        return _Read(field, key.span, name_place, key.span)

    def with_facts(self, fields: Sequence[_Read]) -> Sequence[_Read]:
        """Return the fields, and after them all facts when the declaration names none."""
        if any(isinstance(each.field.holds, Fact) for each in fields):
            return fields
        nowhere = Span(self.file)
        names = {fact: make_field_name(fact.value) for fact in Fact}
        facts = (Field(key=fact.value, name=name, released_name=name, holds=fact) for fact, name in names.items())
        return (*fields, *(_Read(fact, nowhere, nowhere, nowhere) for fact in facts))

    def with_occlusion(self, read: Sequence[_Read]) -> Sequence[_Read]:
        """Return the fields, where one holds masks in the order of Anki's own type, with those of it that are missing.

        Anki's editor knows them by their tags, and where it does not, by their places.
        """
        masks = next((each for each in read if each.field.holds is Holds.OCCLUSION), None)
        if masks is None:
            return read

        def find(key: str, part: OcclusionPart, name: str) -> _Read:
            # One of the learner's own stands last in Anki, where its editor would take others for this one.
            texts = (each for each in read if each.field.holds in (Holds.LINE, Holds.TEXT))
            own = (each for each in texts if each.field.key == key and not each.field.is_personal)
            return next(own, None) or add(part, name)

        def add(part: OcclusionPart, name: str) -> _Read:
            nowhere = Span(self.file)
            return _Read(Field(key=part.value, name=name, released_name=name, holds=part), nowhere, nowhere, nowhere)

        first = (
            masks,
            add(OcclusionPart.IMAGE, "Image"),
            find("header", OcclusionPart.HEADER, "Header"),
            find("extra", OcclusionPart.BACK_EXTRA, "Back Extra"),
            add(OcclusionPart.COMMENTS, "Comments"),
            add(OcclusionPart.LABELS, "Labels"),
        )
        return (*first, *(each for each in read if each not in first))

    def check_fields(self, read: Sequence[_Read], *, is_adopted: bool) -> None:
        """Report a key or a name that two fields have, and a name that Anki cannot keep.

        An adopted one may have any name that Anki keeps, also that of what Anki fills in by itself.
        """
        possible = _ANY_NAME if is_adopted else _NAME
        keys: set[str] = set()
        names: set[str] = set()
        released: set[str] = set()
        # The facts that the engine adds have no place: a clash with one is reported at the author's field.
        for field, key, name, was in sorted(read, key=lambda each: each.key.end > 0):
            is_keyed = isinstance(field.holds, Holds)
            if is_keyed and field.key in keys:
                self.refuse(key, f"two fields have the key `{field.key}`", "give one of them another")
            elif field.name.lower() in names:
                self.refuse(name, f"two fields are called `{field.name}` in Anki", "give one of them another `name`")
            elif field.name in RESERVED_NAMES and not is_adopted:
                self.refuse(name, f"`{field.name}` is what Anki fills in by itself", "write another `name`")
            elif not possible.fullmatch(field.name):
                self.refuse(name, f"Anki can have no field `{field.name}`", "write letters, digits and spaces")
            elif field.released_name in released:
                hint = "write the name under which this one was first released; a new one takes a name that none had"
                self.refuse(was, f"another field was first called `{field.released_name}`", hint)
            keys |= {field.key} if is_keyed else set()
            names.add(field.name.lower())
            released.add(field.released_name)
        # Of these Anki makes cards in any number of fields.
        together = CLOZES if is_adopted else (Holds.HTML_CLOZE,)
        clozes = [each for each in read if each.field.holds in DELETED]
        if all(each.field.holds in together for each in clozes):
            return
        for each in clozes[1:]:
            what = "masks" if each.field.holds is Holds.OCCLUSION else "cloze texts"
            message = f"two fields hold {what}"
            if clozes[0].field.holds is not each.field.holds:
                message = "one field holds a cloze text, and another masks"
            self.refuse(each.key, message, "Anki makes cards from one: keep one")


def _clean(name: str) -> str:
    """Return a name as Anki keeps it: composed characters, and no white space around."""
    return normalize("NFC", name).strip()


def make_field_name(key: str) -> str:
    """Return the name of a field in Anki: `key_points` is `KeyPoints`."""
    return "".join(word[:1].upper() + word[1:] for word in key.split("_"))
