"""A project's own templates: script only when trusted, nothing from a network, our style first, no file for nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.diagnostics import Diagnostic
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.source.templates.loading import load_templates
from tests.conftest import DECK, ROOT, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.diagnostics import codes, places
from tests.helpers.own_note_types import WORD, place_of, with_words
from tests.helpers.sample_project import EVERYTHING

TRUSTED = {"deck.yaml": f"trusted_templates: true\n{DECK}"}
BACK = "../templates/note-types/interview/back.html"
PAGE = "../templates/web/page.html"
OUR_PAGE = (ROOT / "templates" / "web" / "page.html").read_text(encoding="utf-8")


def found(project: Path) -> list[Diagnostic]:
    return list(check_project(project).diagnostics)


def build(project: Path, *only: str) -> dict[str, bytes]:
    result = build_project(Options(project, project / "dist", only), NoProgress())
    return {artifact.name: artifact.data for artifact in result.artifacts}


SCRIPTS = {
    BACK: "{{Answer}}<script>evil()</script>",
    "../templates/note-types/recall/front.html": "{{Question}}<p onclick='evil()'>x</p>",
    "../templates/anki/card.js": "evil()",
    "../templates/web/page.js": "evil()",
    PAGE: "<!doctype html><p>x</p>\n<script>evil()</script>",
    "../templates/style.css": ".card { behavior: url(data:image/png,x) }",
    "../templates/note-types/interview/style.css": ".card { -moz-binding: none }",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_needs_trust(write_project: WriteProject, name: str) -> None:
    project = write_project({name: SCRIPTS[name]})
    problems = found(project)
    assert {(each.code, each.span.path) for each in problems} == {("template-script", name[3:])}
    assert "trusted_templates: true" in problems[0].help
    assert build(project, "apkg", "page") == {}


@pytest.mark.parametrize("name", SCRIPTS)
def test_trusted_script_is_named_each_time(write_project: WriteProject, name: str) -> None:
    problems = found(write_project({**TRUSTED, name: SCRIPTS[name]}))
    assert places(problems) == ["source/deck.yaml:1:20 trusted-templates"]
    assert name[3:] in problems[0].message
    assert problems[0].related[0].span.path == name[3:]


def test_trust_that_nobody_needs_is_named_too(write_project: WriteProject) -> None:
    (problem,) = found(write_project(TRUSTED))
    assert (problem.code, problem.help) == ("trusted-templates", "remove `trusted_templates`")


@pytest.mark.parametrize("switch", ["checks: {trusted-templates: off}\n", "checks: {trusted-templates: error}\n"])
def test_the_warning_cannot_be_turned_off(write_project: WriteProject, switch: str) -> None:
    assert "trusted-templates" in codes(found(write_project({"deck.yaml": f"{switch}trusted_templates: true\n{DECK}"})))


def test_trusted_script_goes_into_the_package_and_the_page_and_nowhere_else(write_project: WriteProject) -> None:
    page = OUR_PAGE.replace("</body>", "<script>mine(1)</script><p onclick='mine(2)'>x</p></body>")
    own = {BACK: "{{Answer}}<script>mine(0)</script>", PAGE: page, "../templates/web/store.js": "mine(3)"}
    project = write_project({**EVERYTHING, "deck.yaml": f"trusted_templates: true\n{EVERYTHING['deck.yaml']!s}", **own})
    deck = deck_of(project)
    filled = [fill_card_template(deck, each, card)[1] for each in deck.note_types for card in each.cards]
    assert any("mine(0)" in back for back in filled)
    made = build(project, "json", "page")
    assert all(f"mine({number})" in made["sample.html"].decode() for number in (1, 2, 3))
    assert b"mine(" not in made["sample.json"]
    assert json.loads(made["sample.json"])


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        (BACK, "{{Answer}}\n <img src='//example.org/a.png'>", "2:7"),
        (BACK, "{{Answer}}<script src='https://example.org/a.js'></script>", "1:19"),
        (BACK, "{{Answer}}<p style='background: u\\72l(//example.org)'>", "1:14"),
        ("../templates/style.css", "a {}\n@import 'https://example.org/a.css';", "2:1"),
        ("../templates/note-types/interview/style.css", "a { background: url(a.png) }", "1:17"),
        ("../templates/anki/code.css", "@font-face { src: url(https://example.org/a.woff2) }", "1:19"),
        ("../templates/web/style.css", "@font-face { src: url(fonts/none.woff2) }", "1:19"),
        ("../templates/anki/card.js", "import 'https://example.org/a.js'", "1:1"),
        (PAGE, "<p>x</p>\n  <img src='https://example.org/a.png'>", "2:8"),
        (PAGE, "<p>x</p>\n<link rel=stylesheet href=https://example.org/a.css>", "2:22"),
    ],
)
def test_nothing_is_loaded_trusted_or_not(
    write_project: WriteProject, name: str, text: str, place: str, trusted: bool
) -> None:
    problems = found(write_project({**(TRUSTED if trusted else {}), name: text}))
    assert f"{name[3:]}:{place} template-remote" in places(problems)


def test_links_that_a_reader_clicks_are_fine(write_project: WriteProject) -> None:
    link = "<a href='https://example.org/'>more</a>"
    assert (
        found(write_project({BACK: f"{{{{Answer}}}}{link}", PAGE: OUR_PAGE.replace("</body>", f"{link}</body>")})) == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "<p title='{{Answer}}'>",
        "<p {{Answer}}>",
        "<{{Answer}}>",
        "<script>var answer = '{{Answer}}';</script>",
        "<scr{{#Code}}{{/Code}}ipt>x</script>",
        '<p title="{{#Code}}{{Answer}}{{/Code}}">',
        "<a href='java{{#Code}}{{/Code}}script:x'>",
        "<!--{{Answer}}-->",
        "<p title='@@script@@'>",
        "<p title='@@report@@'>",
        "{{text:Answer}}",
        "<p title='{{Tags}}'>",
        # What a section leaves out can be the end of an attribute, or of an element.
        """<p title="{{#Code}}" data-x='{{/Code}}" onclick=alert(1) data-y="'>x</p><p title="">y</p>""",
        "{{#Code}}<p title='{{/Code}}'>",
        """<noscript>{{#Code}}</noscript>{{/Code}}<p title="</noscript><img src=x onerror=alert(1)>">x</p>""",
        """<noscript>{{^Code}}</noscript>{{/Code}}<p title="</noscript><img src=x onerror=alert(1)>">x</p>""",
    ],
)
def test_a_fields_text_never_becomes_an_attribute_or_a_script(write_project: WriteProject, text: str) -> None:
    problems = found(write_project({BACK: f"{{{{Answer}}}}{text}"}))
    assert set(codes(problems)) == {"template-script"}


