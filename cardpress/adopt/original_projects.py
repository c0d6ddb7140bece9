"""An original → the project that takes its place: what learners have stays to the byte, in files that authors can read.

Notes keep their GUIDs, fields and tags, note types and decks their names and numbers, files their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.kinds import Kind, write_kind
from cardpress.adopt.plans import Plan, PlannedSection, list_tags, make_plan, name_card, name_note
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Value, can_be_cell, write_entries, write_table, write_yaml
from cardpress.anki.field_text import to_plain_text
from cardpress.anki.original import Original, OriginalDeck
from cardpress.deck.names import disarm_name
from cardpress.disk.reading import list_files
from cardpress.engine import ROOT
from cardpress.note_types import Holds
from cardpress.source.contents import SCHEMA
from cardpress.wording import join_words, say_count

# The version that the project begins with: the deck as it was taken over.
VERSION = "0.1.0"
# Notes. Sheets of more fill books, and take long.
_MOST_PRINTED = 2_000
# Characters of a value that reads well in a table, and fields of a note.
_LONGEST_CELL = 160
_MOST_COLUMNS = 8
# How AnkiWeb describes each deck that it hands out.
_OF_ANKIWEB = "Please see the shared deck page"
# Characters of a description.
_LONGEST_DESCRIPTION = 2_000
# Notes. In a deck of more, and among more that begin alike, nobody looks at each; and comparing them takes time.
_MOST_COMPARED, _MOST_ALIKE = 2_000, 20
# Sections that are named where what was taken over is told.
_MOST_NAMED = 20
_SPACE = re.compile(r"\s")
_EDITOR = f"# yaml-language-server: $schema={SCHEMA}\n"
_NO_SHEETS = """\
# A deck of this size has no printed sheets, which would fill books: remove `pdf` to have them.
"""
_FOR_CROWDANKI = """\
# Who has imported the deck with CrowdAnki gets its updates by it, too: from dist/crowdanki/.
"""


def make_project(original: Original, package: bytes | None, wish: Wish) -> Adopted:
    """Return the project of an original. `package` is the file that learners have, None where there is none."""
    plan = make_plan(original, wish, _list_our_kinds())
    files = {path: text.encode() for path, text in write_files(plan).items()}
    if package is not None:
        files[f"dist/{plan.id}.apkg"] = package
    return Adopted(
        form=original.form,
        id=plan.id,
        title=plan.title,
        files=files,
        taken=tuple(say_taken(plan)),
        losses=tuple(_list_losses(plan)),
        media=plan.media,
        package=package,
        plan=plan,
    )


def _list_our_kinds() -> frozenset[str]:
    """Return the names of the engine's own note types, whose files would lie below those of the same name."""
    names = list_files(ROOT / "templates" / "note-types", ROOT).files
    return frozenset(name.partition("/")[0] for name in names)


# --- files


def write_files(plan: Plan) -> dict[str, str]:
    """Return the files of source/ and templates/ of a plan, by their paths in the project."""
    files: dict[str, str] = {}
    tables: dict[str, str] = {}
    for section in plan.sections:
        kinds = {plan.kinds[note.type_key].name: plan.kinds[note.type_key] for _, note in section.notes}
        own = next(iter(kinds.values())) if len(kinds) == 1 else None
        if own and _fits_table(own, section):
            tables[section.id] = f"{section.id}.csv"
            files[f"source/{section.id}.csv"] = write_table(_list_rows(own, section))
        else:
            comment = "".join(_say_html(kinds.values()))
            files[f"source/{section.id}.yaml"] = _EDITOR + comment + write_entries(_list_questions(plan, section))
    for kind in plan.kinds.values():
        files |= write_kind(kind)
    files["source/deck.yaml"] = _EDITOR + "".join(_write_deck(plan, tables))
    return files


def _say_html(kinds: Iterable[Kind]) -> Iterator[str]:
    """Yield what an author has to know who types into the fields of notes: which are HTML."""
    for kind in kinds:
        if keys := kind.list_html():
            yield f"# Of `{kind.name}` these hold HTML (`<b>bold</b>`, not `**bold**`): {', '.join(keys)}.\n"


def _choose_kind(plan: Plan, section: PlannedSection) -> str:
    """Return the kind that a section names: that of most of its notes."""
    return Counter(plan.kinds[note.type_key].name for _, note in section.notes).most_common(1)[0][0]


