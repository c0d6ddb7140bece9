"""The rule that Anki makes the cards that we make: a front of an author's shows something for the same notes.

Anki makes a card of a note when any field that the front shows, and all sections around it, have any content. The
package has its cards by the declaration (`NoteType.conditions`). Where the two differ, Anki adds or removes some.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

from cardpress.check.card_template_tags import Tag, list_tags
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.note_types import SPECIAL_NAMES, CardTemplate, Fact, NoteType

# What every card has: facts of a note, and what Anki fills in.
_FACTS = (Fact.ABOUT, Fact.SECTION, Fact.ID, Fact.VERSION)
_MAYBE = ("Tags", "FrontSide")
# Sections for fields that a note does not have, all of whose combinations are tried.
_MOST_SECTIONS = 8


def check_conditions(front: SourceFile, note_type: NoteType, card: CardTemplate) -> Iterator[Diagnostic]:
    """A front shows something for exactly the notes that have the card."""
    always = {each.name for each in note_type.fields if each.is_required or each.holds in _FACTS}
    always |= SPECIAL_NAMES - {*_MAYBE}
    # A retired note has no cards.
    never = {"FrontSide", *(each.name for each in note_type.fields if each.holds is Fact.NOTICE)}
    needs = {each.name for each in note_type.conditions(card)} - always
    known = {each.name for each in note_type.fields} | SPECIAL_NAMES
    shown = [tag for tag in list_tags(front.text) if not tag.sign and tag.field in known]
    shown = [tag for tag in shown if not _list_inside(tag) & (tag.outside | never) and not tag.outside & always]
    for tag in shown:
        if lacks := sorted(needs - _list_inside(tag)):
            name = lacks[0]
            message = f"Anki would make this card of notes without `{name}`, too, since it shows `{{{{{tag.field}}}}}`"
            hint = f"put the whole front between `{{{{#{name}}}}}` and `{{{{/{name}}}}}`"
            yield Diagnostic("template-condition", Span(front, tag.start, tag.end), message, hint)
            return
    if shown and not _is_never_empty(shown, needs | always):
        names = sorted(_list_inside(shown[0]) - needs - always | shown[0].outside)
        message = "Anki would not make this card of every note that is to have it: all that it shows is in sections"
        hint = f"show `{{{{{shown[0].field}}}}}` outside of the section of `{names[0]}`, too"
        yield Diagnostic("template-condition", Span(front, shown[0].start, shown[0].end), message, hint)


def _list_inside(tag: Tag) -> frozenset[str]:
    return tag.inside | {tag.field}


def _is_never_empty(shown: list[Tag], present: set[str]) -> bool:
    """Return whether a front shows something whatever other fields a note has, besides those that are present."""
    if any(not tag.outside and _list_inside(tag) <= present for tag in shown):
        return True
    others = sorted({name for tag in shown for name in tag.outside} - present)[:_MOST_SECTIONS]
    some = chain.from_iterable(combinations(others, count) for count in range(len(others) + 1))
    return all(
        any(_list_inside(tag) <= {*present, *chosen} and not tag.outside & {*chosen} for tag in shown)
        for chosen in some
    )
