"""The direction in which a language is written."""

from __future__ import annotations

# Subtags of the languages and scripts that are written from right to left.
_RIGHT_TO_LEFT = frozenset(
    "adlm ar arab arc ckb dv fa he hebr iw ks nqo pnb ps rohg sd sdh syr syrc thaa ug ur yi".split()
)


def is_right_to_left(language: str) -> bool:
    """Return whether a language tag (BCP 47) means writing from right to left. A script in the tag decides."""
    name, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4]
    return (scripts or [name])[0] in _RIGHT_TO_LEFT