def test_ids_and_numbers_may_stand_in_attributes(write_project: WriteProject) -> None:
    text = (
        "{{Answer}}<p id='{{Id}}' data-x='{{Number}} {{Version}} {{CardFlag}}' class='{{#Level}}{{Level}}{{/Level}}'>"
    )
    assert found(write_project({BACK: text + "<a href='https://example.org/{{Id}}'>x</a>"})) == []


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("<!doctype html>\n{{ '<scr'|safe }}{{ 'ipt>evil()</scr'|safe }}{{ 'ipt>'|safe }}", "2:1"),
        ("<!doctype html>\n\n<p {{ 'oncl' ~ 'ick' }}='evil()'>", "3:1"),
        ("{{ deck.title }}\n<{{ 'SCRIPT'|lower }}>evil()</{{ 'script' }}>", "2:1"),
        ("<p title='{{ \"'\"|safe }} onclick=evil()>", "1:26"),
        ("{% macro a() %}<p onclick='evil()'>{% endmacro %}\n\n{{ a() }}", "1:19"),
        ("<meta http-equiv=refresh content='0'>", "1:1"),
        ("<base target=x>", "1:1"),
    ],
)
def test_what_a_page_template_works_out_is_judged(write_project: WriteProject, template: str, place: str) -> None:
    problems = found(write_project({PAGE: template}))
    assert f"templates/web/page.html:{place} template-script" in places(problems)


