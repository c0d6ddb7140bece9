"""What texts become: projects that check without a word, with everything of the text in them that can be."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cardpress.adopt.adopted import Adopted
from cardpress.adopt.making import Made, write_project
from cardpress.adopt.sources import adopt, name_source
from cardpress.adopt.wishes import Wish
from cardpress.anki.original import OriginalError
from cardpress.diagnostics import has_errors
from cardpress.engine import ROOT
from cardpress.markdown import to_plain_text
from cardpress.markdown.tree import Link
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Question
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from tests.helpers.originals import Hand, HandNote, by_hand
from tests.helpers.sample_project import PNG
from tests.helpers.sounds import tone

WISH = Wish("my-deck", "My deck", "", "2026-11-27")
ANKI = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:7\n"
    'kx:%Q"|~\tBasic\tLanguages::Spanish\t<b>the dog</b>\tel perro\t\tanimals\n'
    "a1\tBasic (and reversed card)\tLanguages::Spanish::Verbs\tto be\tser\t\t\n"
    "a2\tCloze\tLanguages\t{{c1::Iron::a metal}} <i>rusts</i>\tMore.\t\t\n"
    'a3\tColors\tLanguages\t<span style="color:red">red</span>\trojo\tan example\tcolors\n'
    "a4\tBasic\tLanguages::Spanish\tthe cat<div>and the jack</div>\tel gato\t\t\n"
)


def make(folder: Path, name: str, content: str | bytes, **beside: bytes) -> tuple[Made, Bank]:
    """Return the project that is made of a file, and its bank. `beside` are files of its folder, `__` being a dot."""
    source = folder / "source" / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    for other, data in beside.items():
        (source.parent / other.replace("__", ".")).write_bytes(data)
    return make_of(folder, source)


def make_of(folder: Path, source: Path) -> tuple[Made, Bank]:
    """Return the project that is made of a file or folder, and its bank."""
    made = write_project(folder / "project", adopt(source, WISH))
    templates, _ = load_templates(ROOT, folder / "project")
    return made, load(folder / "project" / "source", templates).bank


def texts(bank: Bank) -> list[dict[str, str]]:
    """Return the texts of each question by their keys."""
    return [
        {key: value.value for key, value in note.values.items() if isinstance(value, MarkdownText | HtmlText)}
        for note in bank.questions()
    ]


def is_clean(made: Made) -> bool:
    return made.diagnostics == ()


def list_losses(adopted: Adopted) -> list[str]:
    return [f"{loss.where}: {loss.what}" for loss in adopted.losses]


def test_a_list_of_words_becomes_a_table_of_basic_notes(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.txt", "el perro\tthe dog\nel gato\tthe *cat*, or a jack\n")
    assert is_clean(made)
    assert texts(bank) == [
        {"question": "el perro", "answer": "the dog"},
        {"question": "el gato", "answer": "the \\*cat\\*, or a jack"},
    ]
    table = (tmp_path / "project" / "source" / "my-deck.csv").read_text(encoding="utf-8")
    assert table.splitlines()[:2] == ["id,question,answer", "el-perro,el perro,the dog"]


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        ("Word,Type,Meaning", ["word", "type", "meaning"]),
        ("Word,Front Side,Meaning,Subdeck", ["word", "front_side", "meaning", "subdeck"]),
        ("Word,Card,Meaning,Card ID", ["word", "card", "meaning", "card_id"]),
        ("Word,Replaced by,Meaning,Retired", ["word", "replaced_by_2", "meaning", "retired_2"]),
        ("Word,Meaning,Example,A B,AB", ["word", "meaning", "example", "a_b", "ab_2"]),
    ],
)
def test_columns_may_be_called_as_what_anki_or_a_table_has_of_its_own(
    tmp_path: Path, columns: str, keys: list[str]
) -> None:
    rows = [",".join(f"{cell} {number}" for cell in columns.split(",")) for number in (1, 2)]
    made, bank = make(tmp_path, "german.csv", "\n".join((columns, *rows)))
    assert is_clean(made)
    assert [sorted(each) for each in texts(bank)] == [sorted(keys), sorted(keys)]


@pytest.mark.parametrize("name", ["aux.csv", "Con.txt", "nul.csv", "deck.csv", "manifest.csv"])
def test_a_list_may_be_called_as_no_file_on_windows_is(tmp_path: Path, name: str) -> None:
    made, _ = make(tmp_path, name, "Word\tMeaning\tType\na\tb\tc\n")
    assert is_clean(made)
    rows = "#separator:tab\n#html:true\n#deck:French::Aux\n#notetype:Con\na\tb\tc\td\n"
    made, _ = make(tmp_path / "of-anki", name, rows)
    assert is_clean(made)


def test_commas_between_tags_part_them_where_there_are_any(tmp_path: Path) -> None:
    rows = 'word,meaning,tags\nqué,what,"question word, basic"\ncasa,house,home; at rest\npan,bread,food basic\n'
    made, bank = make(tmp_path, "words.csv", rows)
    assert is_clean(made)
    assert [[tag.value for tag in note.tags] for note in bank.questions()] == [
        ["question-word", "basic"],
        ["home", "at-rest"],
        ["food", "basic"],
    ]


def test_a_line_end_in_a_plain_field_is_shown_though_another_field_is_html(tmp_path: Path) -> None:
    made, bank = make(
        tmp_path, "words.csv", 'el pan,<b>bread</b>\nel agua,"water\n(fem.!)"\nel día,"<i>day</i>\nlight"\n'
    )
    assert is_clean(made)
    shown = [text["answer"] for text in texts(bank)]
    assert shown == ["**bread**", "water\n(fem.!)", "*day* light"], "what is HTML has no line end there"


def test_a_text_of_anki_keeps_guids_tags_decks_and_kinds(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "anki.txt", ANKI)
    assert is_clean(made)
    notes = {note.guid.value: note for note in bank.questions() if note.guid}
    assert set(notes) == {'kx:%Q"|~', "a1", "a2", "a3", "a4"}
    assert [tag.value for tag in notes['kx:%Q"|~'].tags] == ["animals"]
    assert notes["a1"].values["reverse"]
    assert [notes[guid].note_type.kind for guid in ("a1", "a2", "a3")] == ["basic", "cloze", "colors"]
    assert texts(bank)[0] == {"cloze": "{{c1::Iron::a metal}} *rusts*", "extra": "More."}
    deck = yaml.safe_load((tmp_path / "project" / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert deck["anki"] == {"name": "Languages"}
    assert [each["anki"]["name"] for each in deck["sections"]] == [
        "Languages",
        "Languages::Spanish",
        "Languages::Spanish::Verbs",
    ]


def test_what_markdown_cannot_say_stays_html(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "anki.txt", ANKI)
    assert is_clean(made)
    (colored,) = (note for note in bank.questions() if note.note_type.kind == "colors")
    assert {key: type(value) for key, value in colored.values.items()} == {
        "question": HtmlText,
        "answer": MarkdownText,
        "extra": MarkdownText,
    }


def test_a_cloze_text_of_html_has_its_deletions(tmp_path: Path) -> None:
    text = "#separator:tab\n#html:true\n#notetype:Cloze\n{{c1::a}} <u>and</u> {{c2::b::hint}}\tmore\n"
    made, bank = make(tmp_path, "anki.txt", text)
    assert is_clean(made)
    (note,) = bank.questions()
    assert (note.id.value, note.note_type.kind) == ("a-and-b", "anki-cloze")
    assert texts(bank) == [{"text": "{{c1::a}} <u>and</u> {{c2::b::hint}}", "extra": "more"}]


def test_a_line_of_anki_is_a_line(tmp_path: Path) -> None:
    _, bank = make(tmp_path, "anki.txt", ANKI)
    assert {"question": "the cat\nand the jack", "answer": "el gato"} in texts(bank)


def test_columns_that_nobody_knows_are_fields_of_an_own_note_type(tmp_path: Path) -> None:
    text = "Word,Meaning,Example sentence,Level\nperro,dog,El perro ladra.,A1\ngato,cat,,A2\n"
    made, bank = make(tmp_path, "words.csv", text)
    assert is_clean(made)
    assert texts(bank)[0] == {"word": "perro", "meaning": "dog", "example_sentence": "El perro ladra.", "level": "A1"}
    declared = (tmp_path / "project" / "templates" / "note-types" / "note" / "note-type.yaml").read_text(
        encoding="utf-8"
    )
    assert "label: Example sentence" in declared


def test_pictures_and_sounds_beside_a_text_come_along(tmp_path: Path) -> None:
    text = 'dog\t<img src="My%20Dog.png"> perro [sound:perro.mp3]\ncat\tgato <img src="none.png"> <img src="https://e.org/c.png">\n'
    made, bank = make(tmp_path, "words.txt", text, **{"My Dog__png": PNG, "perro__mp3": tone()})
    assert is_clean(made)
    assert sorted(bank.media) == ["my-dog.png", "perro.mp3"]
    assert texts(bank)[0]["answer"] == "![My Dog](my-dog.png) perro ![perro](perro.mp3)"
    assert "none.png" in texts(bank)[1]["answer"]
    (lost,) = list_losses(made.adopted)
    assert "names the file none.png, which is not there" in lost
    assert lost.startswith("line ")
    assert "into source/media/" in lost


def test_what_asks_or_answers_nothing_is_told(tmp_path: Path) -> None:
    lines = "".join(f"word {number}\tmeaning {number}\n" for number in range(40))
    made, bank = make(tmp_path, "words.txt", f"{lines}lonely\t\n\tno question\n")
    assert is_clean(made)
    assert len(texts(bank)) == 40
    assert list_losses(made.adopted) == [
        "line 41 (lonely): has no answer, and is left out",
        "line 42 (no question): asks nothing, and is left out",
    ]


def test_many_notes_without_an_answer_are_notes_all_the_same(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.csv", "front,back\na,b\nc,\nd,\n")
    assert is_clean(made)
    assert len(texts(bank)) == 3


@pytest.mark.slow
def test_long_texts_stay_as_html_and_longer_ones_are_told(tmp_path: Path) -> None:
    text = f"question,answer\na,{'x' * 30_000}\nb,{'y <' * 50_000}\nc,d\n"
    made, bank = make(tmp_path, "long.csv", text)
    assert is_clean(made)
    assert [len(each["answer"]) for each in texts(bank)] == [30_000, 1]
    assert list_losses(made.adopted) == ["line 3 (b): is left out: a field has at most 100,000 characters"]


def test_script_in_a_text_is_gone(tmp_path: Path) -> None:
    text = "#html:true\n#separator:tab\n<script>alert(1)</script><u onclick='x()'>a</u>\tb <b>c</b>\n"
    made, bank = make(tmp_path, "words.txt", text)
    assert is_clean(made)
    assert texts(bank) == [{"question": "<u>a</u>", "answer": "b **c**"}]
    assert list_losses(made.adopted) == [
        "line 3 (a): is made safe, without `<script>`, the attribute `onclick`",
    ]


def test_a_few_notes_of_html_do_not_take_the_others_along(tmp_path: Path) -> None:
    lines = "".join(f"<b>word</b> {number}\tmeaning\n" for number in range(9))
    head = "#separator:tab\n#html:true\n#notetype:Basic (and reversed card)\n"
    made, bank = make(tmp_path, "anki.txt", f"{head}{lines}<u>word</u>\tmeaning\n")
    assert is_clean(made)
    assert [note.note_type.kind for note in bank.questions()] == [*["basic"] * 9, "basic-and-reversed-card"]
    assert [len(note.note_type.cards) for note in bank.questions()][-1] == 2


def test_questions_of_a_folder_are_sections_with_their_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    (folder / "trees" / "img").mkdir(parents=True)
    (folder / "README.md").write_text("# Read me\n\nNothing to ask.\n", encoding="utf-8")
    (folder / "tea.md").write_text(
        "# Tea\n\n## What is oolong?\n\nA tea.\n\n## What is matcha?\n\nA powder.\n", encoding="utf-8"
    )
    pictures = "![An oak](./img/Oak%20tree.png)", "<img src='../none.png' alt='A fir'>"
    text = f"# Trees\n\n### 1. What is an oak?\n\n{pictures[0]}\n\n### 2. What is a fir?\n\n{pictures[1]}\n"
    (folder / "trees" / "trees.md").write_text(text, encoding="utf-8")
    (folder / "trees" / "img" / "Oak tree.png").write_bytes(PNG)
    made, bank = make_of(tmp_path, folder)
    assert is_clean(made)
    assert [section.title.value for section in bank.sections] == ["Tea", "Trees"]
    assert [each["answer"] for each in texts(bank)] == ["A tea.", "A powder.", "![An oak](oak-tree.png)", "A fir"]
    assert list(bank.media) == ["oak-tree.png"]
    assert list_losses(made.adopted)[0] == "README.md: is left out: no question was found in it"


def test_letters_in_a_text_ask(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "qa.txt", "Q: What is tea?\nA: A drink.\n\nQ: What is 2 * 3?\nA: 6\n")
    assert is_clean(made)
    assert texts(bank) == [
        {"question": "What is tea?", "answer": "A drink."},
        {"question": "What is 2 \\* 3?", "answer": "6"},
    ]


def test_decks_are_sections_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    lines = "".join(f"Deck::Part {number}\tword {number}\tmeaning\n" for number in (10, 2, 1))
    made, bank = make(tmp_path, "anki.txt", f"#separator:tab\n#deck column:1\n{lines}")
    assert is_clean(made)
    assert [section.title.value for section in bank.sections] == ["Part 1", "Part 2", "Part 10"]


@pytest.mark.slow
def test_very_many_sections_are_the_files_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    for name in ("one", "two"):
        parts = "".join(f"## Part {number}\n\n### What is {number}?\n\nA number.\n\n" for number in range(60))
        (folder / f"{name}.md").write_text(f"# {name.title()}\n\n{parts}", encoding="utf-8")
    (folder / "CONTRIBUTING.md").write_text("## How do you help?\n\nSo.\n\n## Why?\n\nSo.\n", encoding="utf-8")
    made, bank = make_of(tmp_path, folder)
    assert is_clean(made)
    assert [(section.title.value, len(section.questions)) for section in bank.sections] == [("One", 60), ("Two", 60)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "# Only a title\n"),
        ("a.md", b"\xff\xfe\xff"),
        ("a.csv", b"\x00\x01" * 100),
        ("a.csv", "words alone\nand more words here\n"),
        ("a.txt", ""),
        ("a.bin", bytes(range(256))),
    ],
)
def test_what_cannot_be_taken_over_is_one_line(tmp_path: Path, name: str, content: str | bytes) -> None:
    with pytest.raises(OriginalError) as caught:
        make(tmp_path, name, content)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "project").exists()


def test_a_file_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    _, bank = make(tmp_path, "a.md", "## What is it?\n\n![x](../secret.png) ![y](/../secret.png)\n\n## Why?\n\nNo.\n")
    assert not bank.media
    assert texts(bank)[0]["answer"] == "x y"


@pytest.mark.parametrize(
    "text", ["see [x](http://y)#", "see http://y)# and", "[x](http://y)&#xD800", "http://a:b/", "http://.."]
)
@pytest.mark.parametrize("settings", ["", "#separator:tab\n#html:false\n", "#separator:tab\n#html:true\n"])
def test_what_only_looks_like_a_link_is_a_text(tmp_path: Path, settings: str, text: str) -> None:
    made, bank = make(tmp_path, "notes.txt", f"{settings}one\t{text}\ntwo\t2\n")
    assert not has_errors(made.diagnostics)
    texts_of_all = [each for note in bank.questions() for each in list_texts(note)]
    assert not any(isinstance(node, Link) for each in texts_of_all for node in each.document.walk())


@pytest.mark.parametrize("address", ["http://y)#", "http://a:b/", "mailto:nobody", "http://.."])
def test_links_that_lead_nowhere_are_their_words(tmp_path: Path, address: str) -> None:
    link = f'<a href="{address}">this</a>'
    html, _ = make(tmp_path / "html", "notes.txt", f"#separator:tab\n#html:true\none\tsee {link}\n")
    page = f"## What is it?\n\nSee [this](<{address}>) and ![it](<{address}>).\n\n### Sources\n\n- [one](<{address}>)\n"
    markdown, _ = make(tmp_path / "markdown", "notes.md", page)
    assert is_clean(html)
    assert is_clean(markdown)


def list_texts(question: Question) -> list[MarkdownText]:
    return [value for value in question.values.values() if isinstance(value, MarkdownText)]


def test_a_field_that_shows_nothing_is_empty(tmp_path: Path) -> None:
    text = "#separator:tab\n#html:true\n" + "".join(f"{each}<br>\tanswer\n" for each in range(60))
    more = "<b></b>\tlost\nasked\t<i>&nbsp;</i>\n<span>\u200e</span>\t<div><br></div>\n"
    made, bank = make(tmp_path, "notes.txt", text + more)
    assert is_clean(made)
    assert len(list(bank.questions())) == 60
    assert list_losses(made.adopted) == [
        "line 63 (lost): asks nothing, and is left out",
        "line 64 (asked): has no answer, and is left out",
        "line 65: asks nothing, and is left out",
    ]


def test_a_question_of_a_page_that_shows_nothing_is_left_out(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "notes.md", "Q: What is it?\nA: \u200e\n\nQ: And this?\nA: Something.\n")
    assert is_clean(made)
    assert len(list(bank.questions())) == 1


def test_nothing_in_the_report_acts_on_who_reads_it(tmp_path: Path) -> None:
    acts = "\u202e\u2066\u200f"
    text = f"#separator:tab\n#deck:De{acts}ck\n#notetype:No{acts}te\n" + "".join(f"{each}\tx\n" for each in range(30))
    made, _ = make(tmp_path, f"no{acts}tes.txt", f"{text}\t{acts}ab\na{acts}b\t\nx\t[sound:no{acts}ne.mp3]\n")
    report = (tmp_path / "project" / "import-report.md").read_text(encoding="utf-8")
    assert not set(acts) & set(report)
    assert "\N{REPLACEMENT CHARACTER}" in report
    assert made.adopted.losses


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.csv", 'C:\\dir\\,it is \\\nq\\\\,"two\nlines\\"\n'),
        ("notes.tsv", "C:\\dir\\\tit is \\\nq\\\\\ta\\\n"),
        ("notes.txt", "#separator:tab\n#html:true\nC:\\dir\\\tit is \\(x\\\nq\\\\\t<b>a\\</b>\n"),
        ("notes.txt", '#separator:tab\n#html:true\n<span style="color:red">q\\</span>\\\tb\\\n\\\t\\\\\\\n'),
        ("notes.txt", '#separator:tab\n#html:true\n<span style="color:red">q\\</span> {{c1::b\\}} is\\\tb\\\n'),
        ("notes.txt", "#separator:tab\n#html:false\n{{c1::x\\}} is\\\ty\\\n"),
        ("notes.md", "Q: What is \\\nA: that \\\n\nQ: b\\\\\nA: c `\\`\n"),
        ("notes.md", "## What is C:\\\n\nthat \\\n\n## b\\\\?\n\n- c\\\n- d\\\n"),
    ],
)
def test_a_backslash_at_the_end_is_one(tmp_path: Path, name: str, content: str) -> None:
    made, bank = make(tmp_path, name, content)
    assert is_clean(made)
    assert not made.adopted.losses
    shown = "".join(to_plain_text(each.document) for note in bank.questions() for each in list_texts(note))
    assert shown.count("\\") >= content.replace("\\\\", "\\").count("\\")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.tsv", "犬\tdog\n猫\tcat\nneko\tcat\n"),
        ("words.tsv", "".join(f"犬{each}\tdog\n" for each in range(600))),
        ("notes.txt", "#separator:tab\n#html:true\n<u>ねこ</u>\t<b>cat</b>\n"),
        ("notes.md", "## 犬とは何ですか？\n\nA dog.\n"),
        ("words.tsv", "Kalb\tكلب\nQitt\tقط\n"),
    ],
)
def test_a_deck_in_letters_that_no_font_has_is_made_without_sheets(tmp_path: Path, name: str, content: str) -> None:
    made, bank = make(tmp_path, name, content)
    assert is_clean(made)
    assert "flashcards" not in bank.choose_outputs()
    assert "page" in bank.choose_outputs()
    deck = (tmp_path / "project" / "source" / "deck.yaml").read_text(encoding="utf-8")
    font = "Noto Sans Arabic" if name == "words.tsv" and "K" in content else "Noto Sans JP"
    assert yaml.safe_load(deck)["outputs"] == {"pdf": False}
    assert " put a font that\n# has them in source/fonts/" in deck
    assert font in deck or "Noto Sans SC, JP or KR" in deck


def test_a_package_in_letters_that_no_font_has_is_made_without_sheets(tmp_path: Path) -> None:
    (tmp_path / "deck.apkg").write_bytes(by_hand(Hand([HandNote("a", ["犬", "dog"]), HandNote("b", ["ねこ", "cat"])])))
    made, bank = make_of(tmp_path, tmp_path / "deck.apkg")
    assert is_clean(made)
    assert "flashcards" not in bank.choose_outputs()
    assert "Noto Sans JP" in (tmp_path / "project" / "source" / "deck.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("more", ["犬\tdog\n", "😀\t\U0001f9e0\n"])
def test_a_few_letters_without_a_font_are_left_to_check(tmp_path: Path, more: str) -> None:
    made, bank = make(tmp_path, "words.tsv", "".join(f"word {each}\t{each}\n" for each in range(20)) + more)
    assert {each.code for each in made.diagnostics} == {"missing-glyph"}
    assert "flashcards" in bank.choose_outputs()


def test_a_deletion_that_nothing_shows_is_none(tmp_path: Path) -> None:
    lines = ["a {{c1::b}}", "c <u>{{c1::d}}</u>", "lost <!--{{c1::e}}-->", "and <script>{{c1::f}}</script>"]
    made, bank = make(tmp_path, "notes.txt", "#separator:tab\n#html:true\n" + "".join(f"{each}\tx\n" for each in lines))
    assert is_clean(made)
    assert len(list(bank.questions())) == 2
    assert sum("has no deletion, and is left out" in each for each in list_losses(made.adopted)) == 2


def test_ids_of_notes_without_plain_letters_are_those_of_another_field(tmp_path: Path) -> None:
    text = "#separator:tab\n#html:false\n#notetype:Words\n#columns:Kanji\tReadingKana\tEnglishMeaning\n"
    _, bank = make(tmp_path, "notes.txt", text + "犬\tinu\tdog\n猫\tねこ\tcat\n鳥\tとり\t\n")
    assert [note.id.value for note in bank.questions()] == ["inu", "cat", "note-1"]
    assert [each.key for each in bank.note_types["words"].fields][:3] == ["kanji", "reading_kana", "english_meaning"]


def test_ids_of_notes_of_a_package_without_plain_letters_are_those_of_another_field(tmp_path: Path) -> None:
    notes = [HandNote("a", ["犬", "dog"]), HandNote("b", ["ねこ", "cat"]), HandNote("c", ["鳥", "とり"])]
    (tmp_path / "deck.apkg").write_bytes(by_hand(Hand(notes)))
    _, bank = make_of(tmp_path, tmp_path / "deck.apkg")
    assert [note.id.value for note in bank.questions()] == ["dog", "cat", "note-1"]


def test_files_that_are_not_read_and_parts_that_ask_nothing_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "more").mkdir(parents=True)
    (folder / "a.md").write_text(
        "# Trees\n\nHello.\n\n## What is a root?\n\nBelow.\n\n## And a leaf?\n", encoding="utf-8"
    )
    for name in ("LICENSE.md", "more/notes.txt", "more/deep.ipynb", "more/empty.md"):
        (folder / name).write_text("Some words.\n", encoding="utf-8")
    made, _ = make_of(tmp_path, folder)
    assert is_clean(made)
    assert set(list_losses(made.adopted)) == {
        "And a leaf?: has no answer in a.md",
        "Trees: is no question: what stands below it is left out (a.md)",
        "LICENSE.md: is left out: it is about the repository",
        "more/notes.txt: is left out: it is no Markdown (.md)",
        "more/deep.ipynb: is left out: it is no Markdown (.md)",
        "more/empty.md: is left out: no question was found in it",
    }


def test_a_guid_that_no_note_can_have_is_left_out_and_told(tmp_path: Path) -> None:
    long = "x" * 201
    made, bank = make(
        tmp_path, "notes.txt", f"#separator:tab\n#guid column:1\n{long}\tfront\tback\nshort\tmore\tback\n"
    )
    assert is_clean(made)
    assert [note.guid.value if note.guid else "" for note in bank.notes()] == ["", "short"]
    assert any("a GUID of 201 characters, which is left out" in loss for loss in list_losses(made.adopted))


def test_a_line_end_in_a_cell_stays_in_a_table(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.csv", '"one\ntwo",1\n"a  b",2\n"C:\\dir\\\n*x* \\",3\n')
    assert is_clean(made)
    assert [each.span.file.path for note in bank.questions() for each in list_texts(note)] == ["source/my-deck.csv"] * 6
    shown = [to_plain_text(list_texts(note)[0].document) for note in bank.questions()]
    assert shown[0] == "one\ntwo"
    assert shown[2] == "C:\\dir\\\n*x* \\"


def test_a_line_end_in_html_of_a_cell_is_a_space(tmp_path: Path) -> None:
    text = '#separator:tab\n#html:true\n"<u>one</u>\ntwo"\t1\n'
    made, bank = make(tmp_path, "words.txt", text)
    assert is_clean(made)
    (note,) = bank.questions()
    assert to_plain_text(list_texts(note)[0].document) == "one two"


def test_a_table_of_long_texts_and_lists_is_yaml(tmp_path: Path) -> None:
    _, bank = make(tmp_path, "words.txt", "#separator:tab\n#html:true\n<ul><li>one</li><li>two</li></ul>\t1\n")
    assert {each.span.file.path for note in bank.questions() for each in list_texts(note)} == {"source/my-deck.yaml"}


@pytest.mark.parametrize("lost", ["fish,\n", "fish\n", "fish,,\n"])
def test_a_row_with_nothing_but_what_it_asks_is_left_out(tmp_path: Path, lost: str) -> None:
    made, bank = make(tmp_path, "words.csv", f"dog,perro\n{lost}cat,gato\n")
    assert is_clean(made)
    assert list(bank.note_types["basic"].fields)
    assert [note.note_type.kind for note in bank.questions()] == ["basic"] * 2
    assert list_losses(made.adopted) == ["line 2 (fish): has no answer, and is left out"]


def test_a_row_with_something_behind_an_empty_answer_stays(tmp_path: Path) -> None:
    made, bank = make(
        tmp_path, "words.csv", "Word,Meaning,Example\ndog,perro,a\nfish,,b\ncat,gato,c\nowl,,d\ncow,vaca,e\n"
    )
    assert is_clean(made)
    assert len(list(bank.questions())) == 5


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Spanish verbs.txt", "Spanish verbs"),
        ("spanish-verbs.csv", "Spanish verbs"),
        ("notes.txt", ""),
        ("Selected Notes.txt", ""),
        ("IPA_signs.tsv", "IPA signs"),
        ("12.csv", "12"),
        ("-.csv", ""),
    ],
)
def test_the_name_of_a_file_is_a_title(name: str, title: str) -> None:
    assert name_source(Path(name)) == title


def test_cards_in_one_line_are_all_there(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.txt", "dog,perro;cat,gato;cow,vaca;fish,;bird,<u>pájaro</u>&nbsp;\n")
    assert is_clean(made)
    assert [each["question"] for each in texts(bank)] == ["dog", "cat", "cow", "bird"]
    assert list_losses(made.adopted) == ["line 1 (fish): has no answer, and is left out"]


@pytest.mark.parametrize("begin", ["<![x](a.png)", "<![CDATA[x", "<![if x]>y", "<!x", "<!", "<!--", "<?"])
def test_what_begins_a_declaration_of_html_is_no_reason_to_stop(tmp_path: Path, begin: str) -> None:
    made, bank = make(
        tmp_path, "words.txt", f"#separator:tab\n#html:true\ndog {begin}\tperro\ncat\t{begin}\nfish\tpez\n"
    )
    assert not has_errors(made.diagnostics)
    assert bank.notes()
    (tmp_path / "deck.apkg").write_bytes(by_hand(Hand([HandNote("a", [f"dog {begin}", "perro"])])))
    write_project(tmp_path / "of-package", adopt(tmp_path / "deck.apkg", WISH))


def test_pictures_may_be_named_as_windows_names_files(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a.png").write_bytes(PNG)
    text = (
        "## What is a stack?\n\nLast in, first out. ![drawing](img\\a.png)\n\n"
        '## What is a queue?\n\nFirst in, first out. <img src="img\\a.png" alt="people">\n\n'
        "## What is a heap?\n\nA tree. ![gone](img\\b.png)\n"
    )
    made, bank = make(tmp_path, "q.md", text)
    assert [each["answer"] for each in texts(bank)] == [
        "Last in, first out. ![drawing](a.png)",
        "First in, first out. ![people](a.png)",
        "A tree. gone",
    ]
    assert [each.partition(",")[0] for each in list_losses(made.adopted)] == [
        "What is a heap?: names the file img/b.png"
    ]


def test_an_answer_of_a_picture_and_a_link_to_a_file_is_kept_and_the_link_is_told(tmp_path: Path) -> None:
    text = "## What is a stack?\n\nA pile.\n\n## What is a queue?\n\n![queue](a.png) [the code](../src)\n"
    made, bank = make(tmp_path, "q.md", text, a__png=PNG)
    assert [each["answer"] for each in texts(bank)] == ["A pile.", "![queue](a.png) the code"]
    (loss,) = list_losses(made.adopted)
    assert loss.startswith("What is a queue?: has a link that leads to no address on the web")


def test_the_line_in_which_excel_names_a_sign_is_no_note(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.csv", "sep=;\nfront;back\nel pan;bread, too\nel agua;water\n")
    assert is_clean(made)
    assert made.adopted.losses == ()
    assert [each["answer"] for each in texts(bank)] == ["bread, too", "water"]


def test_two_columns_of_one_name_are_named_in_the_first_row(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.csv", "front,front,back\nel pan,bread,x\nel agua,water,y\n")
    assert is_clean(made)
    assert len(texts(bank)) == 2


def test_names_of_columns_alone_are_no_deck(tmp_path: Path) -> None:
    with pytest.raises(OriginalError, match="names of columns, and without a note"):
        make(tmp_path, "words.csv", "front,back\n")


def test_a_tag_that_is_too_long_is_told(tmp_path: Path) -> None:
    made, bank = make(tmp_path, "words.csv", f"front,back,tags\nel pan,bread,{'x' * 61} food\nel agua,water,\n")
    assert [[tag.value for tag in note.tags] for note in bank.questions()] == [["food"], []]
    (loss,) = list_losses(made.adopted)
    assert loss == f"line 2 (el pan): loses its tag {'x' * 40}…, which is too long"
