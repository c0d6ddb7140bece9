"""Lists of notes are read in every form in which Anki, spreadsheets, Quizlet and people write them."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.anki_text import read_text_notes
from cardpress.adopt.written_notes import MAX_TEXT_BYTES, WrittenNotes, decode_text
from cardpress.anki.original import OriginalError

ANKI = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    'kx:%Q"/|~\tBasic\tLanguages::Spanish\t<b>the dog</b>\t"el ""perro"" x"\tanimals a1\n'
    "# a comment\n"
    "b(2\tCloze\tLanguages\t{{c1::Iron}} is a metal\t\t\n"
)


def fields(text: str | bytes) -> list[tuple[str, ...]]:
    """Return the fields of each note of a text."""
    written = read_text_notes(text if isinstance(text, bytes) else text.encode())
    return [note.fields for note in written.notes]


def test_what_anki_says_of_its_columns_is_kept() -> None:
    written = read_text_notes(ANKI.encode())
    first, second = written.notes
    assert written.is_html
    assert (first.guid, first.kind, first.deck) == ('kx:%Q"/|~', "Basic", "Languages::Spanish")
    assert (first.fields, first.tags) == (("<b>the dog</b>", 'el "perro" x'), ("animals", "a1"))
    assert (second.guid, second.kind, second.fields) == ("b(2", "Cloze", ("{{c1::Iron}} is a metal", ""))
    assert (first.line, second.line) == (7, 9)


def test_what_is_said_of_all_notes_is_said_of_each() -> None:
    head = "#separator:Comma\n#html:false\n#tags:a b\n#deck:Spanish\n#notetype:Basic\n#columns:Front,Back,Tags\n"
    written = read_text_notes(f"{head}#tags column:3\nthe dog,el perro,c\n".encode())
    (note,) = written.notes
    assert (note.tags, note.deck, note.kind) == (("a", "b", "c"), "Spanish", "Basic")
    assert (written.columns, note.fields, written.is_html) == (("Front", "Back"), ("the dog", "el perro"), False)


@pytest.mark.parametrize("sign", ["Space", ":", "pipe", "Semicolon", "Colon", "|"])
def test_any_separator_that_anki_knows_parts_the_fields(sign: str) -> None:
    mark = {"Space": " ", "pipe": "|", "Semicolon": ";", "Colon": ":"}.get(sign, sign)
    assert fields(f"#separator:{sign}\na{mark}b{mark}c\nd{mark}e{mark}f\n") == [("a", "b", "c"), ("d", "e", "f")]


@pytest.mark.parametrize(
    "text",
    [
        "dog\tperro\ncat\tgato\n",
        "dog,perro\r\ncat,gato\r\n",
        "dog;perro\rcat;gato\r",
        "\ufeffdog|perro\n\ncat|gato",
        "dog - perro\ncat - gato\n",
        "dog – perro\ncat – gato\n",
        "dog = perro\ncat = gato\n",
        "dog: perro\ncat: gato\n",
        "dog\tperro;cat\tgato;",
        "dog,perro;cat,gato",
        "dog\nperro\n\ncat\ngato\n",
        '"dog","perro"\n"cat","gato"\n',
        "front,back\ndog,perro\ncat,gato\n",
        "Vorderseite;Rückseite\ndog;perro\ncat;gato\n",
        "English,Spanish\ndog,perro\ncat,gato\n",
    ],
)
def test_what_parts_the_fields_is_found(text: str) -> None:
    assert fields(text) == [("dog", "perro"), ("cat", "gato")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    assert fields("el árbol\tthe tree\nel niño\tthe boy\n".encode(encoding))[0] == ("el árbol", "the tree")


def test_a_definition_goes_on_in_further_lines() -> None:
    text = "iron\ta metal\nthat rusts\ngold\tanother\n"
    assert fields(text) == [("iron", "a metal\nthat rusts"), ("gold", "another")]


def test_quotes_that_are_not_those_of_csv_are_characters() -> None:
    assert fields('"dog" is\tperro\n5" wide\tx\n') == [('"dog" is', "perro"), ('5" wide', "x")]


def test_a_cell_in_quotes_holds_signs_and_lines() -> None:
    assert fields('"a, b","c\nd"\n"e ""f""",g\n') == [("a, b", "c\nd"), ('e "f"', "g")]


