"""What stands under a key of the source, as editors are told it. A key of a `Shape` without a type holds a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from cardpress.source.slugs import MAX_SLUG, SLUG
from cardpress.source.yaml.reading import Shape

# A part of a JSON Schema (draft-07).
Fragment = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose entries are all of a type."""

    entry: ValueType


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of one of several types."""

    types: tuple[ValueType, ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with some of these keys, whose values are all of a type."""

    keys: tuple[str, ...]
    value: ValueType


# A `Shape` is the mapping that it describes.
ValueType = Union[Fragment, Shape, ListOf, OneOf, MapOf]  # noqa: UP007 - refers to itself

TEXT: Fragment = {"type": "string", "minLength": 1}
TEXTS = ListOf(TEXT)
# What `check` says more of: an editor underlines what is no tag and no language at all.
TAGS = ListOf({"type": "string", "pattern": r"^[^\s;\"'*\\<>]+$", "maxLength": 60})
LANGUAGE: Fragment = {"type": "string", "pattern": "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"}
DATE: Fragment = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
VERSION: Fragment = {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+"}
# The name of a deck in Anki: no quotes, and no space around its levels.
DECK_NAME: Fragment = {"type": "string", "pattern": r'^(?!\s|.*(?:\s::|::\s|\s$))[^"]+$'}
CLOZE: Fragment = {"type": "string", "pattern": r"\{\{c[0-9]"}
FLAG: Fragment = {"type": "boolean"}
NUMBER: Fragment = {"type": "integer", "minimum": 1}
ID: Fragment = {"type": "string", "pattern": f"^(?:{SLUG})$", "maxLength": MAX_SLUG}
# The kind of a note type: one of those that the deck can use.
KIND: Fragment = {"$ref": "#/definitions/kind"}


def choice(*values: str) -> Fragment:
    """Return the type of one of a few texts."""
    return {"enum": list(values)}
