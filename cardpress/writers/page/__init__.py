"""The web page: one file that loads nothing else, works without JavaScript, and prints well."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from markupsafe import Markup

from cardpress.deck.notes import Deck
from cardpress.deck.section_colors import SECTION_COLORS
from cardpress.markdown.sounds import is_sound
from cardpress.publish.artifact import Artifact
from cardpress.source.media.transparency import needs_light_ground
from cardpress.source.strings import Strings, fill_style
from cardpress.source.templates.template_files import PAGE_SCRIPTS, PAGE_STYLES, is_page_template
from cardpress.wording import say_count
from cardpress.writers import Written
from cardpress.writers.page.code_colors import make_color_merger
from cardpress.writers.page.embedding import escape_address, make_address
from cardpress.writers.page.html import PageWriter
from cardpress.writers.page.judging import Judged, explain_failure, judge, write_policy
from cardpress.writers.page.rendering import Failure, render
from cardpress.writers.page.shrinking import shrink_script, shrink_style
from cardpress.writers.page.view import View
from cardpress.writers.web_fonts import embed_fonts

# For browsers without JavaScript: hides what only works with it.
_WITHOUT_SCRIPT = (
    ".tools, .tool { display: none !important; } @media (min-width: 69rem) { .folds { padding-top: 2.4rem; } }"
)
# Before the other rules, so that those of a project may say something else.
_SECTIONS = "".join(
    f'[data-tint="{tint}"] {{ --tint: light-dark({color.day}, {color.night}); }}\n'
    for tint, color in enumerate(SECTION_COLORS)
)
# What may stand before the policy: nothing that a browser could run.
_HEAD = re.compile(
    r"\s*<!doctype html>\s*<html(?: (?:lang|dir|class)=\"[^\"<>]*\")*>\s*<head>\s*<meta charset=\"utf-8\">\n?",
    re.IGNORECASE,
)
# A text in a script, such as that of a button.
_TEXT = re.compile(r'"([^"\n]*)"')
_DOCTYPE = re.compile(r"\s*<!doctype html>\n?", re.IGNORECASE)


def write(deck: Deck) -> Written:
    """Return `<id>.html`."""
    styles = _join(deck, PAGE_STYLES, shrink_style)
    style = embed_fonts(_SECTIONS + fill_style(deck.strings, styles), deck.web_fonts)
    script = _add_texts(deck.strings, _join(deck, PAGE_SCRIPTS, shrink_script))
    shown = deck.list_media_of_cards()
    media = {each.name: escape_address(make_address(each)) for each in shown}
    is_ours = not any(map(is_page_template, deck.own_templates))
    on_paper = frozenset(each.name for each in shown if needs_light_ground(each.data))
    view = View(deck, PageWriter(media, make_color_merger(styles), on_paper), complete=not is_ours)
    ours = Judged("", (), styles=(style, _WITHOUT_SCRIPT), scripts=(script,))
    has_sounds = any(is_sound(each.name) for each in shown)
    policy = _make_policy(ours, has_sounds=has_sounds)
    names = view.names | {
        "style": Markup(style),  # noqa: S704 - the engine's own file, or the author's, which was judged
        "without_script": Markup(_WITHOUT_SCRIPT),  # noqa: S704 - as above
        "script": Markup(script),  # noqa: S704 - as above
        "policy": policy,
    }
    templates = {name: file.text for name, file in deck.templates.items() if is_page_template(name)}
    if is_ours:
        return _finish(deck, render(templates, names, view.arrange), policy)
    from cardpress.writers.page.isolation import render_apart  # and other processes with it

    made = render_apart(templates, names)
    if isinstance(made, Failure):
        return Written((), (explain_failure(made, deck),))
    judged = judge(made, deck, script, policy)
    if judged.diagnostics:
        return Written((), judged.diagnostics)
    return _finish(deck, judged.html, _make_policy(ours, judged, has_sounds=has_sounds))


def _finish(deck: Deck, page: str, policy: str) -> Written:
    """Return the page with its policy, which comes before everything that a browser could run or load."""
    element = f"{write_policy(policy)}\n"
    if head := _HEAD.match(page):
        page = page[: head.end()] + element + page[head.end() :]
    else:
        page = f'<!doctype html>\n<meta charset="utf-8">\n{element}{_DOCTYPE.sub("", page, count=1)}'
    count = sum(1 for _ in deck.notes())
    return Written((Artifact(f"{deck.id}.html", page.encode(), "text/html", say_count(count, "question")),))


def _join(deck: Deck, names: tuple[str, ...], shrink: Callable[[str], str]) -> str:
    """Return the text of these files; those of ours are made smaller."""
    # The policy holds hashes of these texts, and browsers read every line end as `\n` before they hash.
    texts = {
        name: deck.templates[name].text.replace("\r\n", "\n").replace("\r", "\n")
        for name in names
        if name in deck.templates
    }
    return "\n".join(text if name in deck.own_templates else shrink(text) for name, text in texts.items())


def _add_texts(strings: Strings, script: str) -> str:
    """Return a script that begins with its texts in the deck's language, by their English words."""
    used = sorted(set(_TEXT.findall(script)) & strings.texts.keys())
    if (
        strings.language.lower().split("-")[0] == "en"
    ):  # then those that are as they stand in the script say nothing new
        used = [english for english in used if strings.texts[english] != english]
    texts = json.dumps({english: strings.texts[english] for english in used}, ensure_ascii=False)
    # No text can end the script, or seem to.
    texts = texts.replace("<", "\\u003c")
    return f"const TEXTS = {texts};\n{script}"


def _make_policy(*parts: Judged, has_sounds: bool) -> str:
    """Return a Content Security Policy that allows exactly the styles and scripts of these, and loads nothing else."""

    def allow(texts: Iterable[tuple[str, ...]], attributes: Sequence[tuple[str, ...]]) -> str:
        hashes = dict.fromkeys(map(_digest, chain(*texts, *attributes)))
        return " ".join((*hashes, *(["'unsafe-hashes'"] if any(attributes) else [])))

    styles = allow([part.styles for part in parts], [part.style_attributes for part in parts])
    scripts = allow([part.scripts for part in parts], [part.handlers for part in parts])
    sounds = "media-src data:; " if has_sounds else ""
    return (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; "
        f"img-src data:; {sounds}font-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
