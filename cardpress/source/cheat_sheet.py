"""Reads what the cheat sheet has: the gist of a question, and the comparisons of deck.yaml."""

from __future__ import annotations

from cardpress.source.bank import Comparison, MarkdownText
from cardpress.source.yaml.nodes import Mapping, Node, Sequence
from cardpress.source.yaml.reading import Fields, Reader, Shape, drop_missing, find_first_span
from cardpress.source.yaml.syntax import quote
from cardpress.source.yaml.value_types import ID, TEXT, ListOf

# Lines of a gist. The cheat sheet clips what comes after them.
MOST_POINTS = 5
GIST = "gist"
COMPARISONS = "comparisons"

COMPARISON = Shape(
    "a comparison",
    {"title": "What is compared (Markdown).", "table": "A Markdown table, and nothing else."},
    {"section": "The id of a section, among whose questions it stands, in its color."},
    types={"section": ID},
)
# Their types, for editors.
GIST_LINES = ListOf(TEXT, least=1)
COMPARISON_LIST = ListOf(COMPARISON, least=1)


def read_gist(fields: Fields) -> tuple[MarkdownText, ...]:
    """Return the lines of a question's gist, nothing when it has none."""
    _report_empty(fields, GIST, "write what to remember, in at most five lines, or remove it")
    return fields.markdowns(GIST)


def read_comparisons(fields: Fields) -> tuple[Comparison, ...]:
    """Return the comparisons of a deck, without those that cannot be read."""
    _report_empty(fields, COMPARISONS, "write at least one, with a `title` and a `table`, or remove it")
    node = fields.values.get(COMPARISONS)
    if isinstance(node, Mapping) and node.pairs and not any(key.value in COMPARISON.keys for key, _ in node.pairs):
        name = quote(node.pairs[0][0].value)
        hint = f"write `- title: {name}`, and below it `table: |` with the table"
        fields.reader.wrong_type(node, f"a list for `{COMPARISONS}`", hint)
        return ()
    return drop_missing(fields.each(COMPARISONS, lambda node: _read_comparison(fields.reader, node)))


def _read_comparison(reader: Reader, node: Node) -> Comparison | None:
    fields = reader.fields(node, COMPARISON)
    if fields is None:
        return None
    title, table, section = fields.markdown("title"), fields.markdown("table"), fields.text("section")
    return Comparison(title, table, section) if title and table else None


def _report_empty(fields: Fields, key: str, hint: str) -> None:
    """Report a list without entries: its author means to write some."""
    node = fields.values.get(key)
    if isinstance(node, Sequence) and not node.items:
        fields.reader.report("empty-text", find_first_span(node), f"`{key}` is empty", hint)