def _write_deck(plan: Plan, tables: Mapping[str, str]) -> Iterator[str]:
    deck: dict[str, Value] = {"id": plan.id, "title": plan.title, "version": VERSION}
    yield write_yaml(deck)
    yield f"date: {plan.date}\n"
    more: dict[str, Value] = {"language": plan.language} if plan.language else {}
    if description := _describe(plan.root):
        more["description"] = description
    if plan.root.name != plan.title or plan.root.id is not None or plan.root.uuid:
        more["anki"] = _declare_deck(plan.root)
    more |= {"note_type": plan.kind, "inherit_tags": False}
    yield write_yaml(more)
    yield from _write_checks(plan)
    yield from _write_outputs(plan.original)
    yield write_yaml({"sections": [_declare_section(plan, each, tables.get(each.id)) for each in plan.sections]})


def _write_checks(plan: Plan) -> Iterator[str]:
    """Yield which advice is not given of a deck that has been studied as it is, and why."""
    count = len(plan.original.notes)
    if count > _MOST_COMPARED:
        yield f"# {count:,} notes that people study are not searched for any that are alike; remove this to do so.\n"
    elif plan.alike > _MOST_ALIKE:
        yield f"# {plan.alike:,} notes begin as another one does, and learners have them so; remove this to be told.\n"
    else:
        return
    yield "checks: {near-duplicate-question: off}\n"


def _write_outputs(original: Original) -> Iterator[str]:
    """Yield what is made otherwise than of other decks, and why."""
    outputs: dict[str, Value] = {}
    if any(deck.uuid for deck in original.decks):
        outputs["crowdanki"] = True
        yield _FOR_CROWDANKI
    if len(original.notes) > _MOST_PRINTED:
        outputs["pdf"] = False
        yield _NO_SHEETS
    if outputs:
        yield write_yaml({"outputs": outputs})


def _declare_section(plan: Plan, section: PlannedSection, table: str | None) -> dict[str, Value]:
    declared: dict[str, Value] = {"id": section.id, "title": section.title}
    if description := _describe(section.deck) if section.deck.name != plan.root.name else "":
        declared["description"] = description
    if table:
        declared["table"] = table
    if (kind := _choose_kind(plan, section)) != plan.kind:
        declared["note_type"] = kind
    anki = _declare_deck(section.deck)
    if section.deck.preset_uuid == plan.root.preset_uuid:
        anki.pop("preset", None)  # it is the deck's
    if section.card_decks:
        anki["card_decks"] = {card: _declare_card_deck(deck) for card, deck in section.card_decks.items()}
    return declared | {"anki": anki}


def _declare_deck(deck: OriginalDeck) -> dict[str, Value]:
    declared: dict[str, Value] = {"id": deck.id} if deck.id is not None else {}
    if deck.name:
        declared["name"] = deck.name
    if deck.uuid:
        declared["uuid"] = deck.uuid
    if deck.preset_uuid:
        declared["preset"] = {"uuid": deck.preset_uuid, "name": deck.preset_name}
    return declared


def _declare_card_deck(deck: OriginalDeck) -> dict[str, Value]:
    declared: dict[str, Value] = {"id": deck.id} if deck.id is not None else {}
    declared["name"] = deck.name
    if description := _describe(deck):
        declared["description"] = description
    return declared


def _describe(deck: OriginalDeck) -> str:
    """Return what is said of a deck, "" for what Anki itself writes into one that came from AnkiWeb."""
    text = " ".join(to_plain_text(deck.description).split())
    return "" if text.startswith(_OF_ANKIWEB) else text[:_LONGEST_DESCRIPTION]


def _list_questions(plan: Plan, section: PlannedSection) -> Iterator[dict[str, Value]]:
    usual = _choose_kind(plan, section)
    for note_id, note in section.notes:
        kind = plan.kinds[note.type_key]
        question: dict[str, Value] = {"id": note_id, "guid": note.guid}
        if kind.name != usual:
            question["note_type"] = kind.name
        question |= {key: value for key, value in zip(kind.keys, kind.write_fields(note), strict=True) if value}
        if tags := list_tags(note):
            question["tags"] = list(tags)
        yield question


