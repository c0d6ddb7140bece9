"""The rule on card templates of adopted note types: Anki takes more than we would write, and learners have it already.

So what would be an error elsewhere is at most worth a warning here: the cards are as they always were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from cardpress.check.card_template_filters import FILTERS
from cardpress.check.card_template_tags import LONGEST_TEMPLATE, find_tags
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import propose
from cardpress.note_types import SPECIAL_NAMES, NoteType
from cardpress.note_types.template_parts import TemplateError, read_template

# Tags of one template, more than any deck has.
MOST_TAGS = 5_000
# What Anki has for a section that is shown on the cards of one number, `{{#c1}}`.
_OF_CARD = re.compile(r"c[1-9][0-9]{0,2}")


def check_adopted_template(file: SourceFile, note_type: NoteType) -> Iterator[Diagnostic]:
    """A template that learners have already is read by Anki, and names what there is."""
    if len(file.text) > LONGEST_TEMPLATE:
        message = f"a card template of {len(file.text):,} characters; {LONGEST_TEMPLATE:,} are allowed"
        yield Diagnostic("text-too-long", Span(file), message, "shorten it")
        return
    if extra := next(islice(find_tags(file.text), MOST_TAGS, None), None):
        message = f"a card template that names fields more than {MOST_TAGS:,} times"
        yield Diagnostic("text-too-long", Span(file, extra.start(), extra.end()), message, "show each field once")
        return
    try:
        read_template(file.text)
    except TemplateError as error:
        message = f"Anki cannot read this template, and shows an error in its place: {error}"
        yield Diagnostic("odd-template", Span(file), message, "close each section that is opened, in the same order")
        return
    names = tuple(field.name for field in note_type.fields)
    known = {*names, *SPECIAL_NAMES}
    for token in find_tags(file.text):
        sign, written = token[1], token[2].strip()
        span = Span(file, token.start(), token.end())
        *filters, field = (written,) if sign else written.split(":")
        if field not in known and not (sign and _OF_CARD.fullmatch(field)) and sign != "/":
            message = f"the {note_type.kind} note type has no field `{field}`, and Anki shows an error on such a card"
            hint = propose(field, known, f"its fields: {', '.join(names)}")
            yield Diagnostic("odd-template", span, message, hint)
        for name in filters:
            if name and name not in FILTERS and name.partition(" ")[0] != "tts" and name != "nc":
                message = f"Anki has no filter `{name}`; where an add-on has it, only its users see what it does"
                yield Diagnostic("odd-template", span, message, propose(name.strip(), FILTERS, "remove it"))