def test_a_copy_of_our_page_is_our_page(write_project: WriteProject) -> None:
    ours = build(write_project(EVERYTHING), "page")["sample.html"]
    # As of version 1.0, with the policy in the template.
    old = OUR_PAGE.replace(
        "{# Here the", '<meta http-equiv="Content-Security-Policy" content="{{ policy }}">\n{# Here the'
    )
    for template in (OUR_PAGE, old):
        project = write_project({**EVERYTHING, PAGE: template})
        assert found(project) == []
        assert build(project, "page")["sample.html"] == ours


@pytest.mark.parametrize(
    "template",
    [
        "<p>x</p>",
        "<!doctype html><html onclick='x'><head>",
        "<body><p>x</p><head>",
        "<!-- <head> --><p>x</p>",
        OUR_PAGE.replace('<meta charset="utf-8">', ""),
        OUR_PAGE.replace("<head>", "<head><title>first</title>"),
    ],
)
def test_the_policy_comes_before_all_else(write_project: WriteProject, template: str) -> None:
    trusted = {**EVERYTHING, "deck.yaml": f"trusted_templates: true\n{EVERYTHING['deck.yaml']!s}"}
    page = build(write_project({**trusted, PAGE: template}), "page")["sample.html"].decode()
    head, policy, _ = page.partition('<meta http-equiv="Content-Security-Policy"')
    assert policy
    charset = '<meta charset="utf-8">\n'
    ours = f'<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n{charset}'
    assert head in (f"<!doctype html>\n{charset}", ours)


def test_styles_of_a_page_template_are_allowed(write_project: WriteProject) -> None:
    page = OUR_PAGE.replace("</body>", "<style>p { color: red }</style><p style='color: blue'>x</p></body>")
    made = build(write_project({**EVERYTHING, PAGE: page}), "page")["sample.html"].decode()
    assert "'unsafe-hashes'" in made.replace("&#39;", "'").partition("script-src")[0]


# --- styles ---------------------------------------------------------------------------------------------------------


def test_our_style_comes_first_then_the_decks_then_the_note_types(write_project: WriteProject) -> None:
    deck = deck_of(
        write_project(
            {"../templates/style.css": ".of-deck {}", "../templates/note-types/recall/style.css": ".of-type {}"}
        )
    )
    recall = next(each for each in deck.note_types if each.kind == "recall") if len(deck.note_types) > 1 else None
    for note_type in deck.note_types:
        css = join_css(deck, note_type)
        assert css.startswith((ROOT / "templates" / "anki" / "code.css").read_text(encoding="utf-8"))
        ours = css.index(".sheet {")
        assert ours < css.index(".of-deck")
        if note_type is recall:
            assert css.index(".of-deck") < css.index(".of-type")


def test_the_page_has_a_style_of_the_deck_after_ours(write_project: WriteProject) -> None:
    project = write_project({**EVERYTHING, "../templates/web/style.css": ".of-page { color: red }"})
    assert found(project) == []
    page = build(project, "page")["sample.html"].decode()
    assert page.index(".masthead") < page.index(".of-page") < page.index("</style>")


@pytest.mark.parametrize("name", ["anki/card.css", "web/page.css"])
def test_a_style_that_replaces_ours_with_little_is_warned_of(write_project: WriteProject, name: str) -> None:
    (problem,) = found(write_project({f"../templates/{name}": ".card { color: teal }"}))
    assert (problem.code, problem.span.path) == ("replaced-style", f"templates/{name}")
    assert "style.css" in problem.help
    ours = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert found(write_project({f"../templates/{name}": ours + ".mine {}"})) == []


