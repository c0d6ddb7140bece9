"""Reports of what changed since a release: for people, for a changelog, for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rapidfuzz.distance import LCSseq

from cardpress.diagnostics.visible import to_json
from cardpress.note_types import ONLY_CARD
from cardpress.release.changes import KINDS, Addition, Change, Changes, FieldChange, NewName, Renaming
from cardpress.wording import join_words, say_count, say_noun

# How many questions a changelog lists of each kind of change. Nobody reads further.
_LONGEST_LIST = 12
# How many new titles of sections a sentence has.
_MOST_TITLES = 3
# Lines of the old and the new text of a field, multiplied, up to which equal lines are found. The longest text of a
# question has 10,000 lines.
_MOST_COMPARED = 100_000_000
# What README.md tells learners.
_EXCEPT = "except where a learner or Anki edited the note after the day of the release, or they added a field or a card"


def summarize(found: Changes, escape: Callable[[str], str] = str) -> str:
    """Return one line on what the changes mean for learners who have the last release. Titles in it are escaped."""
    new, retired, moved = found.count("new"), found.count("retired"), found.count("moved")
    updated = sum(1 for change in found.notes if change.updates and "retired" not in change.what)
    titles = [
        *(_say_deck(each, escape) for each in found.titles if each.is_deck),
        *_say_sections([each for each in found.titles if not each.is_deck], escape),
    ]
    parts = [
        f"{say_count(new, 'new note')}{_say_with_cards(found.cards_of_new)}" if new else "",
        f"{say_count(updated, 'note')} {_verb(updated)} updated" if updated else "",
        _say_new_cards(found),
        f"{say_count(moved, 'note')} {_verb(moved)} moved (cards stay where a learner has them)" if moved else "",
        f"{say_count(retired, 'note')} {_verb(retired)} retired" if retired else "",
        *_say_additions(found.additions, escape),
        *_say_names([each for each in found.names if not each.is_spare], escape),
        f"the design of {join_words(found.designs)} cards is updated" if found.designs else "",
    ]
    said = [*([part for part in parts if part] or ["no note changes"]), *titles]
    return ", ".join([*said, "0 schedules lost"] if found.since else said)


def _say_with_cards(cards: int) -> str:
    return f" with {say_count(cards, 'card')}" if cards else ""


def _say_new_cards(found: Changes) -> str:
    """Return how many cards come to notes that learners have, and which these are where a note type has several."""
    cards = [name for change in found.notes if "new" not in change.what for name in change.cards]
    if not cards:
        return ""
    names = join_words([name for name in dict.fromkeys(cards) if name != ONLY_CARD] or [""])
    where = "a released note" if len(cards) == 1 else "released notes"
    return f"{say_count(len(cards), 'new card')} in {where}{f' ({names})' if names else ''}"


def _say_additions(additions: Sequence[Addition], escape: Callable[[str], str]) -> Iterator[str]:
    """Yield what each note type gets, and which spare ones that takes."""

    def say(each: Addition) -> str:
        part = "card" if each.is_card else "field"
        if each.name != each.spare:
            return f"the {part} {escape(each.name)} (in place of {each.spare})"
        if each.name == each.label:
            return f"the {part} {escape(each.name)}"
        return f"the {part} {escape(each.label)} ({each.name} in Anki)"

    for title in dict.fromkeys(each.title for each in additions):
        yield f"{escape(title)} gets {join_words([say(each) for each in additions if each.title == title])}"


def _say_names(names: Sequence[NewName], escape: Callable[[str], str]) -> Iterator[str]:
    """Yield which fields and cards of each note type are renamed."""
    for title in dict.fromkeys(each.title for each in names):
        own = [f"the {_part(each)} {escape(each.old)} to {escape(each.new)}" for each in names if each.title == title]
        yield f"{escape(title)} renames {join_words(own)}"


def _part(name: NewName) -> str:
    return "card" if name.is_card else "field"


def _warn_of_names(names: Sequence[NewName]) -> str:
    """Return what an author may want to do about new names, since older Ankis take a note type with such for another.

    What that means for learners stands in docs/releases.md; a test has tried it.
    """
    titles = join_words([f"{title} notes" for title in dict.fromkeys(each.title for each in names)])
    kept = join_words([f"`name: {name}`" for name in dict.fromkeys(each.old for each in names)])
    return (
        f"names in Anki change: who has the deck from an Anki before 23.10 gets no more updates of {titles}, unless "
        f"they rename these by hand first, as the release notes tell them; {kept} would keep them"
    )


def tell_exchanged(found: Changes) -> Iterator[str]:
    """Yield what no release may do: notes that have exchanged their ids."""
    for note_id, was in sorted(found.exchanged.items()):
        why = "learners' schedules would go on with it"
        yield f"`{note_id}` holds what was released as `{was}`, and {why}; write `id: {was}`"


def _tell_names(names: Sequence[NewName]) -> Iterator[str]:
    """Yield what learners do about new names, in Markdown."""
    for note_type in dict.fromkeys(each.note_type for each in names):
        own = [each for each in names if each.note_type == note_type]
        renamed = [f"the {_part(each)} *{_escaped(each.old)}* to *{_escaped(each.new)}*" for each in own]
        yield (
            f"If you have this deck from an Anki before 23.10: in *Tools → Manage Note Types*, choose "
            f"*{_escaped(note_type)}*, and rename {join_words(renamed)} before you import (*Fields…*; *Cards…*, "
            "*Options*). Otherwise your notes of that type are not updated any more. Renamed so, your cards keep their "
            "design until a later release changes it, and new ones are blank until then. All others have nothing to do."
        )


def _say_deck(renamed: Renaming, escape: Callable[[str], str]) -> str:
    old, new = escape(renamed.name), escape(renamed.new)
    return f'the deck is renamed "{new}" (in Anki it stays "{old}")'


def _say_sections(renamed: Sequence[Renaming], escape: Callable[[str], str]) -> Iterator[str]:
    if len(renamed) > _MOST_TITLES:
        yield f"{len(renamed)} sections are renamed (in Anki their names stay)"
    elif renamed:
        pairs = [f'section "{escape(each.old)}" is renamed "{escape(each.new)}"' for each in renamed]
        yield f"{join_words(pairs)} (in Anki {'its name stays' if len(renamed) == 1 else 'their names stay'})"


def as_text(found: Changes, *, fields: bool = False) -> str:
    """Return the changes as text for a terminal. With `fields`, list the lines that changed in each field too."""
    lines = [f"since {found.since}:" if found.since else "nothing was released yet; everything is new:"]
    for each in found.titles:
        what = "the deck is renamed" if each.is_deck else f"section renamed: {each.id}"
        lines.append(f"  {what}  {_short(each.old)} → {_short(each.new)}  (in Anki: {_short(each.name)})")
    for change in _by_kind(found):
        lines.append(f"  {', '.join(change.what)}: {change.id}  {_short(change.asks)}")
        for field in change.fields if fields else ():
            lines.append(f"    {field.name}")
            lines += [f"      {line}" for line in _difference(field)]
    lines.append(summarize(found))
    if found.since and found.updates:
        lines.append(_EXCEPT)
    if found.names:
        lines.append(_warn_of_names(found.names))
    lines += tell_exchanged(found)
    return "\n".join(lines) + "\n"


def as_markdown(found: Changes, *, fields: bool = False) -> str:
    """Return the changes as Markdown for a changelog or release notes.

    Questions are listed, notes below them only counted; a long list is cut short, and a first release has none. With
    `fields`, every note is listed with the lines that changed in its fields.
    """
    lines = [_sentence(found), ""]
    for paragraph in _tell_names(found.names):
        lines += [paragraph, ""]
    for kind in KINDS:
        matching = [change for change in found.notes if change.what[0] == kind]
        questions = [change for change in matching if change.is_question]
        if matching and (found.since or fields):
            lines.append(f"- {kind.capitalize()}: {_say_notes(matching)}.")
            lines += _listed_in_full(matching) if fields else _listed_in_short(questions)
    return "\n".join(lines).rstrip() + "\n"


def _listed_in_full(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        yield f"  - {_escaped(change.asks)}"
        yield from (f"    {line}" for line in _fields_in_markdown(change))


def _listed_in_short(changes: Sequence[Change]) -> Iterator[str]:
    yield from (f"  - {_escaped(change.asks)}" for change in changes[:_LONGEST_LIST])
    if len(changes) > _LONGEST_LIST:
        yield f"  - and {len(changes) - _LONGEST_LIST} more"


def as_json(found: Changes, *, fields: bool = False) -> str:
    """Return the changes as JSON for programs, in version 1 of the format."""
    content = {
        "version": 1,
        "since": found.since,
        "step": found.size,
        "summary": summarize(found),
        "note_types": list(found.note_types),
        "additions": [
            {"note_type": each.title, "name": each.name, "is_card": each.is_card, "in_place_of": each.spare}
            for each in found.additions
        ],
        "exchanged": dict(sorted(found.exchanged.items())),
        "names": [
            {"note_type": each.note_type, "is_card": each.is_card, "old": each.old, "new": each.new}
            for each in found.names
        ],
        "titles": [
            {"of": "deck" if each.is_deck else "section"}
            | {"id": each.id, "old": each.old, "new": each.new, "name_in_anki": each.name}
            for each in found.titles
        ],
        "notes": [_note(change, fields=fields) for change in found.notes],
    }
    return to_json(content)


FORMATS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "markdown": as_markdown}
)


def _note(change: Change, *, fields: bool) -> dict[str, Any]:
    note = {
        "id": change.id,
        "guid": change.guid,
        "kind": change.kind,
        "asks": change.asks,
        "what": list(change.what),
        "updates": change.updates,
        "new_cards": list(change.cards),
    }
    return note | {"fields": [_field(field) for field in change.fields]} if fields else note


def _field(field: FieldChange) -> dict[str, str]:
    texts = {"old": field.old, "new": field.new}
    return {"name": field.name} | {key: text for key, text in texts.items() if text is not None}


def _by_kind(found: Changes) -> Iterator[Change]:
    for kind in KINDS:
        yield from (change for change in found.notes if change.what[0] == kind)


def _difference(field: FieldChange) -> Iterator[str]:
    """Yield a field's removed lines after `- ` and its added lines after `+ `, as in a unified diff."""
    if field.old is None or field.new is None:
        return
    old, new = field.old.splitlines(), field.new.splitlines()
    in_old = in_new = 0
    for old_start, old_end, new_start, new_end in (*_find_equal(old, new), (len(old), len(old), len(new), len(new))):
        yield from (f"- {line}" for line in old[in_old:old_start])
        yield from (f"+ {line}" for line in new[in_new:new_start])
        in_old, in_new = old_end, new_end


