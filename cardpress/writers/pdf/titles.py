"""What a question, or a table, is called on paper where there is room for a line."""

from __future__ import annotations

from cardpress.deck.notes import Note, RichText
from cardpress.markdown.tree import Formula, Ruby, Text, walk
from cardpress.writers.pdf.breaking import LONGEST_WORD, break_words
from cardpress.writers.pdf.heights import JsonObject, is_block
from cardpress.writers.pdf.nodes import make_nodes

# Characters. A longer text is called by its beginning.
_LONGEST = 240
# Characters of such a beginning, which further cards of a question repeat.
_SHORT = 120


def name_wordless(note: Note) -> str | None:
    """Return the heading for a question without words: the description of its picture or sound, or its id.

    Others need none.
    """
    nodes = tuple(walk(note.asked.nodes))
    if any(isinstance(node, Formula | Ruby) or (isinstance(node, Text) and _can_be_seen(node.value)) for node in nodes):
        return None
    return note.asked.plain if _can_be_seen(note.asked.plain) else note.id


def make_title(text: RichText, instead: str, longest_word: float = LONGEST_WORD) -> list[JsonObject | str]:
    """Return what a text is called in a line, without links, and with the words of its pictures in their place.

    Of one that shows no words, it is what stands `instead`.
    """
    name = text.name
    made = [_describe(node, longest_word) for node in make_nodes(name, longest_word)]
    # Of a formula, a beginning would mean something else.
    is_long = len(name.plain) > _LONGEST and not name.has_formulas()
    if is_long or any(map(is_block, made)):
        return [shorten(name.plain, instead, longest_word)]
    return made if _can_be_seen(name.plain) else [instead]


def _describe(node: JsonObject | str, longest_word: float) -> JsonObject | str:
    if isinstance(node, str):
        return node
    if node["t"] in ("img", "masked"):
        return break_words(str(node["alt"]), longest_word)
    if node["t"] == "equation":
        return {**node, "t": "formula", "wide": True, "whole": True, "height": 0}
    if "c" in node and node["t"] != "ruby":
        # A title leads where its question stands, and to nowhere else.
        kept = {key: each for key, each in node.items() if key != "href"}
        return {**kept, "c": [_describe(each, longest_word) for each in node["c"]]}
    return node


def make_short_title(note: Note) -> str:
    """Return what a question is about in a line, for the further cards of a long one."""
    return shorten(note.asked.one_line, note.id)


def shorten(text: str, instead: str, longest_word: float = LONGEST_WORD) -> str:
    """Return a text as far as a line has room for it; of one without words what stands `instead`."""
    text = " ".join(text.split())
    if not _can_be_seen(text):
        return instead
    return break_words(text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…", longest_word)


def _can_be_seen(text: str) -> bool:
    return any(character.isprintable() and not character.isspace() for character in text)
