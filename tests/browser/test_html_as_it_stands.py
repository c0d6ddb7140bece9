"""HTML that ships does nothing in Chromium, as it stands, in any place of a card, and as Anki's filters leave it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from cardpress.anki.card_rendering import RenderedCard, render_sides
from cardpress.anki.card_window import Side, show_card
from cardpress.anki.template_filters import apply_filters
from cardpress.markdown.html_grammar import ANYWHERE, ATTRIBUTES, PREFIXES, TAGS
from cardpress.markdown.safe_html import clean
from cardpress.note_types.template_parts import read_template
from tests.helpers.card_windows import DAY, card_screen
from tests.helpers.decks import deck_from
from tests.helpers.odd_html import HARMFUL, HARMLESS, list_odd_html

# A field is read in each of these places, and once more from what the browser writes of it: only in the first three is
# all that is there of the field itself.
_LOOK = r"""
([texts, tags, attributes, prefixes]) => {
  const places = ["<div>$</div>", "<table><tr><td>$</td></tr></table>", "<p>$</p>$", "<table>$</table>", "<svg>$</svg>",
    "<svg><desc>$</desc></svg>", "<math>$</math>", "<math><mtext>$</mtext></math>", "<select>$</select>",
    "<title>$</title>", "<textarea>$</textarea>", "<noscript>$</noscript>", "<!-- $ -->", "<template>$</template>"];
  const found = [], known = new Set(tags), kept = new Set(attributes);
  const active = new Set(["script", "iframe", "object", "embed", "link", "base", "form", "input", "button", "frame"]);
  const loading = new Set(["srcset", "srcdoc", "action", "formaction", "background", "poster", "ping", "xlink:href",
    "http-equiv", "content"]);
  for (const [text, isWhole] of texts) {
    places.forEach((place, index) => {
      const first = new DOMParser().parseFromString(place.replaceAll("$", () => text), "text/html").body;
      const again = document.createElement("div");
      again.innerHTML = first.innerHTML;
      for (const each of [...first.querySelectorAll("*"), ...again.querySelectorAll("*")]) {
        const name = each.localName, say = what => found.push(`${name} ${what}: ${places[index]} ${text}`);
        const isStrict = isWhole && index < 3;
        if (active.has(name)) say("is there");
        if (isStrict && !known.has(name) && !["tbody", "tr", "style"].includes(name)) say("is unknown");
        if (name === "style" && /url\(|@import|position:\s*fixed/.test(each.textContent)) say("loads");
        for (const {name: attribute, value} of each.attributes) {
          const lower = attribute.toLowerCase();
          const isKept = kept.has(lower) || kept.has(`${name.toLowerCase()} ${lower}`);
          if (lower.startsWith("on") && (name !== "a" || value.includes("alert"))) say(attribute);
          if (loading.has(lower)) say(attribute);
          if (isStrict && !isKept && !prefixes.some(each => lower.startsWith(each))) say(attribute);
          const plain = value.replace(/[\x00-\x20]/g, "");
          const acts = /^(?:javascript|data|vbscript|file|blob|about|view-source|chrome|intent|search-ms|ms-)/i;
          const isHidden = /^[a-z]:|:\/*javascript:|\\/i.test(plain);
          if (lower === "href" && (acts.test(plain) || isHidden)) say(value);
          const isElsewhere = /^(?:[a-z]{2,}:|\/\/|\\\\)/i.test(plain) && !plain.startsWith("data:image/png");
          if (lower === "src" && isElsewhere) say(value);
          const style = each.style?.cssText ?? "";
          if (lower === "style" && /url\(|position:\s*(?:fixed|sticky)|expression/i.test(style)) say(value);
        }
      }
    });
  }
  return found;
}
"""
_FILTERS = (
    *(("hint",), ("furigana",), ("kanji",), ("kana",), ("cloze",), ("cloze-only",)),
    *(("furigana", "cloze"), ("cloze", "furigana"), ("kanji", "cloze"), ("cloze", "kana"), ("hint", "kanji")),
)
_LATEX = re.compile(r"\[latex\](.+?)\[/latex\]|\[\$\$\](.+?)\[/\$\$\]|\[\$\](.+?)\[/\$\]", re.IGNORECASE | re.DOTALL)
_SOUND = re.compile(r"\[sound:(.*?)\]")
# As Anki writes a button that plays (its ts/reviewer and qt/aqt/sound.py).
_BUTTON = (
    '<a class="replay-button soundLink" href=# onclick="pycmd(\'play:q:0\'); return false;"><svg class="playImage" '
    'viewBox="0 0 64 64" version="1.1"><circle cx="32" cy="32" r="29" /></svg></a>'
)


def list_shown(html: str) -> Iterator[tuple[str, bool]]:
    """Yield what cards could show of a field, and whether that is the field as it stands."""
    yield html, True
    shown = [
        apply_filters(filters, html, "Front", 1, is_front=is_front)
        for filters in _FILTERS
        for is_front in (True, False)
        if "[" in html or "{" in html or filters == ("hint",)
    ]
    for each in dict.fromkeys((html, *shown)):
        made = _LATEX.sub(lambda found: f'<img class=latex alt="{escape(found[0])}" src="latex-1.png">', each)
        yield _SOUND.sub(lambda _: _BUTTON, made), False


def look(page: Page, fields: Iterable[str]) -> list[str]:
    """Return what is wrong with what Chromium makes of fields."""
    kept = [*ANYWHERE, "a rel", *(f"{tag} {name}".lower() for tag, names in ATTRIBUTES.items() for name in names)]
    texts = [shown for field in fields for shown in list_shown(field)]
    found: list[str] = page.evaluate(_LOOK, [texts, [*TAGS, *map(str.lower, TAGS)], kept, list(PREFIXES)])
    return found


def test_what_was_made_to_do_harm_does_none(browser: Browser) -> None:
    page = browser.new_page()
    for html in (*HARMFUL, *(f"{one}{other}" for one in HARMFUL[::9] for other in HARMFUL[::9])):
        assert look(page, [clean(html)]) == [], html
    page.close()


def test_this_would_find_what_does_harm(browser: Browser) -> None:
    page = browser.new_page()
    harmless = {html for html in HARMFUL if not look(page, [html])}
    # Commands of formulas are MathJax's, which is not here. Browsers make nothing of the others.
    assert {html for html in harmless if not re.search(r"[\\\[{]", html)} <= {
        *("a<", "a<img", "<img/src=x/onerror=alert(1)>", "<img src=`x`onerror=alert(1)>", "<style>a{}</style"),
        *("<b\u0338img src=x onerror=alert(1)>", "<div style='width:expression(alert(1))'>x</div>"),
        '<img src="x" src="https://example.org/x.png">',
    }
    for html in ('<img  src="x[/onerror=alert(1)//]" >', '{{c1::a<img src=x alt="x::y">}} " onerror=alert(1) <b>'):
        assert html not in harmless
    page.close()


def test_what_does_no_harm_is_read_as_the_grammar_reads_it(browser: Browser) -> None:
    page = browser.new_page()
    assert look(page, HARMLESS) == []
    page.close()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_left_of_any_text_does_no_harm(seed: int, browser: Browser) -> None:
    page = browser.new_page()
    assert look(page, map(clean, list_odd_html(seed, 300)))[:3] == []
    page.close()


def test_on_a_card_nothing_of_it_runs_or_asks_for_what_is_elsewhere(browser: Browser, tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": "- {id: one, question: Q?, answer: A, sources: [https://example.org]}\n"})
    front = read_template("{{Front}}<p>{{kanji:Front}}</p>")
    back = read_template("{{FrontSide}}<hr>{{kana:Front}}<p>{{furigana:Front}}</p>{{hint:Front}} {{Front}}{{Front}}")
    asked: list[str] = []

    def close(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    with card_screen(browser, deck) as screen:
        screen.page.on("dialog", close)
        screen.page.on("request", lambda request: asked.append(request.url))
        for html in HARMFUL:
            sides = render_sides(front, back, {"Front": clean(html)}, 1)
            for side in (Side.FRONT, Side.BACK):
                screen.html = show_card(deck, RenderedCard(1, "Card", sides), side, DAY)
                screen.page.goto("http://card.test/")
                screen.page.evaluate(
                    "() => new Promise(end => requestAnimationFrame(() => requestAnimationFrame(end)))"
                )
    own = re.compile(r"http://card\.test/(?:media/.*)?\Z|data:image/png;")
    assert [each for each in asked if not own.match(each)] == []
    assert all("is asked for" in each for each in screen.complaints)