def _find_equal(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return where lines are equal: from and to which line of the old text, and of the new one."""
    if len(old) * len(new) > _MOST_COMPARED:
        return []
    # By numbers, since lines whose hashes are equal would count as equal.
    numbers = {line: number for number, line in enumerate(dict.fromkeys((*old, *new)))}
    steps = LCSseq.opcodes([numbers[line] for line in old], [numbers[line] for line in new])
    return [(step.src_start, step.src_end, step.dest_start, step.dest_end) for step in steps if step.tag == "equal"]


def _fields_in_markdown(change: Change) -> Iterator[str]:
    for field in change.fields:
        yield f"- {field.name}"
        difference = list(_difference(field))
        if difference:
            yield from (f"  {line}" for line in ("```diff", *difference, "```"))


def _escaped(text: str) -> str:
    """Return a plain text with backslashes before the characters that Markdown could read as markup."""
    for sign in "\\`*_<[":
        text = text.replace(sign, f"\\{sign}")
    return text


def _sentence(found: Changes) -> str:
    if found.since is None:
        cards = f"; {say_count(found.cards_of_new, 'card')}" if found.cards_of_new else ""
        return f"The first release: {_say_notes(found.notes)}{cards}."
    return f"For those who have {found.before}: {summarize(found, _escaped)}."


def _say_notes(changes: Sequence[Change]) -> str:
    """Return how many notes there are of each kind, in the words of their note types."""
    counts = Counter(change.noun for change in changes)
    return join_words([say_noun(count, noun) for noun, count in counts.items()]) if counts else "nothing"


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"
