"""The web page: one file that asks for nothing, works without JavaScript, and prints well."""

from __future__ import annotations

import base64
import hashlib
import re

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from cardpress.deck import Artifact, Deck, RecallNote, RichText
from cardpress.direction import is_right_to_left
from cardpress.html_tree import is_block, plain_text, tree
from cardpress.media import media_type
from cardpress.writers import Written

_TEMPLATE = "web/page.html"
_STYLES = ("web/page.css", "anki/code.css")
_SCRIPT = "web/page.js"


def write(deck: Deck) -> Written:
    """Make `<id>.html`."""
    # The policy names what a browser hashes, and that reads every line's end as `\n`.
    style = "\n".join(_with_unix_lines(deck.templates[name].text) for name in _STYLES)
    script = _with_unix_lines(deck.templates[_SCRIPT].text)
    environment = Environment(
        loader=DictLoader({name: file.text for name, file in deck.templates.items() if name.startswith("web/")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["html"] = _html
    environment.filters["line"] = _line
    environment.tests["blocks"] = lambda text: any(map(is_block, tree(text.html)))
    environment.tests["recall"] = lambda note: isinstance(note, RecallNote)
    page = environment.get_template(_TEMPLATE).render(
        deck=deck,
        direction="rtl" if is_right_to_left(deck.language) else "ltr",
        questions={note.id: note for note in deck.notes()},
        style=Markup(style),  # noqa: S704 - the engine's own file, or the author's
        script=Markup(script),  # noqa: S704 - the engine's own file, or the author's
        policy=_policy(style, script),
    )
    count = sum(1 for _ in deck.notes())
    data = _with_pictures(deck, page).encode()
    return Written((Artifact(f"{deck.id}.html", data, "text/html", f"{count} questions"),))


def _with_unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _html(text: RichText) -> Markup:
    """Give a text as it stands in the page, whose policy allows no `style` on an element."""
    html = re.sub(r'<(t[dh]) style="text-align: ?(left|center|right);?">', r'<\1 class="\2">', text.html)
    return Markup(html)  # noqa: S704 - made safe where it was rendered


def _line(text: RichText) -> Markup:
    """Give a text as one line for inside a link: what is in it, but no blocks, links or pictures."""
    if any(map(is_block, tree(text.html))) or "<a " in text.html or "<img" in text.html:
        return Markup.escape(" ".join(plain_text(text.html).split()))
    return _html(text)


def _policy(style: str, script: str) -> str:
    """Allow this very style and script and nothing else: what the page does not carry, it cannot load."""

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _with_pictures(deck: Deck, page: str) -> str:
    """Put every picture into the page itself."""
    if not deck.media:
        return page
    addresses = {
        picture.name: f"data:{media_type(picture.name)};base64,{base64.b64encode(picture.data).decode()}"
        for picture in deck.media
    }
    return re.sub(
        r'(<img\b[^>]*?\bsrc=")([^"]*)(")',
        lambda image: image[1] + addresses.get(image[2], image[2]) + image[3],
        page,
    )
