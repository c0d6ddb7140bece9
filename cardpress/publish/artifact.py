"""One output file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file: its name, its bytes, its media type, and what it holds in words, such as `12 pages`.

    The name may lead into folders, with forward slashes on every system: `site/index.html`.
    """

    name: str
    data: bytes = field(repr=False)
    media_type: str
    holds: str
