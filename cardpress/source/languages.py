"""Language tags, and the direction in which a language is written."""

from __future__ import annotations

import re

# The form of a language tag (BCP 47), as far as it matters here.
TAG = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_TAG = re.compile(TAG)
# Subtags of the languages and scripts that are written from right to left.
_RIGHT_TO_LEFT = frozenset(
    "adlm ar arab arc ckb dv fa he hebr iw ks nqo pnb ps rohg sd sdh syr syrc thaa ug ur yi".split()
)


def is_language(tag: str) -> bool:
    """Return whether a text has the form of a language tag (BCP 47)."""
    return _TAG.fullmatch(tag) is not None


def is_right_to_left(language: str) -> bool:
    """Return whether a language tag (BCP 47) means writing from right to left. A script in the tag decides."""
    name, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4]
    return (scripts or [name])[0] in _RIGHT_TO_LEFT
