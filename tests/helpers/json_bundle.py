"""A deck's JSON bundle, read back and held against its own schema."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from cardpress.deck.notes import Deck
from cardpress.writers import load_writer


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and not set(value) & set(' <>"\\^`{|}'))


# What comes with jsonschema checks addresses only where further packages are there, and else says nothing.
FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(_is_date)
FORMATS.checks("iri")(_is_address)


def bundle_and_schema(deck: Deck) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a deck's bundle, and the schema that is written beside it."""
    bundle, schema = (json.loads(artifact.data) for artifact in load_writer("json")(deck).artifacts)
    return bundle, schema


def problems_of(bundle: Any, schema: dict[str, Any]) -> list[str]:
    """Return where a bundle does not fit a schema, which must be a valid one."""
    Draft202012Validator.check_schema(schema)
    found = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(bundle)
    return [f"{problem.json_path}: {problem.message}" for problem in found]


def valid(deck: Deck) -> dict[str, Any]:
    """Return a deck's bundle, which must fit the schema that is written beside it."""
    bundle, schema = bundle_and_schema(deck)
    assert problems_of(bundle, schema) == []
    return bundle
