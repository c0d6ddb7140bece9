"""What every reader of a foreign deck returns: the files of a project, and what to tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cardpress.adopt.plans import Plan


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the source that is not in the project as it was: where it stood, and what became of it, in a line.

    `where` is a note, by its first words, a card template, a file or the like; "" for the whole deck. `note_id` is the
    id that the note has in the project, "" for what is none there.
    """

    where: str
    what: str
    note_id: str = ""


def group_losses(losses: Iterable[Loss]) -> dict[str, tuple[Loss, ...]]:
    """Return losses by what is said of them, in the order in which each is first said."""
    found: dict[str, list[Loss]] = {}
    for loss in losses:
        found.setdefault(loss.what, []).append(loss)
    return {what: tuple(each) for what, each in found.items()}


@dataclass(frozen=True, slots=True)
class Adopted:
    """A project that was made from a source.

    `form` says in words what it was made from. `files` are its files by their paths in it, with forward slashes, such
    as `source/deck.yaml`; what all projects have, such as README.md, is added to them. `taken` says what was taken
    over, a line each, and `losses` what was not. `media` has pictures and sounds by their paths below source/media/,
    each read when it is asked for.

    `package` is what learners have, where that is known: the bytes of the package itself. It is for what a rehearsal
    needs, and is in `files` where the project keeps it. `plan` has the deck as learners have it, from which the
    project's history is made; None where nobody has it in Anki. `next_steps` says what to do before a release.
    """

    form: str
    id: str
    title: str
    files: Mapping[str, bytes]
    taken: tuple[str, ...]
    losses: tuple[Loss, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    package: bytes | None = None
    plan: Plan | None = None
    next_steps: tuple[str, ...] = ()

    @property
    def is_from_crowdanki(self) -> bool:
        """Whether learners have it through CrowdAnki, and go on with that."""
        return self.plan is not None and any(each.uuid for each in self.plan.original.note_types)
