"""What changed since the last release, in a learner's words, and what it means for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardpress.deck import ClozeNote, Deck
from cardpress.history import History, NoteRecord
from cardpress.html_tree import plain_text
from cardpress.note_types import NOTE_TYPES
from cardpress.stamps import Shipped, record_of, shipped, type_record_of

# Which fields hold what is asked, and what is answered; a change of any other is one of the details.
_ASKED = frozenset({"Question", "Text"})
_ANSWERED = frozenset({"Answer"})
KINDS = ("new", "reworded", "answer changed", "details changed", "moved", "retired")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a note: one or more of KINDS, and which fields of it are others now."""

    id: str
    guid: str
    kind: str
    asks: str
    what: tuple[str, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed since a release, which is None before the first."""

    since: str | None
    notes: tuple[Change, ...]
    note_types: tuple[str, ...]

    def count(self, what: str) -> int:
        """Count the notes to which this happened."""
        return sum(1 for change in self.notes if what in change.what)

    @property
    def updates(self) -> int:
        """How many notes that learners have get another content."""
        return sum(1 for change in self.notes if not {"new"} & set(change.what) and change.what != ("moved",))

    @property
    def size(self) -> str:
        """How large a step of the version this wants: `major`, `minor` or `patch`."""
        if self.since is not None and (self.note_types or self.count("retired")):
            return "major"
        return "minor" if self.count("new") else "patch"

    @property
    def summary(self) -> str:
        """What it means for those who have the last release."""
        parts = [f"{self.count('new')} new"] if self.count("new") else []
        parts += [f"{self.updates} update"] if self.updates else []
        parts += [f"{self.count('retired')} of them retired"] if self.count("retired") else []
        parts += [f"{self.count('moved')} moved (cards stay where a learner has them)"] if self.count("moved") else []
        notes = ", ".join(parts) or "no note changes"
        types = f"; card design of {', '.join(self.note_types)} updates" if self.note_types else ""
        return f"{notes}{types}; 0 schedules lost"


def changes(deck: Deck, history: History | None) -> Changes:
    """Hold a deck against what was released."""
    notes = tuple(change for each in shipped(deck) if (change := _change(deck, each, history)))
    if history is None:
        return Changes(None, notes, tuple(note_type.kind for note_type in NOTE_TYPES))
    note_types = tuple(
        note_type.kind
        for note_type in NOTE_TYPES
        if note_type.kind not in history.note_types
        or history.note_types[note_type.kind].digest != type_record_of(deck, note_type).digest
    )
    return Changes(history.last.version, notes, note_types)


def _change(deck: Deck, each: Shipped, history: History | None) -> Change | None:
    now = record_of(deck, each)
    text = each.note.text if isinstance(each.note, ClozeNote) else each.note.question
    asks = " ".join(plain_text(text.html).split())
    released = history.notes.get(now.guid) if history else None
    if released is None:
        return Change(now.id, now.guid, now.kind, asks, ("new",))
    names = (*now.fields, *(name for name in released.fields if name not in now.fields))
    fields = tuple(name for name in names if now.fields.get(name) != released.fields.get(name))
    what = tuple(_what(each, now, released, fields))
    return Change(now.id, now.guid, now.kind, asks, what, fields) if what else None


def _what(each: Shipped, now: NoteRecord, released: NoteRecord, fields: tuple[str, ...]) -> Iterator[str]:
    if each.note.notice:
        # Retired is said once: a note whose banner has shipped has not changed since.
        yield from ("retired",) if now.digest != released.digest else ()
        return
    if _ASKED & set(fields):
        yield "reworded"
    if _ANSWERED & set(fields):
        yield "answer changed"
    if now.digest != released.digest and not (_ASKED | _ANSWERED) & set(fields):
        yield "details changed"
    if now.section != released.section:
        yield "moved"


# --- to read ----------------------------------------------------------------------------------------------------


def as_text(found: Changes, *, fields: bool = False) -> str:
    """Write the changes for a terminal."""
    lines = [f"since {found.since}:" if found.since else "nothing was released yet; everything is new:"]
    for kind in KINDS:
        for change in found.notes:
            if kind == change.what[0]:
                also = "".join(f", {what}" for what in change.what[1:])
                lines.append(f"  {kind}{also}: {change.id}  {_short(change.asks)}")
                lines += [f"    {', '.join(change.fields)}"] if fields and change.fields else []
    return "\n".join((*lines, found.summary)) + "\n"


def as_markdown(found: Changes, *, fields: bool = False) -> str:
    """Write the changes for a changelog or release notes."""
    lines = [_sentence(found), ""]
    for kind in KINDS:
        matching = [change for change in found.notes if change.what[0] == kind]
        questions = [change for change in matching if change.kind == "interview"]
        if not matching:
            continue
        recall = len(matching) - len(questions)
        lines.append(f"- {kind.capitalize()}: {_counted(questions, recall)}.")
        for change in questions:
            which = f" ({', '.join(change.fields)})" if fields and change.fields else ""
            lines.append(f"  - {change.asks}{which}")
    return "\n".join(lines).rstrip() + "\n"


def _counted(questions: list[Change], recall: int) -> str:
    parts = [(len(questions), "question"), (recall, "recall note")]
    return " and ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in parts if count)


def _sentence(found: Changes) -> str:
    if found.since is None:
        questions = sum(1 for change in found.notes if change.kind == "interview")
        return f"The first release: {questions} questions and {len(found.notes) - questions} recall notes."
    return f"For those who have {found.since}: {found.summary}."


def as_json(found: Changes, *, fields: bool = False) -> str:
    """Write the changes for programs, version 1."""
    content = {
        "version": 1,
        "since": found.since,
        "step": found.size,
        "summary": found.summary,
        "note_types": list(found.note_types),
        "notes": [
            {"id": change.id, "guid": change.guid, "kind": change.kind, "asks": change.asks, "what": list(change.what)}
            | ({"fields": list(change.fields)} if fields else {})
            for change in found.notes
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"


FORMATS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "markdown": as_markdown}
)
