"""The web page: one file that loads nothing else, works without JavaScript, and prints well."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from urllib.parse import quote

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from cardpress.deck.notes import Deck, Note
from cardpress.markdown.tree import is_block
from cardpress.publish.artifact import Artifact
from cardpress.source.languages import is_right_to_left
from cardpress.wording import say_count
from cardpress.writers import Written
from cardpress.writers.page.code_colors import make_color_merger
from cardpress.writers.page.embedding import embed_fonts, escape_address, make_picture_address
from cardpress.writers.page.html import PageWriter
from cardpress.writers.page.layout import arrange

_TEMPLATE = "web/page.html"
_STYLES = ("web/page.css", "web/study.css", "anki/code.css")
# The parts of the one script, each after those that it uses.
_SCRIPTS = ("web/store.js", "web/search.js", "web/filter.js", "web/page.js", "web/study.js")
# For browsers without JavaScript: hides what only works with it.
_WITHOUT_SCRIPT = ".tools { display: none !important; } .side .contents { padding-top: 2.5rem; }"


def write(deck: Deck) -> Written:
    """Return `<id>.html`."""
    colors = _joined(deck, _STYLES)
    style, script = embed_fonts(colors, deck.web_fonts), _joined(deck, _SCRIPTS)
    page = (
        _environment(deck, colors)
        .get_template(_TEMPLATE)
        .render(
            deck=deck,
            direction="rtl" if is_right_to_left(deck.language) else "ltr",
            questions={note.id: note for note in deck.notes()},
            levels=_levels(deck),
            level_label=_level_label(deck),
            tags=_tags(deck),
            style=Markup(style),  # noqa: S704 - the engine's own file, or the author's
            without_script=Markup(_WITHOUT_SCRIPT),  # noqa: S704 - as above
            script=Markup(script),  # noqa: S704 - the engine's own file, or the author's
            policy=_policy((style, _WITHOUT_SCRIPT), script),
        )
    )
    count = sum(1 for _ in deck.notes())
    return Written((Artifact(f"{deck.id}.html", page.encode(), "text/html", say_count(count, "question")),))


def _environment(deck: Deck, style: str) -> Environment:
    environment = Environment(
        loader=DictLoader({name: file.text for name, file in deck.templates.items() if name.startswith("web/")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pictures = {picture.name: escape_address(make_picture_address(picture)) for picture in deck.media}
    writer = PageWriter(pictures, make_color_merger(style))
    environment.filters["html"] = lambda text: Markup(text.html(writer))  # noqa: S704 - of a tree, which can hold nothing else
    environment.filters["code"] = lambda code: Markup(writer.block(code.block))  # noqa: S704 - as above
    environment.filters["line"] = lambda text: Markup(writer.link_text(text))  # noqa: S704 - as above
    environment.filters["report"] = lambda note: _report_url(deck, note)
    environment.tests["blocks"] = lambda text: any(map(is_block, text.nodes))
    environment.filters["arrange"] = arrange
    return environment


def _joined(deck: Deck, names: tuple[str, ...]) -> str:
    # The policy holds hashes of these texts, and browsers read every line end as `\n` before they hash.
    texts = (deck.templates[name].text for name in names)
    return "\n".join(text.replace("\r\n", "\n").replace("\r", "\n") for text in texts)


def _tags(deck: Deck) -> list[tuple[str, int]]:
    """Return every tag, sorted, with the number of its questions. Those of its subtags count too."""
    counts: Counter[str] = Counter()
    for note in deck.notes():
        parts = (tag.split("::") for tag in note.tags)
        counts.update({"::".join(names[: depth + 1]) for names in parts for depth in range(len(names))})
    return sorted(counts.items())


def _levels(deck: Deck) -> list[str]:
    """Return the levels that questions have, in the order that their note types name them in."""
    used = {note.level for note in deck.notes()}
    fields = [field for note_type in deck.note_types if (field := note_type.beside)]
    return list(dict.fromkeys(level for field in fields for level in field.values if level in used))


def _level_label(deck: Deck) -> str:
    """Return the label of the filter by level."""
    fields = [field for note_type in deck.note_types if (field := note_type.beside)]
    return next((field.label or field.key.replace("_", " ").capitalize() for field in fields), "")


def _report_url(deck: Deck, note: Note) -> str:
    version = quote(deck.version, safe="")
    return deck.report_url.replace("{id}", note.id).replace("{version}", version)


def _policy(styles: tuple[str, ...], script: str) -> str:
    """Return a Content Security Policy that allows exactly these styles and this script, and loads nothing else."""

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; style-src {' '.join(map(digest, styles))}; script-src {digest(script)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