# --- files that nothing uses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("styles.css", "templates/style.css"),
        ("card.css", "templates/style.css"),
        ("anki/cards.css", "templates/anki/card.css"),
        ("page.html", "templates/web/page.html"),
        ("web/pages.html", "templates/web/page.html"),
        ("web/fonts/a.ttf", "templates/print/fonts/"),
        ("web/fonts/a.woff2", "templates/web/style.css"),
        ("web/fonts/a.eot", ".woff2"),
        ("print/fonts/a.woff2", "templates/web/fonts/"),
        ("print/flashcard.typ", "templates/print/flashcards.typ"),
        ("logo.svg", "source/media/"),
        ("note-types/interview/other.html", "front: other.html"),
        ("note-types/interview/card.css", "templates/note-types/interview/style.css"),
        ("note-types/mine/front.html", "templates/note-types/mine/note-type.yaml"),
        ("note-types/mine.yaml", "templates/note-types/mine/note-type.yaml"),
        ("web/page.html.bak", "remove it"),
    ],
)
def test_a_file_that_nothing_uses_is_an_error(write_project: WriteProject, name: str, advice: str) -> None:
    (problem,) = found(write_project({f"../templates/{name}": b"wOF2" if name.endswith("woff2") else b"x"}))
    assert (problem.code, problem.span.path) == ("unused-template", f"templates/{name}")
    assert advice in problem.help


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Back.html", "did you mean templates/note-types/interview/back.html? Upper and lower case differ"),
        ("Style.css", "did you mean templates/note-types/interview/style.css? Upper and lower case differ"),
        ("my-back.html", "as in `back: my-back.html`; or remove it"),
        ("answer.html", "as in `back: answer.html`; or remove it"),
        ("asked.html", "as in `front: asked.html`; or remove it"),
    ],
)
def test_a_template_beside_a_declaration_is_told_its_name_or_its_side(
    write_project: WriteProject, name: str, advice: str
) -> None:
    (problem,) = found(write_project({f"../templates/note-types/interview/{name}": "x"}))
    assert (problem.code, problem.span.path) == ("unused-template", f"templates/note-types/interview/{name}")
    assert problem.help.endswith(advice)


@pytest.mark.parametrize("name", ["serve/index.html", "serve/tool.css", "serve/more.js", "window/window.js"])
def test_what_serve_shows_is_no_projects_to_replace(write_project: WriteProject, name: str) -> None:
    project = write_project({f"../templates/{name}": "x"})
    (problem,) = found(project)
    assert (problem.code, problem.span.path) == ("unused-template", f"templates/{name}")
    assert problem.help == "remove it: `cardpress serve` looks the same for all projects"
    templates, _ = load_templates(ROOT, project)
    assert name not in templates.own
    assert "x" not in {each.text for each in templates.texts.values()}


@pytest.mark.parametrize("name", ["Style.css", "Web/page.html", "anki/Card.css"])
def test_a_name_in_another_case_says_so(write_project: WriteProject, name: str) -> None:
    (problem,) = found(write_project({f"../templates/{name}": "x"}))
    assert problem.help == f"did you mean templates/{name.lower()}? Upper and lower case differ"


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("style.css", "@import url('https://fonts.example/x.css');"),
        ("style.css", "@font-face { font-family: x; src: url('https://fonts.example/x.woff2') }"),
        ("style.css", "@font-face { font-family: x; src: url('fonts/x.woff2') }"),
        ("note-types/interview/style.css", "@import 'x.css';"),
    ],
)
def test_a_style_that_loads_a_font_is_told_where_one_can_be(write_project: WriteProject, name: str, style: str) -> None:
    problem, *_ = found(write_project({f"../templates/{name}": style}))
    assert problem.code == "template-remote"
    assert problem.help == (
        "remove it: cards and pages work without a network; a picture or a font can stand in a `data:` address"
    )


