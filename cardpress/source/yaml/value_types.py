"""What stands under a key of the source, as editors are told it. A key of a `Shape` without a type holds a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from cardpress.source.languages import TAG
from cardpress.source.slugs import MAX_SLUG, SLUG
from cardpress.source.yaml.reading import Shape

# A part of a JSON Schema (draft-07).
Fragment = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose entries are all of a type, `least` of them or more."""

    entry: ValueType
    least: int = 0


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of one of several types."""

    types: tuple[ValueType, ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with some of these keys, whose values are all of a type."""

    keys: tuple[str, ...]
    value: ValueType


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A mapping whose keys are an author's own names, and whose values are all of a type."""

    value: ValueType


# A `Shape` is the mapping that it describes.
ValueType = Union[Fragment, Shape, ListOf, OneOf, MapOf, AnyOf]  # noqa: UP007 - refers to itself

TEXT: Fragment = {"type": "string", "pattern": r"\S"}
TEXTS = ListOf(TEXT)
CLOZE: Fragment = {**TEXT, "pattern": r"\{\{c[1-9]"}
ADDRESS: Fragment = {**TEXT, "pattern": r"^[A-Za-z]+:[^\s\\<>]+$"}
# What `check` says more of: an editor underlines what is no tag and no language at all.
TAGS = ListOf({"type": "string", "pattern": r"^[^\s;\"'*\\<>]+$", "maxLength": 60})
LANGUAGE: Fragment = {"type": "string", "pattern": f"^{TAG}$"}
# YAML 1.1, which `check` reads, has more words for them than YAML 1.2 of editors, to which these are texts.
FLAG: Fragment = {"type": ["boolean", "string"], "pattern": "^(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$"}
NUMBER: Fragment = {"type": ["integer", "string"], "minimum": 1, "maximum": 999_999_999, "pattern": "^[1-9][0-9]{0,8}$"}
DATE: Fragment = {
    "type": "string",
    "pattern": "^(?:19[89]|[2-9][0-9]{2})[0-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
}
VERSION: Fragment = {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$", "maxLength": 60}
# Levels with `::` between them, none empty or with a space around it.
DECK_NAME: Fragment = {
    "type": "string",
    "pattern": r'^(?![\s:])(?!.*::(?:[\s:]|$))(?!.*\s(?:::|$))[^"\x00-\x1f\x7f]+$',
    "maxLength": 300,
}
ID: Fragment = {"type": "string", "pattern": f"^(?:{SLUG})$", "maxLength": MAX_SLUG}
# The kind of a note type: one of those that the deck can use.
KIND: Fragment = {"$ref": "#/definitions/kind"}


def choice(*values: str) -> Fragment:
    """Return the type of one of a few texts."""
    return {"enum": list(values)}
