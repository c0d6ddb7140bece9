"""The deck as a folder for CrowdAnki: `deck.json`, `media/`, and which fields are the learner's own.

CrowdAnki, an add-on for Anki, imports such a folder, by itself or from GitHub. It knows decks, presets and note types
by ids of its own, which stay the same, and notes by their GUIDs. Whatever is said of a deck, a preset or a note type
takes the place of what a learner has: so that is its name, and what cards look like, and no more. Where fields or card
templates are not to the letter those that a learner has, it asks how notes shall be moved: so each has every key that
Anki itself gives it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from unicodedata import normalize
from urllib.parse import unquote

from cardpress.anki.card_templates import join_css
from cardpress.anki.fields import get_fields, write_description, write_plain
from cardpress.anki.models import (
    JsonObject,
    describe_type,
    find_sort_field,
    write_cards,
    write_fields,
    write_name,
    write_spare_cards,
)
from cardpress.anki.stamps import Shipped, list_shipped
from cardpress.deck.names import LEVELS, disarm_name
from cardpress.deck.notes import CrowdAnkiIds, Deck, DeckSection
from cardpress.markdown.entities import unescape
from cardpress.note_types import NoteType
from cardpress.note_types.identity import make_uuid
from cardpress.note_types.in_anki import USUAL_FONT, USUAL_LATEX_AFTER, USUAL_LATEX_BEFORE, USUAL_SIZE
from cardpress.publish.artifact import Artifact
from cardpress.source.media.formats import guess_media_type
from cardpress.wording import say_count
from cardpress.writers import Written

_FOLDER, _FILE, _MEDIA, _OPTIONS = "crowdanki", "deck.json", "media", "import_config.yaml"
# What a field shows: a sound, or what an element loads.
_SHOWN = re.compile(r"""\[sound:([^\]]+)\]|\b(?:src|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# Breaks of lines for YAML, and signs that it does not have.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_ANY_TYPE = "application/octet-stream"
# What Anki itself says of each field and card template, in alphabetical order.
_FIELD = {
    "collapsed": False,
    "description": "",
    "excludeFromSearch": False,
    "font": USUAL_FONT,
    "plainText": False,
    "preventDeletion": False,
    "rtl": False,
    "size": USUAL_SIZE,
    "sticky": False,
    "tag": None,
}
_CARD = {"bafmt": "", "bfont": "", "bqfmt": "", "bsize": 0, "did": None}


@dataclass(slots=True)
class _Node:
    """A deck: its full name, and the notes and decks in it."""

    name: str
    description: str
    ids: CrowdAnkiIds
    notes: list[Shipped] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    def walk(self) -> Iterator[_Node]:
        """Yield the deck, and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


def write(deck: Deck) -> Written:
    """Return the folder `crowdanki/`. A deck that is no part of the first one has a folder of its own in it."""
    artifacts: list[Artifact] = []
    for number, root in enumerate(_grow(deck), 1):
        folder = _FOLDER if number == 1 else f"{_FOLDER}/{number}"
        artifacts += _write_folder(deck, root, folder, is_first=number == 1)
    return Written(tuple(artifacts))


def _grow(deck: Deck) -> list[_Node]:
    """Return the decks that are in no other one, with those in them. That of the deck's own name comes first.

    Sections of the same name share a deck. A retired note is left out: CrowdAnki would make cards of it for everybody.
    """
    # Where the deck came from CrowdAnki, its folder is in git: another version alone changes nothing there.
    described = write_plain(deck.description) if deck.crowdanki.is_known else write_description(deck)
    nodes = {_fold(deck.names.name): _Node(disarm_name(deck.names.name), described, deck.crowdanki)}
    for section in deck.sections:
        nodes.setdefault(_fold(section.names.name), _make_node(section))
    for each in list_shipped(deck):
        if not each.is_retired:
            name = each.section.find_first_deck(each.note)
            if _fold(name) not in nodes:
                nodes[_fold(name)] = _make_card_node(deck, each.section, name)
            nodes[_fold(name)].notes.append(each)
    roots: list[_Node] = []
    for key, node in nodes.items():
        levels = key.split(LEVELS)
        above = (LEVELS.join(levels[:count]) for count in range(len(levels) - 1, 0, -1))
        parent = next((nodes[name] for name in above if name in nodes), None)
        (parent.children if parent else roots).append(node)
    filled = [root for root in roots if any(node.notes for node in root.walk())]
    return filled or roots[:1]


def _make_node(section: DeckSection) -> _Node:
    return _Node(disarm_name(section.names.name), write_plain(section.description), section.crowdanki)


def _make_card_node(deck: Deck, section: DeckSection, name: str) -> _Node:
    """Return a deck in which some notes of a section have their first cards."""
    template = next(key for key, each in section.names.card_decks.items() if each.name == name)
    ids = replace(section.crowdanki, deck=make_uuid(deck.id, "section", section.id, "cards", template))
    return _Node(disarm_name(name), write_plain(section.card_decks.get(template, "")), ids)


def _fold(name: str) -> str:
    """Return a name of which Anki has one deck alone."""
    return normalize("NFC", name).casefold()


def _write_folder(deck: Deck, root: _Node, folder: str, *, is_first: bool) -> Iterator[Artifact]:
    media = {each.name: each.data for each in deck.list_media_of_anki()}
    used = {each.note.note_type.kind for node in root.walk() for each in node.notes}
    note_types = [each for each in deck.note_types if each.kind in used]
    shown = {id(node): _list_media(node, media) for node in root.walk()}
    shipped = set(media) if is_first else {name for names in shown.values() for name in names} | _list_hidden(media)
    content = _write_deck(deck, root, None, shown) | {
        "note_models": [_write_note_type(deck, each) for each in note_types],
        "deck_configurations": _write_presets(root),
    }
    # As CrowdAnki itself writes it, so that what it exports one day differs in what is another alone.
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=4)
    count = sum(len(node.notes) for node in root.walk())
    holds = f"{say_count(count, 'note')}, for CrowdAnki"
    yield Artifact(f"{folder}/{_FILE}", text.encode(), "application/json", holds)
    if options := _write_options(deck, note_types):
        yield Artifact(
            f"{folder}/{_OPTIONS}", options.encode(), "application/yaml", "which fields are the learner's own"
        )
    for name in sorted(shipped):
        yield Artifact(f"{folder}/{_MEDIA}/{name}", media[name], guess_media_type(name) or _ANY_TYPE, "shown by cards")


def _write_deck(deck: Deck, node: _Node, parent: _Node | None, shown: Mapping[int, list[str]]) -> JsonObject:
    # A deck has its name in the one above, as CrowdAnki has it. That of a level between the two stays in it: what is
    # said of a deck there could be another one for CrowdAnki than the one that a learner has.
    name = node.name[len(parent.name) + len(LEVELS) :] if parent else node.name
    return {
        "__type__": "Deck",
        "children": [_write_deck(deck, child, node, shown) for child in node.children],
        "crowdanki_uuid": node.ids.deck,
        "deck_config_uuid": node.ids.preset,
        "desc": node.description,
        "dyn": 0,
        "media_files": shown[id(node)],
        "name": name,
        "notes": [_write_note(deck, each) for each in node.notes],
    }


def _write_note(deck: Deck, each: Shipped) -> JsonObject:
    return {
        "__type__": "Note",
        "fields": list(get_fields(each.section, each.parent, each.note).values()),
        "guid": each.note.guid,
        "note_model_uuid": each.note.note_type.uuid(deck.id),
        "tags": list(each.note.tags),
    }


def _write_presets(root: _Node) -> list[JsonObject]:
    """Return presets by their names alone: a learner who has one keeps its options, others get Anki's own."""
    names = {node.ids.preset: node.ids.preset_name for node in root.walk()}
    return [{"__type__": "DeckConfig", "crowdanki_uuid": uuid, "name": name} for uuid, name in names.items()]


def _write_note_type(deck: Deck, note_type: NoteType) -> JsonObject:
    return {
        "__type__": "NoteModel",
        "crowdanki_uuid": note_type.uuid(deck.id),
        "css": join_css(deck, note_type),
        "flds": _number(_write_fields(deck, note_type), _FIELD),
        "latexPost": USUAL_LATEX_AFTER,
        "latexPre": USUAL_LATEX_BEFORE,
        "latexsvg": False,
        "name": write_name(deck, note_type),
        # Of a type that Anki makes anew it would be that of another one.
        "originalStockKind": 0,
        "sortf": find_sort_field(note_type),
        "tmpls": _number([*_write_cards(deck, note_type), *write_spare_cards(deck, note_type)], _CARD),
        "type": int(note_type.is_cloze),
        **describe_type(note_type),
    }


def _number(parts: Iterable[JsonObject], usual: JsonObject) -> list[JsonObject]:
    """Return fields or cards with all that Anki says of them."""
    return [{**usual, **each, "ord": number} for number, each in enumerate(parts)]


def _write_fields(deck: Deck, note_type: NoteType) -> list[JsonObject]:
    fields = write_fields(deck, note_type)
    if not note_type.anki:
        return fields
    ids = [field.anki.id if field.anki else None for field in note_type.fields]
    return _as_learners_have(fields, ids, note_type.anki.crowdanki.fields if note_type.anki.crowdanki else ())


def _write_cards(deck: Deck, note_type: NoteType) -> list[JsonObject]:
    cards = write_cards(deck, note_type)
    if not note_type.anki:
        return cards
    ids = [card.anki.id for card in note_type.cards]
    return _as_learners_have(cards, ids, note_type.anki.crowdanki.cards if note_type.anki.crowdanki else ())


def _as_learners_have(
    parts: Iterable[JsonObject], ids: Iterable[int | None], unusual: Iterable[JsonObject]
) -> list[JsonObject]:
    """Return fields or cards of an adopted note type. Where the original had no ids, learners have none either."""
    more = chain(unusual, repeat({}))
    return [{**part, "id": number, **each} for part, number, each in zip(parts, ids, more, strict=False)]


def _write_options(deck: Deck, note_types: Iterable[NoteType]) -> str:
    """Return what makes CrowdAnki propose that the learner's own fields stay as they are, "" where there are none."""
    lines: list[str] = []
    for note_type in note_types:
        if note_type.personal:
            names = ", ".join(_quote(each.name) for each in note_type.personal)
            lines += [f"  {_quote(write_name(deck, note_type))}:", f"    personal_fields: [{names}]"]
    return "\n".join(["note_models:", *lines, ""]) if lines else ""


def _quote(text: str) -> str:
    """Return a text in quotes, for YAML."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _list_hidden(media: Iterable[str]) -> set[str]:
    """Return the files that card templates and styles may show, which Anki knows by how their names begin."""
    return {name for name in media if name.startswith("_")}


def _list_media(node: _Node, media: Mapping[str, bytes]) -> list[str]:
    """Return the names of the files that a deck's own notes show, sorted."""
    found: set[str] = set()
    for each in node.notes:
        for text in each.fields.values():
            if "[sound:" in text or "=" in text:
                found.update(name for match in _SHOWN.finditer(text) for name in _read_names(match))
    return sorted(found & media.keys())


def _read_names(match: re.Match[str]) -> tuple[str, ...]:
    """Return what a name may be: Anki takes it as HTML has it, or as an address has it."""
    text = unescape(next(filter(None, match.groups()), ""))
    return text, unquote(text)
