"""One output file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file: its name, its bytes, and what the manifest says of it."""

    name: str
    data: bytes = field(repr=False)
    media_type: str
    holds: str
