"""Rule on the schema that editors complete keys from: it is that of this engine and of the deck's note types."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.source.bank import Bank
from cardpress.source.source_schema import make_schema


def check_source_schema(bank: Bank) -> Iterator[Diagnostic]:
    """The schema in source/, if there is one, is what `schema` writes now."""
    if bank.schema is not None and bank.complete and bank.schema.text != make_schema(bank.known_note_types):
        message = f"{bank.schema.path} is not that of this deck's note types and this version of cardpress"
        yield Diagnostic("stale-schema", Span(bank.schema), message, "run `cardpress schema`, which renews it")