def test_columns_with_names_are_tags_and_decks() -> None:
    written = read_text_notes(b"question,answer,tags,deck\nWhat?,That.,a b,Big::Small\nWhy?,So.,,\n")
    assert written.columns == ("question", "answer")
    assert (written.notes[0].tags, written.notes[0].deck) == (("a", "b"), "Big::Small")


def test_the_first_row_is_a_note_where_it_names_no_columns() -> None:
    assert fields("dog,word\ncat,gato\n") == [("dog", "word"), ("cat", "gato")]


def test_too_many_fields_are_told_and_kept() -> None:
    written = read_text_notes(("a,b\n" * 20 + "c,d,e\n").encode())
    assert written.notes[-1].fields == ("c", "d,e")
    assert written.remarks == ("line 21 has 3 fields, and most have 2: the last one has all the rest",)


@pytest.mark.parametrize(
    ("text", "is_html"),
    [("a <b>b</b>\tc\nd\te\n", True), ("a<br>\tb\nc\td\n", True), ("a < b\tc &f\nd\t<b> is a tag\n", False)],
)
def test_html_is_told_from_text(text: str, is_html: bool) -> None:
    assert read_text_notes(text.encode()).is_html is is_html


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty text"),
        (b" \n\n", "an empty text"),
        (bytes(range(256)) * 20, "no text in UTF-8"),
        (b"\x00\x01\x02" * 500, "no text: it has bytes that no text has"),
        ("fiancé,x\n".encode("latin-1"), "no text in UTF-8 (line 1 has other bytes)"),
        (b"only\nwords\nand words\n", "no list of notes"),
        (b"#separator:tab\n#html:true\n", "a text without a note"),
        (b"\t".join([b"x"] * 5_000), "has 5,000 fields"),
    ],
)
def test_what_is_no_list_of_notes_is_one_clear_line(data: bytes, message: str) -> None:
    with pytest.raises(OriginalError) as caught:
        read_text_notes(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_text_without_an_end_is_refused() -> None:
    with pytest.raises(OriginalError, match="are allowed"):
        decode_text(b"a" * (MAX_TEXT_BYTES + 1))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(OriginalError):
        written = read_text_notes(data)
        assert isinstance(written, WrittenNotes)
        assert all(any(note.fields) or note.guid or note.tags for note in written.notes)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab,;\t\"'#\n é", max_size=6)] * 2), min_size=2, max_size=8))
def test_what_anki_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    quoted = "".join("\t".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    kept = [tuple(cell.strip() for cell in row) for row in rows if any(cell.strip() for cell in row)]
    text = f"#separator:tab\n#html:true\n#notetype:Basic\n{quoted}"
    if kept:
        assert fields(text) == kept


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a,b\n", '"a\n', "a\tb", "#x:y\n", "a - b;", '",\n', "\n\n\t"])
def test_long_lists_are_read_in_time(line: str) -> None:
    begin = process_time()
    with suppress(OriginalError):
        read_text_notes((line * (300_000 // len(line))).encode())
    assert process_time() - begin < 10


def test_cards_as_older_versions_of_anki_export_them_are_refused() -> None:
    style = "<style>.card { color: red }</style>"
    text = f"#separator:tab\n#html:true\n{style}dog\t{style}perro\n{style}cat\t{style}gato\n"
    with pytest.raises(OriginalError, match="Cards in Plain Text"):
        read_text_notes(text.encode())


@pytest.mark.parametrize(
    "rows",
    [
        "dog\tperro\nperro\tdog\ncat\tgato\n" + "".join(f"{each}\tword\n" for each in range(30)),
        "dog\tperro\nperro\tdog\n",
        "\tdog\ndog\t\n\tcat\ncat\t\n",
        "go\tgo, went, gone\nsee\tsee, saw, seen\n",
        "The Seine flows through [...]\tParis\nThe Thames flows through [...]\tLondon\n",
    ],
)
def test_notes_that_look_a_little_like_cards_are_read(rows: str) -> None:
    assert len(read_text_notes(f"#separator:tab\n#html:false\n{rows}".encode()).notes) == rows.count("\n")


def test_a_text_that_may_be_of_cards_says_what_else_there_is_to_export() -> None:
    (advice,) = read_text_notes(b"#separator:tab\n#html:true\ndog\tperro\n").advice
    assert "*Notes in Plain Text (.txt)*" in advice
    assert read_text_notes(ANKI.encode()).advice == ()
    assert read_text_notes(b"dog\tperro\ncat\tgato\n").advice == ()