def test_a_font_in_a_data_address_is_one_that_cards_can_have(write_project: WriteProject) -> None:
    style = "@font-face { font-family: x; src: url('data:font/woff2;base64,d09GMg==') }"
    assert found(write_project({"../templates/style.css": style})) == []


def test_what_is_used_or_for_people_is_fine(write_project: WriteProject) -> None:
    own = {
        "web/page.html": OUR_PAGE.replace("<footer", "{% include 'web/parts/foot.html' %}<footer"),
        "web/parts/foot.html": "<p>foot</p>",
        "web/style.css": "@font-face { font-family: Mine; src: url('fonts/mine.woff2') }",
        "web/fonts/Inter-LICENSE.txt": "free",
        "README.md": "mine",
        "LICENSE": "mine",
        ".gitkeep": "",
        ".hidden/x.css": "",
        "print/fonts/OFL.txt": "free",
    }
    files: dict[str, str | bytes] = {f"../templates/{name}": text for name, text in own.items()}
    assert found(write_project({**files, "../templates/web/fonts/mine.woff2": b"wOF2"})) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [("mine.woff2", "templates/web/fonts/"), ("mine.woff", ".ttf or .otf"), ("a.txt", ".ttf or .otf")],
)
def test_a_font_of_another_kind_among_print_fonts_is_named(write_project: WriteProject, name: str, advice: str) -> None:
    (problem,) = found(write_project({f"fonts/{name}": b"wOF2", "fonts/OFL.txt": "free"}))
    assert (problem.code, problem.span.path) == ("unsupported-font", f"source/fonts/{name}")
    assert advice in problem.help


def test_the_example_in_the_documents_is_checked_and_has_our_look(write_project: WriteProject) -> None:
    documented = (ROOT / "docs" / "note-types.md").read_text(encoding="utf-8")
    front, back = re.findall(r'```html\n(<div class="sheet brief".*?)```', documented, re.DOTALL)
    declared = WORD.replace("[meaning, sentence]}", "[meaning, sentence], front: front.html, back: back.html}", 1)
    files = {
        **with_words(declared=declared),
        place_of("word", "front.html"): front,
        place_of("word", "back.html"): back,
    }
    project = write_project(files)
    assert found(project) == []
    assert "sample.apkg" in build(project, "apkg")
    deck = deck_of(project)
    (word,) = deck.note_types
    for side in fill_card_template(deck, word, word.cards[0]):
        assert side.startswith('<div class="sheet brief" data-section="{{Section}}" lang="en" dir="auto"')
        assert "@@" not in side


GAPS_ALONE = """\
title: Gaps
fields: [{key: text, holds: cloze, required: true}]
cards: [{asks: [text], answers: [], front: front.html}]
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (r"So \({{c1::x^2}} + 1\).", ["source/first.yaml:1:23 deletion-in-formula"]),
        (r"{{c1::word}}, \({{c2::x::hint}}\).", ["source/first.yaml:1:34 deletion-in-formula"]),
        (r"So {{c1::\(x^2\)}} and {{c2::word}}.", []),
    ],
)
def test_a_part_of_a_formula_is_no_gap_to_show_alone(write_project: WriteProject, text: str, says: list[str]) -> None:
    shown = "<p>{{cloze-only:Text}}</p>{{cloze:Text}}"
    files = {
        "deck.yaml": f"{DECK}    note_type: gaps\n",
        "first.yaml": f"- {{id: a, text: '{text}'}}\n",
        place_of("gaps"): GAPS_ALONE,
        place_of("gaps", "front.html"): shown,
    }
    assert places(found(write_project(files))) == says
    files[place_of("gaps", "front.html")] = shown.replace("-only", "")
    assert found(write_project(files)) == []
