"""A side of a card as a whole document, as Anki's window shows it: on a desktop, or on a phone with AnkiDroid.

Anki's own scripts do not ship with cardpress: `templates/window/` does what they do to a card.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from cardpress.anki.card_rendering import RenderedCard
from cardpress.anki.card_sounds import Sound, Speech
from cardpress.anki.shown_formulas import set_formulas, sign_latex
from cardpress.anki.typed_boxes import write_box, write_comparison
from cardpress.deck.notes import Deck
from cardpress.source.templates.template_files import MATHML_STYLE

_PLAYED = re.compile(r"\[anki:(play:[qa]:[0-9]+)\]")
_SCRIPT = "window/window.js"
# Of speech; browsers know no faster one, and JSON not every number.
_FASTEST = 10.0
_STYLES = {"desktop": "window/window.css", "phone": "window/phone.css"}
_FORMULA_STYLE = "window/formulas.css"
_SIGN = '<circle cx="32" cy="32" r="29"/><path d="M56.5 32.3 19 52.4l.33-40.8z"/>'


class Device(StrEnum):
    """Where a card is looked at."""

    DESKTOP = "desktop"
    PHONE = "phone"


class Side(StrEnum):
    """A side of a card."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Window:
    """Where a card is looked at: by day or by night, on which device, and below which address its media are."""

    is_night: bool = False
    device: Device = Device.DESKTOP
    media: str = "/media/"


def show_card(deck: Deck, card: RenderedCard, side: Side, window: Window = Window()) -> str:
    """Return the document that shows a side of a card. It loads pictures and sounds, and nothing else."""
    sides, is_phone = card.sides, window.device is Device.PHONE
    html = write_box(sides.front, card.typed) if side is Side.FRONT else write_comparison(sides.back, card.typed)
    html = _PLAYED.sub(lambda found: _write_button(found[1]), sign_latex(html))
    html = f"<style>{sides.css}</style>{html}"
    sounds = {f"play:q:{index}": _describe(each, window) for index, each in enumerate(sides.front_sounds)}
    sounds |= {f"play:a:{index}": _describe(each, window) for index, each in enumerate(sides.back_sounds)}
    platform = "android" if is_phone else "desktop"
    facts = {"side": side, "platform": platform, "html": html, "sounds": sounds, "formulas": set_formulas(html)}
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    styles = (deck.templates[name].text for name in (_STYLES[window.device], MATHML_STYLE, _FORMULA_STYLE))
    root = "mobile android linux js chrome" if is_phone else f"{'night-mode ' if window.is_night else ''}linux chrome"
    night = " nightMode night_mode" if window.is_night else ""
    body = f"card card{card.number}{night if is_phone else f' isLin{night} fancy'}"
    qa = '<div id="qa" dir="auto"></div>'
    return (
        f'<!doctype html>\n<html class="{root}" data-bs-theme="{"dark" if window.is_night else "light"}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<base href="{window.media}">\n'
        f"<style>\n{''.join(styles)}</style>\n</head>\n"
        f'<body class="{body}">\n{f"""<div id="content">{qa}</div>""" if is_phone else qa}\n'
        f'<script type="application/json" id="side">{data}</script>\n'
        f"<script>\n{deck.templates[_SCRIPT].text}</script>\n</body>\n</html>\n"
    )


def _write_button(command: str) -> str:
    """Return the button that plays a sound, with the names that Anki gives it."""
    act = f"pycmd('{command}'); return false;"
    picture = f'<svg class="playImage" viewBox="0 0 64 64" version="1.1">{_SIGN}</svg>'
    return f'\n<a class="replay-button soundLink" href="#" onclick="{act}" draggable="false">{picture}</a>'


def _describe(sound: Sound | Speech, window: Window) -> dict[str, str | float]:
    if isinstance(sound, Sound):
        return {"file": window.media + quote(sound.name)}
    return {"text": sound.text, "language": sound.language, "speed": min(sound.speed, _FASTEST)}
