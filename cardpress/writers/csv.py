"""The update for learners who have filled personal fields, in the text format that Anki imports.

An Anki package replaces all fields of a note that changed, and so empties those that learners fill. A text file leaves
alone what it has no column for. Columns are matched to fields by their order, since that never changes: names may, and
a learner has the new ones only once the package is imported, which comes second. Personal fields are Anki's last, and
spare ones stand before them (`source/note_types/spares.py`), so that neither needs a column.

Format: https://docs.ankiweb.net/importing/text-files.html, tried in `tests/anki/test_personal_fields.py`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from cardpress.anki.fields import get_fields
from cardpress.anki.stamps import Shipped
from cardpress.anki.updates import list_updated
from cardpress.deck.names import disarm_name
from cardpress.deck.notes import Deck
from cardpress.note_types import Spare
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import Written

_META = ("GUID", "Note type", "Tags", "Deck")


def write(deck: Deck) -> Written:
    """Return `<id>-update.csv`; nothing when no note that learners may have has changed."""
    rows = [_list_row(deck, each) for each in list_updated(deck)]
    if not rows:
        return Written(())
    text = io.StringIO()
    text.writelines(f"{line}\n" for line in _list_head(deck, max(map(len, rows))))
    # All in quotes: a line that begins with `#` would be a comment.
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    holds = f"{say_count(len(rows), 'note')}; imported before the package, it keeps personal fields"
    return Written((Artifact(f"{deck.id}-update.csv", text.getvalue().encode(), "text/csv", holds),))


def _list_head(deck: Deck, width: int) -> Iterator[str]:
    yield "#separator:Comma"
    yield "#html:true"
    yield "#guid column:1"
    yield "#notetype column:2"
    yield "#tags column:3"
    # For notes that a learner skipped, and new cards of a note whose cards are in several decks. No other card moves.
    yield "#deck column:4"
    # Anki takes as many columns as have a name here, or as the first row has.
    yield f"#columns:{','.join((*_META, *(f'Field {number}' for number in range(1, width - len(_META) + 1))))}"


def _list_row(deck: Deck, each: Shipped) -> list[str]:
    note_type = each.note.note_type
    values = zip(note_type.fields, get_fields(each.section, each.parent, each.note).values(), strict=True)
    written = [text for field, text in values if not field.is_personal and not isinstance(field.holds, Spare)]
    name = disarm_name(each.section.find_first_deck(each.note))
    return [each.note.guid, str(note_type.id(deck.id)), " ".join(each.note.tags), name, *written]
