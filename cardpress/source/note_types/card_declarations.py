"""The cards of a note-type.yaml → CardTemplates, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cardpress.diagnostics import SourceFile, Span
from cardpress.diagnostics.suggest import find_closest, propose
from cardpress.note_types import CLOZES, DELETED, ONLY_CARD, SHOWN_THROUGH, TEXTS, CardTemplate, Field, Holds
from cardpress.source.bank import Text
from cardpress.source.note_types.in_anki import CARD_IN_ANKI, read_card_in_anki
from cardpress.source.yaml.nodes import Node
from cardpress.source.yaml.nodes import Sequence as SequenceNode
from cardpress.source.yaml.reading import Fields, Reader, Shape, find_first_span

CARD = Shape(
    "a card",
    {"asks": "The keys that its front shows.", "answers": "The keys that its back adds, the answer first."},
    {
        "name": "Its name in Anki; without one, `Card`. No two cards have the same.",
        "was": "The name that it was first released under, when that was another.",
        "when": "The key of a flag: only notes for which it is true have this card. The first card has none.",
        "typed": "The key of what the learner types, which is among its `answers`, or the cloze text.",
        "typed_when": "The key of a flag: what is `typed` is typed only for notes for which it is true.",
        "front": "The file beside `note-type.yaml` with Anki's template; without one, the engine writes it.",
        "back": "The same, for the back.",
        "anki": "What learners have of it already: see [Adopted note types](#adopted-note-types).",
    },
    types={"anki": CARD_IN_ANKI},
)
# What a learner can type, in a line.
_TYPED = (Holds.LINE, Holds.TEXT, Holds.NUMBER, Holds.ONE_OF, Holds.CLOZE)


class ReadCard(NamedTuple):
    """A card, and the places of what it asks, its name, the name that it was released under, and its flag."""

    card: CardTemplate
    asks: Span
    name: Span
    was: Span
    when: Span | None


@dataclass(frozen=True, slots=True)
class CardReader:
    """Reads the cards of one declaration.

    `texts` are the card templates by their path below templates/, `folder` the note type's. When a field of the
    declaration is broken, it is not `whole`, and cards that show an unknown key are not to blame. `is_own` says that a
    project declares it, and not the engine.
    """

    reader: Reader
    folder: str
    texts: Mapping[str, SourceFile]
    fields: Sequence[Field]
    is_whole: bool
    is_own: bool
    # Learners have its cards already, whatever these show.
    is_adopted: bool = False
    # What the fields hold, by their keys.
    held: dict[str, Holds] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        held = {each.key: each.holds for each in self.fields if isinstance(each.holds, Holds)}
        object.__setattr__(self, "held", held)

    def read(self, node: Node) -> ReadCard | None:
        """Return the card in a node, None when too little of it can be read."""
        values = self.reader.fields(node, CARD)
        if values is None:
            return None
        name, was = (values.label(key, is_exact=self.is_adopted) for key in ("name", "was"))
        asks, asks_through = self._side(values, "asks")
        answers, answers_through = self._side(values, "answers")
        for each in answers:
            filters = asks_through.get(each.value), answers_through.get(each.value)
            # Through two filters it is two things: how a word is written, and how it is read.
            if each.value in {text.value for text in asks} and len({*filters}) == 1:
                self._refuse(each.span, f"the card names `{each.value}` twice", "remove one of the two")
        listed = values.values.get("asks")
        if isinstance(listed, SequenceNode) and not listed.items and not self.is_adopted:
            self._refuse(listed.span, "the card asks nothing", "name a key, as in `asks: [word]`")
        front, back = self._template(values, "front"), self._template(values, "back")
        if self.is_adopted:
            self._check_files(node, values)
        when, typed_when = self._flag(values, "when"), self._flag(values, "typed_when")
        typed = self._typed(values, asks, answers)
        asked = self._known(asks)
        if not asked and not (self.is_adopted and not asks):
            return None
        personal = {each.key for each in self.fields if each.is_personal}
        if asked and personal.issuperset(asked) and not self.is_adopted:
            self._refuse(asks[0].span, "the card asks nothing that ships", "name a key that is not personal, too")
            return None
        name_place = name.span if name else find_first_span(node)
        in_anki = name.value if name else ONLY_CARD
        if name is None and "name" in values.values:  # reported, so that it is not that of another card, too
            in_anki = f"{ONLY_CARD} {name_place.start}"
        card = CardTemplate(
            name=in_anki,
            released_name=was.value if was else in_anki,
            asks=asked,
            answers=self._known(answers),
            front=front,
            back=back,
            when=when.value if when else "",
            typed=typed.value if typed else "",
            typed_when=typed_when.value if typed_when else "",
            asks_through=asks_through,
            answers_through=answers_through,
            place=name_place if self.is_own else None,
            was_place=was.span if was and self.is_own else None,
            anki=read_card_in_anki(values),
        )
        asks_place = asks[0].span if asks else name_place
        return ReadCard(card, asks_place, name_place, was.span if was else name_place, when.span if when else None)

    def _check_files(self, node: Node, values: Fields) -> None:
        """Report an adopted card without templates of its own: the engine makes none that learners have already."""
        for side in ("front", "back"):
            if side not in values.values:
                message = f"the engine writes no {side} of an adopted card"
                hint = f"put the template that learners have into a file beside this one: `{side}: {side}.html`"
                self._refuse(find_first_span(node), message, hint)

    def _side(self, values: Fields, side: str) -> tuple[tuple[Text, ...], dict[str, str]]:
        """Return the keys that a side names, and the filters that it shows some of them through."""
        keys: dict[str, Text] = {}
        through: dict[str, str] = {}
        for text in values.texts(side):
            name, colon, key = text.value.rpartition(":")
            written = Text(key, text.place(len(name) + 1, len(text.value))) if colon else text
            if colon and name not in SHOWN_THROUGH:
                hint = propose(name, SHOWN_THROUGH, f"write one of {', '.join(SHOWN_THROUGH)}, or the key alone")
                self._refuse(text.span, f"no card shows a field through `{name}`", hint)
            elif colon:
                through[key] = name
            if key in keys:
                self._refuse(text.span, f"the card names `{key}` twice", "remove one of the two")
            keys.setdefault(key, written)
            self._check_shown(written)
        return tuple(keys.values()), through

    def _check_shown(self, key: Text) -> None:
        holds = self.held.get(key.value)
        if holds is None:
            self._report_unknown(key)
        elif holds is Holds.FLAG:
            hint = f"remove it; to decide by it whether there is the card, write `when: {key.value}`"
            self._refuse(key.span, f"`{key.value}` is a flag, which no card shows", hint)

    def _flag(self, values: Fields, key: str) -> Text | None:
        """Return the name of the flag that a card has under a key, None where there is none or it is no flag."""
        text = values.text(key, "truth value")
        if text is None:
            return None
        holds = self.held.get(text.value)
        if holds is None and text.value.lower() in ("true", "yes", "on"):
            hint = f"write the key of a flag, as in `{key}: reverse`"
            self._refuse(text.span, f"`{key}` names a flag, and `{text.value}` is none", hint)
        elif holds is None:
            self._report_unknown(text)
        elif holds is not Holds.FLAG:
            flags = ", ".join(each.key for each in self.fields if each.holds is Holds.FLAG)
            hint = f"name one of these flags: {flags}" if flags else f"let `{text.value}` hold `flag`, or name a flag"
            self._refuse(text.span, f"`{text.value}` holds `{holds}`, and is no flag", hint)
        elif key == "typed_when" and "typed" not in values.values:
            self._refuse(text.span, "nothing is typed on this card", "name what is, as in `typed: word`")
        else:
            return text
        return None

    def _typed(self, values: Fields, asks: Sequence[Text], answers: Sequence[Text]) -> Text | None:
        """Return the name of the field that the learner types, None where there is none or it cannot be typed."""
        text = values.text("typed", "truth value")
        if text is None:
            return None
        holds = self.held.get(text.value)
        if holds is None and text.value.lower() in ("true", "yes", "on"):
            likely = next((each.value for each in answers if self.held.get(each.value) in _TYPED), "word")
            hint = f"write its key, as in `typed: {likely}`"
            self._refuse(text.span, f"`{text.value}` does not say what is typed", hint)
            return None
        asked, answered = ({each.value for each in side} for side in (asks, answers))
        if holds is None:
            self._report_unknown(text)
        elif any(each.key == text.value and each.is_personal for each in self.fields):
            hint = "name one that ships with what is to be typed"
            self._refuse(text.span, f"nobody can type `{text.value}`, which ships empty", hint)
        elif holds not in (*_TYPED, *CLOZES):
            hint = f"name one that holds {', '.join(_TYPED[:-1])} or {_TYPED[-1]}"
            self._refuse(text.span, f"nobody can type `{text.value}`, which holds `{holds}`", hint)
        elif holds in CLOZES and text.value not in asked:
            self._refuse(text.span, f"the card does not ask `{text.value}`", f"add `{text.value}` to its `asks`")
        elif holds not in CLOZES and text.value in asked:
            hint = "move it from `asks` to `answers`"
            self._refuse(text.span, f"the card shows `{text.value}` before it is typed", hint)
        elif holds not in CLOZES and text.value not in answered:
            self._refuse(text.span, f"the card does not answer `{text.value}`", f"add `{text.value}` to its `answers`")
        else:
            return text
        return None

    def _report_unknown(self, key: Text) -> None:
        if not self.reader.is_full and (self.is_whole or find_closest(key.value, self.held)):
            hint = propose(key.value, self.held, f"its keys: {', '.join(self.held)}")
            self._refuse(key.span, f"no field has the key `{key.value}`", hint)

    def _known(self, texts: Iterable[Text]) -> tuple[str, ...]:
        return tuple(text.value for text in texts if text.value in self.held)

    def _template(self, values: Fields, key: str) -> SourceFile | None:
        name = values.text(key)
        if name is None:
            return None
        path = f"{self.folder}/{name.value}"
        if path not in self.texts:
            message = f"the card template templates/{path} is missing"
            self.reader.report("missing-file", name.span, message, f"put the file there, or remove `{key}`")
            return None
        return self.texts[path]

    def check(self, read: Sequence[ReadCard]) -> None:
        """Report cards of one name, a first card that asks no text, and cards that Anki makes of no cloze text."""
        names: set[str] = set()
        released: set[str] = set()
        for card, _, name, was, _ in read:
            if card.name in names:
                self._refuse(name, f"two cards are called `{card.name}`", "give each a `name` of its own")
            elif card.released_name in released:
                hint = "write the name under which this one was first released; a new one takes a name that none had"
                self._refuse(was, f"another card was first called `{card.released_name}`", hint)
            names.add(card.name)
            released.add(card.released_name)
        all_deleted = [each for each in self.fields if each.holds in DELETED]
        deleted = all_deleted[0] if all_deleted else None
        cloze = deleted.key if deleted else None
        if not read:
            return
        first = read[0]
        if first.when is not None:
            hint = "remove `when`, or put the card behind another one"
            self._refuse(first.when, "the first card is one that every note has", hint)
        if cloze is not None and (len(read) > 1 or not any(each.key in first.card.asks for each in all_deleted)):
            place = read[1].name if len(read) > 1 else first.asks
            what = "masks" if deleted and deleted.holds is Holds.OCCLUSION else "a cloze text"
            message = f"Anki makes the cards of {what} itself"
            self._refuse(place, message, f"keep one card, which asks it: `asks: [{cloze}]`")
        elif not self.is_adopted and not any(
            each.key in first.card.asks and each.holds in TEXTS and not each.is_personal for each in self.fields
        ):
            hint = "name a key that holds a line or a text first; a note is known by it"
            self._refuse(first.asks, "the first card asks no text", hint)

    def _refuse(self, span: Span, message: str, hint: str) -> None:
        self.reader.report("bad-note-type", span, message, hint)