def _fits_table(kind: Kind, section: PlannedSection) -> bool:
    """Return whether the notes of a section read well in a table."""
    if not kind.is_flat or len(kind.keys) > _MOST_COLUMNS or Holds.HTML_CLOZE in kind.holds:
        return False
    return all(
        len(value) <= _LONGEST_CELL and "\n" not in value and can_be_cell(value)
        for _, note in section.notes
        for value in (note.guid, *kind.write_fields(note))
    ) and not any(_SPACE.search(tag) for _, note in section.notes for tag in note.tags)


def _list_rows(kind: Kind, section: PlannedSection) -> Iterator[Sequence[str]]:
    filled = [any(note.fields[place] for _, note in section.notes) for place in range(len(kind.keys))]
    places = [place for place, is_filled in enumerate(filled) if is_filled]
    tags = any(list_tags(note) for _, note in section.notes)
    yield ["id", *(kind.keys[place] for place in places), *(["tags"] if tags else []), "guid"]
    for note_id, note in section.notes:
        own = [" ".join(list_tags(note))] if tags else []
        fields = kind.write_fields(note)
        yield [note_id, *(fields[place] for place in places), *own, note.guid]


# --- what is told


def say_taken(plan: Plan) -> Iterator[str]:
    """Yield what the project has of an original, a line each."""
    notes = [note for section in plan.sections for _, note in section.notes]
    kinds = dict.fromkeys(plan.kinds[note.type_key].name for note in notes)
    titles = [section.title for section in plan.sections]
    more = [f"{len(titles) - _MOST_NAMED:,} more"] if len(titles) > _MOST_NAMED else []
    yield f"{say_count(len(notes), 'note')} with {say_count(sum(len(note.cards) for note in notes), 'card')}"
    yield f"{say_count(len(kinds), 'note type')}: {', '.join(kinds)}"
    yield f"{say_count(len(titles), 'section')}: {', '.join([*titles[:_MOST_NAMED], *more])}"
    html = [f"{kind.name} ({', '.join(keys)})" for kind in plan.kinds.values() if (keys := kind.list_html())]
    if html:
        yield f"fields of HTML, where `<b>` makes bold and Markdown's signs are shown as typed: {'; '.join(html)}"
    if plan.media:
        yield f"{say_count(len(plan.media), 'file')} in source/media/"


def _list_losses(plan: Plan) -> Iterator[Loss]:
    """Yield what is not in the project as it was in the original."""
    for remark in plan.original.remarks:
        yield Loss("", remark)
    for note, why in plan.left_out:
        yield Loss(name_note(note), why)
    kept = {name.casefold(): name for name in plan.media}
    for name in plan.original.media:
        if name not in plan.media:
            why = f"left out: {kept[name.casefold()]} has this name but for capitals, and no Mac or Windows holds both"
            yield Loss(name, f"{why}; learners keep theirs")
    note_ids = plan.list_ids()
    for name, notes in plan.missing_media.items():
        for note in notes:
            what = f"names the file {name}, which the source lacks: put it into source/media/"
            if other := kept.get(name.casefold()):
                what = f"names the file {name}, which is left out: give it another name, or let the note name {other}"
            yield Loss(name_note(note), what, note_ids.get(note.guid, ""))
    yield from _list_renamed(plan)
    yield from _list_split(plan)


def _list_renamed(plan: Plan) -> Iterator[Loss]:
    """Yield the decks whose names Anki would make something of when a card shows them: they ship under other ones."""
    decks = (deck for section in plan.sections for deck in (section.deck, *section.card_decks.values()))
    for name in dict.fromkeys((plan.root.name, *(deck.name for deck in decks))):
        if disarm_name(name) != name:
            yield Loss(name, "is a deck of its own from the next release on: a card that shows its name would act")


def _list_split(plan: Plan) -> Iterator[Loss]:
    """Yield the notes of which some cards lie in another deck than cards of the same template."""
    types = {each.key: each for each in plan.original.note_types}
    for section in plan.sections:
        for note_id, note in section.notes:
            elsewhere: dict[tuple[str, str], list[str]] = {}
            for number, deck in sorted(note.cards):
                card = name_card(types[note.type_key], number)
                usual = section.card_decks.get(card, section.deck).name
                if deck != usual:
                    elsewhere.setdefault((usual, deck), []).append(card or str(number))
            for (usual, deck), cards in elsewhere.items():
                which = f"card{'s' if len(cards) > 1 else ''} {join_words(cards)}"
                what = f"new learners get its {which} in {usual}; who has it in {deck} keeps it there"
                yield Loss(name_note(note), what, note_id)
