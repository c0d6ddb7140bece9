"""Note types are frozen: a changed field list or number would be a conflict in every learner's collection.

When a test here fails, do not change what it expects, unless version 1.0 is not out yet: change the engine back.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.engine import ROOT
from cardpress.note_types import NoteType
from cardpress.source.templates.loading import load_templates

NOTE_TYPES = load_templates(ROOT)[0].declared.note_types
# By kind, for the deck `sample`: the note type's id, its card templates', and each field's, in order.
FROZEN = {
    "basic": (
        4485571837453198,
        [563063917257436, 3132625042487564],
        {
            "Question": 1893527483938640,
            "Answer": 1879805464069510,
            "Code": 6905021466090613,
            "Extra": 2935747754854560,
            "Sources": 8778848655294288,
            "Reverse": 120055386919082,
            "Typed": 7190185411388633,
            "Notice": 6018846116653478,
            "Section": 7117034908928108,
            "Id": 2823604094592938,
            "Version": 3773391570884026,
        },
    ),
    "interview": (
        661880007291223,
        [2537827288954678],
        {
            "Question": 5963714202275342,
            "Answer": 2455727059262724,
            "KeyPoints": 1025397671872846,
            "Code": 8140348003910144,
            "Output": 5402019421702495,
            "Pitfalls": 2500854279809490,
            "HowToAnswer": 618420292579618,
            "ExampleAnswer": 2459636030224768,
            "Sources": 1185374126303536,
            "SeeAlso": 3550784773074462,
            "Extra": 1207145965341653,
            "Notice": 2084306063110714,
            "Number": 1216029841826095,
            "Section": 8900432447683270,
            "Level": 68976579547012,
            "Id": 7615106708756164,
            "Version": 337269845913600,
        },
    ),
    "recall": (
        891131629133444,
        [1672318439918713],
        {
            "Question": 1369526568534455,
            "Code": 8664183572302965,
            "Answer": 7141433530890661,
            "Extra": 7041951980573485,
            "Notice": 5417144642904389,
            "About": 6555496936313058,
            "Section": 3326856356213025,
            "Level": 1052434288204499,
            "Id": 1702574890468608,
            "Version": 6011050577879837,
        },
    ),
    "cloze": (
        2612086582635007,
        [3592108350952855],
        {
            "Text": 2115354852321782,
            "Code": 5151328215260808,
            "Extra": 1183027342727069,
            "Notice": 307606544067168,
            "About": 7225955769026340,
            "Section": 8431156437232096,
            "Level": 7730109934977685,
            "Id": 8411674251249518,
            "Version": 851132798268831,
        },
    ),
    "occlusion": (
        2055150789206736,
        [1405452468572667],
        {
            "Occlusion": 3028444285537758,
            "Image": 5665528022115482,
            "Header": 8812410913492028,
            "Back Extra": 2937802960932084,
            "Comments": 901281800946724,
            "Labels": 7326848189224285,
            "Notice": 4911233111052693,
            "About": 6893820828072774,
            "Section": 5066211589493566,
            "Id": 7975423091148577,
            "Version": 1509417256262735,
        },
    ),
}


def test_there_are_these_note_types() -> None:
    assert set(NOTE_TYPES) == set(FROZEN)
    assert {kind for kind, note_type in NOTE_TYPES.items() if note_type.is_cloze} == {"cloze", "occlusion"}
    assert NOTE_TYPES["interview"].below == ("recall", "cloze")


@pytest.mark.parametrize("note_type", NOTE_TYPES.values(), ids=NOTE_TYPES)
def test_fields_and_numbers_are_frozen(note_type: NoteType) -> None:
    note_type_id, template_ids, fields = FROZEN[note_type.kind]
    assert note_type.id("sample") == note_type_id
    assert [note_type.template_id("sample", card) for card in note_type.cards] == template_ids
    assert {each.name: note_type.field_id("sample", each) for each in note_type.fields} == fields
    assert [each.name for each in note_type.fields] == list(fields)


def test_a_renamed_field_keeps_its_number() -> None:
    interview = NOTE_TYPES["interview"]
    fields = (replace(each, name="Traps") if each.name == "Pitfalls" else each for each in interview.fields)
    renamed = replace(interview, fields=tuple(fields))
    assert "Traps" in {each.name for each in renamed.fields}
    assert [renamed.field_id("sample", each) for each in renamed.fields] == list(FROZEN["interview"][2].values())


def test_a_declared_field_keeps_its_number_under_another_name_and_key(tmp_path: Path) -> None:
    declared = (ROOT / "templates/note-types/interview/note-type.yaml").read_text(encoding="utf-8")
    path = tmp_path / "templates/note-types/interview/note-type.yaml"
    path.parent.mkdir(parents=True)
    changed = declared.replace("  - key: pitfalls\n", "  - key: traps\n    was: Pitfalls\n")
    path.write_text(changed.replace("      - pitfalls\n", "      - traps\n"), encoding="utf-8")
    templates, problems = load_templates(ROOT, tmp_path)
    renamed = templates.declared.note_types["interview"]
    assert problems == ()
    assert renamed.field("traps").name == "Traps"
    assert [renamed.field_id("sample", each) for each in renamed.fields] == list(FROZEN["interview"][2].values())


def test_no_two_things_of_one_deck_or_of_two_share_a_number() -> None:
    numbers = [
        number
        for deck_id in ("sample", "another")
        for note_type in NOTE_TYPES.values()
        for number in (
            note_type.id(deck_id),
            *(note_type.template_id(deck_id, card) for card in note_type.cards),
            *(note_type.field_id(deck_id, each) for each in note_type.fields),
        )
    ]
    assert len(set(numbers)) == len(numbers)
