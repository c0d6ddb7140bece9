"""What was found out about contents, for who asks again: each fact is known by a digest of all that it follows from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cardpress.history.digests import digest

# A fact is a value of JSON.
Fact = TypeVar("Fact", bool, str)


@dataclass(slots=True)
class Facts:
    """Facts that were kept, and those that were asked for since: only these are worth to be kept again."""

    kept: Mapping[str, object] = field(default_factory=dict)
    asked: dict[str, object] = field(default_factory=dict)

    def find(self, about: str, follows_from: Iterable[bytes], kind: type[Fact], make: Callable[[], Fact]) -> Fact:
        """Return a fact of a kind about contents, which is made where it is not known."""
        key = digest((about.encode(), *follows_from))
        known = self.recall(key)
        fact = known if isinstance(known, kind) else make()
        self.asked[key] = fact
        return fact

    def recall(self, key: str) -> object:
        """Return the fact of a key, a digest of all that it follows from; None where it is not known."""
        return self.asked.get(key, self.kept.get(key))

    def note(self, key: str, fact: bool | str) -> None:
        """Know a fact by such a key from now on."""
        self.asked[key] = fact

    @property
    def have_changed(self) -> bool:
        """Whether others were asked for than were kept, or are known otherwise."""
        return self.asked != self.kept
