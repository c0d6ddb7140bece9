"""Reads `checks` of deck.yaml and `allow` of sections and questions."""

from __future__ import annotations

from cardpress.diagnostics import Span
from cardpress.diagnostics.checks import Allowance, Level
from cardpress.diagnostics.codes import CODES
from cardpress.diagnostics.suggest import propose
from cardpress.source.bank import Text
from cardpress.source.yaml.nodes import Mapping, Node
from cardpress.source.yaml.reading import Fields, Reader, find_first_span
from cardpress.source.yaml.value_types import ListOf, MapOf, choice

_CHANGEABLE = tuple(sorted(code for code, entry in CODES.items() if entry.can_be_lowered))
# The types of `allow` and `checks`, for editors. YAML 1.1 reads `off` as a truth value.
ALLOWED = ListOf(choice(*_CHANGEABLE))
_LEVELS = tuple(level.value for level in Level)

LEVELS = MapOf(_CHANGEABLE, {"enum": [*_LEVELS, False]})


def read_levels(reader: Reader, node: Node) -> dict[str, Level]:
    """Return the levels that `checks` gives to codes, without those that it cannot change."""
    if not isinstance(node, Mapping):
        reader.wrong_type(node, "a mapping for `checks`", "write a code and its level: `checks: {no-source: off}`")
        return {}
    levels: dict[str, Level] = {}
    for key, value in node.pairs:
        level = _level(reader, key.value, value)
        if _can_change(reader, Text(key.value, key.span), level) and level:
            levels[key.value] = level
    return levels


def silence() -> dict[str, Level]:
    """Return the levels of a deck whose `checks` cannot be read: nobody knows which warnings it wants."""
    return dict.fromkeys(_CHANGEABLE, Level.OFF)


def read_allowances(
    reader: Reader, fields: Fields, within: tuple[Span, ...], *, is_expected: bool = True
) -> tuple[Allowance, ...]:
    """Return what the `allow` of a mapping allows in these parts of files."""
    codes = (code for code in fields.texts("allow") if _can_change(reader, code, Level.OFF))
    return tuple(Allowance(code.value, code.span, within, is_expected) for code in codes)


def find_extent(node: Node) -> tuple[Span, ...]:
    """Return the part of its file that a mapping takes up; none for any other node."""
    return (Span(node.span.file, find_first_span(node).start, node.end),) if isinstance(node, Mapping) else ()


def _level(reader: Reader, code: str, node: Node) -> Level | None:
    text = reader.text(node, code, unquoted=("truth value",))  # YAML 1.1 reads `off` as one
    if text is None:
        return None
    value = text.value.lower()
    if value in _LEVELS:
        return Level(value)
    if value in ("false", "no"):
        hint = f"write `{code}: off`"
    elif value in ("true", "yes", "on"):
        hint = f"write `{code}: warning`, as it is without this line, or `{code}: error`, which stops a build"
    else:
        hint = propose(value, _LEVELS, f"write one of {', '.join(_LEVELS)}")
    reader.report("bad-check", text.span, f"`{text.value}` is not a level", hint)
    return None


def _can_change(reader: Reader, code: Text, level: Level | None) -> bool:
    """Return whether a code can get a level (None for one that was reported). Report it if it cannot."""
    entry = CODES.get(code.value)
    if entry is None:
        hint = propose(code.value, _CHANGEABLE, "write the code of a warning, as its report has it in brackets")
        reader.report("bad-check", code.span, f"no problem has the code `{code.value}`", hint)
        return False
    if entry.can_be_lowered or (entry.is_permanent and level in (Level.WARNING, Level.ERROR)):
        return True
    if entry.is_permanent:
        if level:
            reader.report("bad-check", code.span, f"`{code.value}` cannot be switched off", "remove it")
        return False
    message = f"`{code.value}` is an error, which nothing can switch off or lower"
    reader.report("bad-check", code.span, message, "remove it, and mend what is reported")
    return False
