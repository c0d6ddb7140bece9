"""The site: a folder for any web server, with a front page, all that is made beside it, and a picture for links to it.

The front page loads nothing, runs nothing and works from the disk. Its templates are the engine's: what a project's own
page and styles say is in the page that lies beside it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from cardpress.deck.listing import cut
from cardpress.deck.notes import Deck
from cardpress.deck.overview import choose_samples, count_cards, count_questions, find_news
from cardpress.deck.section_colors import SECTION_COLORS
from cardpress.outputs import OUTPUTS, SITE
from cardpress.publish.artifact import Artifact
from cardpress.source.languages import is_right_to_left
from cardpress.source.strings import fill
from cardpress.writers import Written
from cardpress.writers.site.preview import draw_preview
from cardpress.writers.web_fonts import embed_fonts

_ANKI = "https://apps.ankiweb.net/"
# Characters that search engines and link previews show of a description.
_LONGEST_SUMMARY = 200
# The parts that the bar at the top of the page is divided into.
_SHARES = 24
# What the front page is called, and the page of a deck of that name.
_INDEX, _OTHER = "index.html", "study.html"
_POLICY = "default-src 'none'; style-src {style}; font-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A printed sheet, with its file for each size of paper."""

    title: str
    files: tuple[tuple[str, Artifact], ...]


def compose(deck: Deck, made: Iterable[Artifact]) -> Written:
    """Return the files of `site/`: what was `made`, a front page that leads to it, and a picture of the deck."""
    files = {
        each.name: replace(each, name=_OTHER) if each.name == _INDEX else each
        for each in sorted(made, key=lambda each: each.name)
    }
    preview, problems = draw_preview(deck)
    own = (
        Artifact(_INDEX, _write_index(deck, files).encode(), "text/html", "the front page"),
        Artifact("preview.png", preview, "image/png", "a picture for links"),
        # GitHub Pages then serves the files as they are.
        Artifact(".nojekyll", b"", "text/plain", "a mark for GitHub Pages"),
    )
    inside = sorted((*files.values(), *own), key=lambda each: each.name)
    return Written(tuple(replace(each, name=f"{SITE}/{each.name}") for each in inside), problems)


def _write_index(deck: Deck, files: Mapping[str, Artifact]) -> str:
    sources = {**deck.templates, **deck.replaced_templates}
    style = embed_fonts(_list_tints(deck) + sources["site/site.css"].text.replace("\r\n", "\n"), deck.web_fonts)
    speech = _Speech(deck)
    address = deck.site_address
    names = {
        "deck": deck,
        "direction": "rtl" if is_right_to_left(deck.language) else "ltr",
        "policy": _POLICY.format(style=_digest(style)),
        "style": Markup(style),  # noqa: S704 - the engine's own file
        "summary": cut(deck.description, _LONGEST_SUMMARY),
        "address": address if not address or address.endswith("/") else f"{address}/",
        "sections": _list_sections(deck),
        "counts": {
            "questions": sum(map(count_questions, deck.sections)),
            "recall": sum(len(note.recall) for note in deck.notes()),
            "cards": count_cards(deck),
        },
        "package": files.get(f"{deck.id}.apkg"),
        "page": files.get(f"{deck.id}.html"),
        "update": files.get(f"{deck.id}-update.csv"),
        "sheets": _list_sheets(deck, files),
        "data": [
            (name, files[file])
            for name, file in (("JSON", f"{deck.id}.json"), ("JSON Schema", f"{deck.id}.schema.json"))
            if file in files
        ],
        "samples": _list_samples(deck),
        "news": _list_news(deck),
        "report": deck.report_url.replace("{id}", deck.id).replace("{version}", deck.version),
        "anki": Markup('<a href="{}">apps.ankiweb.net</a>').format(_ANKI),
        "day": Markup('<time datetime="{0}">{0}</time>').format(deck.date),
        "say": speech.say,
        "tell": deck.strings,
        "size": speech.say_size,
        "mark": speech.mark,
    }
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(sources["site/index.html"].text).render(names)


class _Speech:
    """Texts of the page's own as HTML, in the deck's language. One that this lacks is marked as English."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._form = "<bdi>{}</bdi>" if is_right_to_left(deck.language) else "{}"

    def say(self, english: str, **values: object) -> Markup:
        """Return a text with these values in its placeholders, each in its own direction."""
        text = str(escape(self._deck.strings(english)))
        html = fill(text, values, write=lambda value: self._form.format(escape(value)))
        if english in self._deck.strings.untranslated:
            html = f'<span lang="en" dir="ltr">{html}</span>'
        return Markup(html)  # noqa: S704 - all of it was escaped

    def say_size(self, file: Artifact) -> Markup:
        """Return how large a file is, rounded up."""
        kilobytes = -(-len(file.data) // 1000)
        return self.say("{n} KB", n=kilobytes) if kilobytes < 1000 else self.say("{n} MB", n=-(-kilobytes // 1000))

    def mark(self, language: str) -> Markup:
        """Return the attributes of an element in a language, which is empty for that of the deck."""
        if not language or language == self._deck.language:
            return Markup("")
        direction = "rtl" if is_right_to_left(language) else "ltr"
        return Markup(' lang="{}" dir="{}"').format(language, direction)


def _list_sections(deck: Deck) -> list[dict[str, object]]:
    largest = max((count_questions(section) for section in deck.sections), default=1)
    return [
        {
            "id": section.id,
            "title": section.title,
            "description": section.description,
            "count": count_questions(section),
            "tint": index % len(SECTION_COLORS),
            "share": max(1, round(_SHARES * count_questions(section) / max(largest, 1))),
        }
        for index, section in enumerate(deck.sections)
    ]


def _list_tints(deck: Deck) -> str:
    """Return the colors of sections, and how wide the parts of the bar are: the page's policy allows no `style`."""
    used = SECTION_COLORS[: len(deck.sections)]
    colors = "".join(
        f".tint-{tint} {{ --tint: light-dark({color.day}, {color.night}); }}\n" for tint, color in enumerate(used)
    )
    shares = sorted({str(section["share"]) for section in _list_sections(deck)}, key=int)
    return colors + "".join(f".bar .share-{share} {{ flex-grow: {share}; }}\n" for share in shares)


def _list_sheets(deck: Deck, files: Mapping[str, Artifact]) -> list[_Sheet]:
    sheets = []
    for sheet in deck.printed:
        found = [(paper, files.get(f"{deck.id}-{sheet.name}-{paper}.pdf")) for paper in sheet.papers]
        there = tuple((paper, file) for paper, file in found if file is not None)
        sheets += [_Sheet(OUTPUTS[sheet.name].title, there)] if there else []
    return sheets


def _list_samples(deck: Deck) -> list[dict[str, object]]:
    return [
        {
            "asked": sample.asked,
            "answer": sample.answer,
            "language": sample.language,
            "answer_language": sample.answer_language,
            "section": deck.sections[sample.section].title,
            "tint": sample.section % len(SECTION_COLORS),
        }
        for sample in choose_samples(deck)
    ]


def _list_news(deck: Deck) -> list[tuple[str, int]]:
    news = find_news(deck)
    if news is None:
        return []
    return [("New notes: {n}", news.new), ("Changed notes: {n}", news.changed), ("Retired notes: {n}", news.retired)]


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
