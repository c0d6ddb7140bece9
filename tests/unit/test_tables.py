"""Tables: a row is a note, a column a key, and every mistake is reported at its cell."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress.anki.fields import write_content
from cardpress.pipeline import check_project
from cardpress.source.bank import Bank, Question
from cardpress.source.load import load
from cardpress.source.tables import cells as tables
from cardpress.source.tables.cells import MAX_ROWS
from cardpress.source.templates.loading import load_templates
from cardpress.source.yaml.reading import MAX_CHARACTERS
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.diagnostics import codes, places, problems

TABLE = "checks: {unshown-field: off}\n" + DECK + "    table: first.csv\n    note_type: card\n"
TYPE = """\
title: Card
noun: a card
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: text, required: true}
  - {key: notes, holds: lines}
  - {key: sources, holds: links}
  - {key: rank, holds: number}
  - {key: level, holds: one-of, values: [easy, hard]}
  - {key: see_also, holds: ids}
  - {key: typed, holds: output}
  - {key: often, holds: flag}
  - {key: mnemonic, holds: text, personal: true}
  - {key: claims, holds: pairs, parts: [{key: a, label: A}, {key: b, label: B}]}
cards: [{asks: [word], answers: [meaning, notes, sources, see_also, typed, claims]}]
"""


def project_of(write: WriteProject, table: str | bytes, files: Mapping[str, str] | None = None) -> Path:
    project = write({"deck.yaml": TABLE, "first.csv": table, **(files or {})})
    (project / "source" / "first.yaml").unlink()
    path = project / "templates" / "note-types" / "card" / "note-type.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TYPE, encoding="utf-8")
    return project


def read(project: Path) -> Bank:
    return load(project / "source", load_templates(ROOT, project)[0]).bank


def questions(project: Path) -> dict[str, Question]:
    return {question.id.value: question for question in read(project).questions()}


def test_a_row_is_a_note_and_a_column_a_key(write_project: WriteProject) -> None:
    table = (
        "id,word,meaning,notes,sources,rank,level,see_also,typed,often,tags\n"
        'dog,el *perro*,the dog,"barks\nruns",https://example.org/dog,7,easy,cat,  in >,true,animals pets::dog\n'
        "cat,el gato,the cat,,,,,,,,\n"
    )
    project = project_of(write_project, table)
    assert problems(project) == []
    found = questions(project)
    dog = found["dog"]
    assert list(dog.values) == ["word", "meaning", "notes", "sources", "rank", "level", "see_also", "typed", "often"]
    assert [tag.value for tag in dog.tags] == ["animals", "pets::dog"]
    assert list(found["cat"].values) == ["word", "meaning"]
    (note, _) = deck_of(project).notes()
    written = {each.key: write_content(each, note.contents[each.key]) for each in note.note_type.keyed[:8]}
    assert written == {
        "word": "el <em>perro</em>",
        "meaning": "<p>the dog</p>",
        "notes": "<ul><li>barks</li><li>runs</li></ul>",
        "sources": '<ul><li><a href="https://example.org/dog">https://example.org/dog</a></li></ul>',
        "rank": "7",
        "level": "easy",
        "see_also": "<ul><li>cat</li></ul>",
        "typed": "<pre>in &gt;</pre>",
    }


@pytest.mark.parametrize(
    "table",
    [
        'id,word,meaning\na,one,"says ""hi"", twice\nand again"\n',
        '\ufeffid,word,meaning\r\na,one,"says ""hi"", twice\r\nand again"\r\n',
        'id,word,meaning\ra,one,"says ""hi"", twice\rand again"',
        'meaning;word;id\n"says ""hi"", twice\nand again";one;a\n',
        'id\tword\tmeaning\na\tone\t"says ""hi"", twice\nand again"\n',
        '"id","word","meaning","",\n"a" , one ,"says ""hi"", twice\nand again",,\n,,,,\n\n',
    ],
)
def test_one_table_is_written_in_many_ways(table: str, write_project: WriteProject) -> None:
    project = project_of(write_project, table)
    assert problems(project) == []
    (question,) = questions(project).values()
    assert question.values["word"].value == "one"  # type: ignore[union-attr]  # a text
    assert question.values["meaning"].value == 'says "hi", twice\nand again'  # type: ignore[union-attr]  # a text


def test_tsv_has_tabs_and_commas_are_texts(write_project: WriteProject) -> None:
    project = project_of(write_project, "", {"first.tsv": "id\tword\tmeaning\na\tone, two\tthree\n"})
    (project / "source/first.csv").unlink()
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text().replace("first.csv", "first.tsv"))
    assert problems(project) == []
    assert questions(project)["a"].asked.value == "one, two"


def test_a_place_in_markdown_is_the_place_in_the_cell(write_project: WriteProject) -> None:
    table = 'id,word,meaning\r\na,"say ""x""  <b>y</b>","one\r\n""two"" <u>z</u>"\r\nb,<i>q</i>,"  [l](htp:x)"\r\n'
    found = problems(project_of(write_project, table))
    assert places(found) == [
        "source/first.csv:2:15 unsupported-html",
        "source/first.csv:3:9 unsupported-html",
        "source/first.csv:4:3 unsupported-html",
        "source/first.csv:4:19 bad-url",
    ]


def test_entries_of_lists_have_places_too(write_project: WriteProject) -> None:
    table = 'id,word,meaning,notes,tags,see_also\na,b,c,"x\n  ""say"" <u>y</u>  ",one a\'b,"a  dog"\n'
    assert places(problems(project_of(write_project, table))) == [
        "source/first.csv:3:11 unsupported-html",
        "source/first.csv:3:27 bad-tag",
        "source/first.csv:3:32 self-reference",
        "source/first.csv:3:35 unknown-reference",
    ]


def test_a_column_for_the_learners_own_words_is_reported(write_project: WriteProject) -> None:
    project = project_of(write_project, "id,word,meaning,notes\na,b,c,d\n")
    path = project / "templates/note-types/card/note-type.yaml"
    path.write_text(TYPE.replace("{key: notes, holds: lines}", "{key: notes, holds: text, personal: true}"))
    assert places(problems(project)) == ["source/first.csv:1:17 personal-key"]


BAD_TABLES = {
    "too few cells": ("id,word,meaning\na,b\nc,d,e\n", ["2:3 ragged-row"]),
    "too many cells": ("id,word,meaning\na,b,c,d,e\nc,d,e\n", ["2:7 ragged-row"]),
    "a quote never closed": ('id,word,meaning\nx,y,z\na,b,"c\nd,e,f\n', ["3:5 table-syntax"]),
    "a stray quote": ('id,word,meaning\na,b,5" wide\n', ["2:6 table-syntax"]),
    "a space before a quote": ('id,word,meaning\na,b, "c, d"\n', ["2:6 table-syntax"]),
    "a text behind a quote": ('id,word,meaning\na,b,"c"d\ne,f\n', ["2:8 table-syntax", "3:3 ragged-row"]),
    "an unknown column": ("id,word,meaning,levl\na,b,c,d\n", ["1:17 unknown-key"]),
    "a column twice": ("id,word,meaning,word\na,b,c,d\n", ["1:17 duplicate-key"]),
    "a column that must be there": ("id,word\na,b\n", ["1:1 missing-key"]),
    "no names of columns": ("a,b,c\nd,e,f\n", ["1:1 missing-key"]),
    "a line of Excel's": ("sep=;\nid;word;meaning\n", ["1:1 table-syntax"]),
    "an empty file": ("", ["1:1 empty-text"]),
    "blank rows alone": ("\n,,\n \n", ["1:1 empty-text"]),
    "a cell without a column": ("id,word,meaning,\na,b,c,\nd,e,f,g\n", ["3:7 missing-key"]),
    "pairs": ("id,word,meaning,claims\na,b,c,d\n", ["1:17 wrong-type"]),
    "recall notes": ("id,word,meaning,recall\na,b,c,d\n", ["1:17 unknown-key"]),
    "the learner's own words": ("id,word,meaning,mnemonic\na,b,c,\n", ["1:17 personal-key"]),
    "a cell that must be filled": ("id,word,meaning\na,,c\nd,e,\n", ["2:3 missing-key", "3:5 missing-key"]),
    "no number": ("id,word,meaning,rank\na,b,c,seven\n", ["2:7 bad-number"]),
    "no flag": ("id,word,meaning,often\na,b,c,maybe\n", ["2:7 wrong-type"]),
    "none of the values": ("id,word,meaning,level\na,b,c,esy\n", ["2:7 unknown-level"]),
    "bad ids": ("id,word,meaning\nA b,c,d\nx,e,f\nx,g,h\n", ["2:1 bad-id", "4:1 duplicate-id"]),
    "a zero byte": ("id,word,meaning\na,b\x00c,d\n", ["2:4 control-character"]),
    "a successor of what is asked": ("id,word,meaning,replaced_by\na,b,c,a\n", ["2:7 missing-key"]),
    "a check that cannot be allowed": ("id,word,meaning,allow\na,b,c,bad-id\n", ["2:7 bad-check"]),
    "a merge": ("id,word,meaning\n<<<<<<< HEAD\na,b,c\n=======\na,b,d\n>>>>>>> other\n", ["2:1 merge-conflict"]),
}


@pytest.mark.parametrize(("table", "expected"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_what_is_wrong_is_reported_at_its_cell(table: str, expected: list[str], write_project: WriteProject) -> None:
    found = problems(project_of(write_project, table))
    assert places(found) == [f"source/first.csv:{each}" for each in expected]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("id,word,meaning\na,b,c\n".encode("utf-16"), "file-not-utf8", "UTF-16"),
        ("id,word,meaning\na,b,c\n".encode("utf-16-le"), "file-not-utf8", "UTF-16"),
        ("id,word,meaning\na,b,caf\u00e9\n".encode("latin-1"), "file-not-utf8", "`\u00e9`"),
        (b"\x89PNG\r\n\x1a\n\xff", "file-not-utf8", "picture"),
    ],
)
def test_another_encoding_is_named(data: bytes, code: str, said: str, write_project: WriteProject) -> None:
    (problem,) = problems(project_of(write_project, data))
    assert problem.code == code
    assert said in problem.message


def test_all_mistakes_are_reported_at_once(write_project: WriteProject) -> None:
    table = 'id,word,meaning,levl,rank\na,b\nc,,d,,x\ne,f,<u>g</u>,,"2\n'
    assert codes(problems(project_of(write_project, table))) == [
        "unknown-key",
        "ragged-row",
        "missing-key",
        "bad-number",
        "table-syntax",
    ]


def test_a_column_that_was_added_to_the_first_row_alone_is_one_mistake(write_project: WriteProject) -> None:
    rows = "".join(f"w{number},w{number},m{number}\n" for number in range(200))
    table = f"id,word,meaning,retired\nx,x\n{rows}y,y,z,\n"
    found = problems(project_of(write_project, table))
    assert [(each.code, each.span.line) for each in found] == [("ragged-row", 2), ("ragged-row", 3)]
    assert "200 rows, the last one in line 202, end before the column `retired`" in found[1].message
    assert (found[1].help or "").startswith("end each of them with `,`: ")


def test_some_rows_that_lack_a_cell_are_told_one_by_one(write_project: WriteProject) -> None:
    table = "id,word,meaning,retired\na,a,b\nc,c,d\ne,e,f\ng,g,h,\ni,i,j,\nk,k,l,\n"
    found = problems(project_of(write_project, table))
    assert [(each.code, each.span.line) for each in found] == [("ragged-row", 2), ("ragged-row", 3), ("ragged-row", 4)]


def test_a_reference_to_a_broken_row_is_no_second_mistake(write_project: WriteProject) -> None:
    table = "id,word,meaning,see_also\na,b,c,broken ragged\nbroken,,e,\nragged,f\n"
    assert codes(problems(project_of(write_project, table))) == ["missing-key", "ragged-row"]


def test_a_reference_to_a_table_that_cannot_be_read_is_no_second_mistake(write_project: WriteProject) -> None:
    deck = TABLE + "  - {id: second, title: Second}\n"
    question = QUESTION + "  see_also: [a]\n"
    files = {"deck.yaml": deck, "second.yaml": question}
    found = problems(project_of(write_project, "id,wrd,Meaning\na,b,c\n", files))
    assert places(found) == ["source/first.csv:1:4 unknown-key", "source/first.csv:1:8 unknown-key"]
    assert [each.help for each in found] == [
        "did you mean `word`?",
        "did you mean `meaning`? Upper and lower case differ",
    ]


def test_signs_of_yaml_mean_nothing_in_cells(write_project: WriteProject) -> None:
    table = "id,word,meaning,tags\nno,yes,null # no comment,a #b\nx,7,|,\ny,2026-01-01,> a: b,\nz,\u201ca\u201d,- x,\n"
    project = project_of(write_project, table)
    assert problems(project) == []
    assert [each.asked.value for each in questions(project).values()] == ["yes", "7", "2026-01-01", "\u201ca\u201d"]


def test_a_row_can_be_retired(write_project: WriteProject) -> None:
    table = "id,word,meaning,retired,replaced_by\na,b,c,It changed.,d\nd,e,f,,\n"
    project = project_of(write_project, table)
    assert problems(project) == []
    retired = questions(project)["a"].retired
    assert retired is not None
    assert retired.replaced_by is not None
    assert (retired.reason.value, retired.replaced_by.value) == ("It changed.", "d")


def test_a_row_can_allow_a_warning_and_so_can_its_section(write_project: WriteProject) -> None:
    table = "id,word,meaning,allow\na,[[x]],c,unsupported-markdown\nb,[[y]],d,\n"
    project = project_of(write_project, table)
    assert places(problems(project)) == ["source/first.csv:3:3 unsupported-markdown"]
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text() + "    allow: [unsupported-markdown]\n")
    assert "unsupported-markdown" not in codes(problems(project))


def test_tags_of_the_section_are_on_its_rows(write_project: WriteProject) -> None:
    project = project_of(write_project, "id,word,meaning,tags\na,b,c,own\n")
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text() + "    tags: [all]\n")
    assert [note.tags for note in deck_of(project).notes()] == [("all", "own")]


def test_cloze_texts_stand_in_cells(write_project: WriteProject) -> None:
    deck = TABLE.replace("note_type: card", "note_type: cloze")
    project = project_of(
        write_project, 'id,cloze\na,"{{c1::Iron}}, a {{c2::metal}}"\nb,{{c2::gap}}\n', {"deck.yaml": deck}
    )
    assert places(problems(project)) == ["source/first.csv:3:3 cloze-numbering"]
    assert questions(project)["a"].asked.with_deletions


# --- what names a table


@pytest.mark.parametrize(
    ("table", "place", "code", "help_line"),
    [
        ("fist.csv", "9:12", "missing-section-file", "did you mean `first.csv`?"),
        ("first.xlsx", "9:12", "missing-section-file", "save it as CSV (UTF-8), such as `europe.csv`"),
        ("first.yaml", "9:12", "missing-section-file", "remove `table`"),
        ("../first.csv", "9:12", "path-outside-source", "put the table into source/"),
        ("/etc/first.csv", "9:12", "path-outside-source", "put the table into source/"),
        ("C:\\first.csv", "9:12", "path-outside-source", "put the table into source/"),
        ("tables\\first.csv", "9:12", "missing-section-file", ""),
        ("[first.csv]", "9:12", "wrong-type", ""),
    ],
)
def test_a_table_is_a_file_of_the_source(
    table: str, place: str, code: str, help_line: str, write_project: WriteProject
) -> None:
    deck = TABLE.replace("first.csv", table)
    # One mistake, of which the table that it leaves without a section is no other.
    (problem,) = problems(project_of(write_project, "id,word,meaning\n", {"deck.yaml": deck}))
    assert places([problem]) == [f"source/deck.yaml:{place} {code}"]
    assert help_line in problem.help


def test_a_table_can_lie_in_a_folder(write_project: WriteProject) -> None:
    deck = TABLE.replace("first.csv", "tables/first.csv")
    project = project_of(write_project, "", {"deck.yaml": deck, "tables/first.csv": "id,word,meaning\na,b,c\n"})
    (project / "source/first.csv").unlink()
    assert problems(project) == []
    assert list(questions(project)) == ["a"]


def test_a_link_that_leads_out_is_not_followed(write_project: WriteProject, tmp_path: Path) -> None:
    project = project_of(write_project, "")
    (tmp_path / "secret.csv").write_text("id,word,meaning\n")
    (project / "source/first.csv").unlink()
    (project / "source/first.csv").symlink_to(tmp_path / "secret.csv")
    assert codes(problems(project)) == ["path-outside-source"]


def test_a_table_that_no_section_names_is_reported(write_project: WriteProject) -> None:
    found = problems(write_project({"first.csv": "id\n", "other.tsv": "id\n", "snippets/data.csv": "a\n"}))
    assert places(found) == ["source/first.csv:1:1 unlisted-file", "source/other.tsv:1:1 unlisted-file"]
    assert "add `table: first.csv` to the section `first`" in found[0].help
    assert "add `- {id: other, title: …, table: other.tsv}` to `sections`" in found[1].help


@pytest.mark.parametrize(("columns", "place"), [("id,header", "1:1"), ("id,header,occlude", "1:11")])
def test_a_note_type_whose_notes_no_row_can_hold_is_told_once(
    columns: str, place: str, write_project: WriteProject
) -> None:
    deck = TABLE.replace("note_type: card", "note_type: occlusion")
    (problem,) = problems(
        project_of(write_project, f"{columns}\na,b{',' * (columns.count(',') - 1)}\n", {"deck.yaml": deck})
    )
    assert places([problem]) == [f"source/first.csv:{place} wrong-type"]
    assert "write these questions in YAML" in problem.help


def test_a_section_has_a_table_or_a_file_of_questions(write_project: WriteProject) -> None:
    project = project_of(write_project, "id,word,meaning\na,b,c\n")
    (project / "source/first.yaml").write_text(QUESTION)
    (problem,) = problems(project)
    assert places([problem]) == ["source/first.yaml:1:1 unlisted-file"]
    assert "source/first.csv" in problem.message


def test_a_table_is_that_of_one_section(write_project: WriteProject) -> None:
    deck = TABLE + "  - {id: second, title: Second, table: first.csv, note_type: card}\n"
    found = problems(project_of(write_project, "id,word,meaning\na,b,c\n", {"deck.yaml": deck}))
    assert places(found) == ["source/deck.yaml:11:40 duplicate-id"]


def test_a_broken_note_type_is_one_problem(write_project: WriteProject) -> None:
    deck = TABLE.replace("note_type: card", "note_type: crd")
    found = problems(project_of(write_project, "id,word,meaning\na,b,c\n", {"deck.yaml": deck}))
    assert places(found) == ["source/deck.yaml:10:16 unknown-note-type"]


# --- bounds


def test_rows_have_a_bound(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 1_000)
    rows = "".join(f"r{number},w,m\n" for number in range(1_002))
    deck = TABLE.replace("{", "{near-duplicate-question: off, ", 1)
    found = problems(project_of(write_project, "id,word,meaning\n" + rows, {"deck.yaml": deck}))
    assert places(found) == ["source/first.csv:1002:1 text-too-long"]
    assert MAX_ROWS == 100_000


@pytest.mark.slow
def test_fifty_thousand_rows_are_read(write_project: WriteProject) -> None:
    rows = "".join(f'w{number},"word, {number}",the meaning of {number}\n' for number in range(50_000))
    project = project_of(write_project, "id,word,meaning\n" + rows)
    started = time.process_time()
    assert len(questions(project)) == 50_000
    assert time.process_time() - started < 60


def test_cells_have_a_bound(write_project: WriteProject) -> None:
    table = f'id,word,meaning\na,b,"{"long " * 200_000}"\nc,d,{"x" * (MAX_CHARACTERS + 1)}\n'
    found = problems(project_of(write_project, table))
    assert places(found) == ["source/first.csv:2:5 text-too-long", "source/first.csv:3:5 text-too-long"]


@pytest.mark.parametrize(
    "table",
    [
        "," * 2_000_000,
        "id,word,meaning\n" + "," * 4_000_000,
        "id,word,meaning\n" + ",,\n" * 1_000_000,
        'id,word,meaning\na,b,"' + '""' * 1_000_000,
        "id,word,meaning\n" + '"' * 2_000_001,
        "id,word,meaning\n" + 'a,b,"c"d\n' * 100_000,
        'id,word,meaning\na,b,"' + '""\r\n<u>' * 2_000 + '"',
        'id,word,meaning,notes\na,b,c,"' + '""x\n' * 200_000 + '"',
        "id,word,meaning,tags\na,b,c," + "x " * 1_000_000,
    ],
)
def test_a_hostile_table_takes_no_long_time(table: str, write_project: WriteProject) -> None:
    project = project_of(write_project, table)
    started = time.process_time()
    problems(project)
    assert time.process_time() - started < 20


@pytest.mark.parametrize("text", ["Two:\n- a\n- b", "Two:\n\n```python\nx = 1\n```", "|a|\n|-|\n|b|\n|c|"])
def test_a_cell_keeps_its_lines(text: str, write_project: WriteProject) -> None:
    project = project_of(write_project, f'id,word,meaning,typed\na,b,"{text}","1\n2"\n')
    assert problems(project) == []


def test_tags_of_a_row_are_parted_by_spaces(write_project: WriteProject) -> None:
    project = project_of(write_project, 'id,word,meaning,tags\na,b,c,"x, y"\nd,e,f,p;q\n')
    found = problems(project)
    assert [(*places([each]), each.help) for each in found] == [
        ("source/first.csv:2:8 bad-tag", "write `x`; spaces alone part tags"),
        ("source/first.csv:3:7 bad-tag", "write several tags as `p q`, one as `p-q`"),
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "ID,Word,Meaning,See also",
            [
                ("1:1 unknown-key", "did you mean `id`? Upper and lower case differ"),
                ("1:4 unknown-key", "did you mean `word`? Upper and lower case differ"),
                ("1:9 unknown-key", "did you mean `meaning`? Upper and lower case differ"),
                ("1:17 unknown-key", "did you mean `see_also`?"),
            ],
        ),
        (
            "Wort,Bedeutung",
            [("1:1 missing-key", "write the names of the columns in the first row, such as `word,meaning`")],
        ),
        ("# my words", [("1:1 missing-key", "remove this line")]),
        ("word|meaning", [("1:1 missing-key", "put commas, semicolons or tabs between the cells")]),
    ],
)
def test_what_is_wrong_with_the_first_row_is_said(
    header: str, expected: list[tuple[str, str]], write_project: WriteProject
) -> None:
    found = problems(project_of(write_project, f"{header}\na,b\n"))
    said = [(*places([each]), each.help) for each in found if each.code != "ragged-row"]
    assert said == [(f"source/first.csv:{place}", hint) for place, hint in expected]


def test_a_tsv_without_tabs_is_told_what_its_name_means(write_project: WriteProject) -> None:
    project = project_of(write_project, "", {"first.tsv": "word;meaning\na;b\n"})
    (project / "source/first.csv").unlink()
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text().replace("first.csv", "first.tsv"))
    (found,) = problems(project)
    assert found.message == "the first row names no columns: semicolons stand between its words"
    assert found.help == "put tabs there, or call the file `.csv`"


@pytest.mark.parametrize("header", ["id,cloze", "cloze,tags", "cloze"])
def test_a_table_with_the_columns_of_another_note_type_is_told_which(header: str, write_project: WriteProject) -> None:
    row = ",".join("ab"[: len(header.split(","))])
    (found,) = problems(project_of(write_project, f"{header}\n{row}\n"))
    assert found.code == "unknown-note-type"
    assert found.message == "the table has the columns of a cloze note, not of a card"
    assert found.help == "add `note_type: cloze` to its section in deck.yaml"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("What is it?,One.", [("no-source", "write an address into the column `sources`")]),
        (
            "What is it?,#one #two",
            [("unsupported-markdown", "write tags into the column `tags`; a heading has a space after `#`")],
        ),
        ("What is it?,\u2060", [("empty-text", "write a text into the cell, or empty it")]),
    ],
)
def test_what_to_type_is_said_in_the_words_of_tables(
    row: str, expected: list[tuple[str, str]], write_project: WriteProject
) -> None:
    deck = DECK + "    table: first.csv\n    note_type: interview\n"
    project = write_project({"deck.yaml": deck, "first.csv": f"id,question,answer\na,{row}\n"})
    (project / "source" / "first.yaml").unlink()
    found = check_project(project).diagnostics
    assert [(each.code, each.help) for each in found if each.code in dict(expected)] == expected


@pytest.mark.parametrize(
    ("cell", "html"),
    [
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\r\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("*one\ntwo*", "<p><em>one<br>two</em></p>"),
        ("Two:\n- a\n- b", "<p>Two:</p><ul><li>a</li><li>b</li></ul>"),
        ("- a\n  b", "<ul><li>a<br>b</li></ul>"),
        ("one  \ntwo", "<p>one<br>two</p>"),
    ],
)
def test_a_line_end_in_a_cell_is_shown_as_one(cell: str, html: str, write_project: WriteProject) -> None:
    project = project_of(write_project, f'id,word,meaning,notes\na,b,"{cell}","x\ny"\n')
    assert problems(project) == []
    ((note,),) = ([*deck_of(project).notes()],)
    (field,) = (each for each in note.note_type.keyed if each.key == "meaning")
    assert write_content(field, note.contents["meaning"]).replace("\n", "") == html


def test_a_line_end_in_a_line_and_in_a_cloze_text_is_shown_too(write_project: WriteProject) -> None:
    project = project_of(write_project, 'id,word,meaning\na,"el\nperro",c\n')
    ((note,),) = ([*deck_of(project).notes()],)
    assert write_content(note.note_type.field("word"), note.contents["word"]) == "el<br>perro"
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text().replace("note_type: card", "note_type: cloze"))
    (project / "source/first.csv").write_text('id,cloze\na,"One is\n{{c1::the\nfirst}}"\n')
    ((note,),) = ([*deck_of(project).notes()],)
    written = write_content(note.note_type.field("cloze"), note.contents["cloze"])
    assert written.replace("\n", "") == "One is<br>{{c1::the<br>first}}"


def test_cells_that_are_wrong_alike_are_told_once(write_project: WriteProject) -> None:
    rows = "".join(f"{name},b,c,Ja,x\n{name}2,b,c,Nein,1\n" for name in "abc")
    table = f"id,word,meaning,often,rank\n{rows}d,e,f,TRUE,2\ng,h,i,False,3\nj,k,l,maybe,4\n"
    assert [(*places([each]), each.message, each.help) for each in problems(project_of(write_project, table))] == [
        (
            "source/first.csv:2:7 wrong-type",
            "`often` wants `true` or `false`, and `Ja` is neither; 3 cells of the column have it",
            "write `true`",
        ),
        (
            "source/first.csv:2:10 bad-number",
            "`rank` is not a whole number from 1 up; 3 cells of the column have it",
            "write digits alone, such as `7`, or leave the cell empty",
        ),
        (
            "source/first.csv:3:8 wrong-type",
            "`often` wants `true` or `false`, and `Nein` is neither; 3 cells of the column have it",
            "write `false`, or leave the cell empty",
        ),
        (
            "source/first.csv:10:7 wrong-type",
            "`often` wants `true` or `false`, and `maybe` is neither",
            "write `true`, or leave the cell empty",
        ),
    ]
