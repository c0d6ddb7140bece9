"""What a card shows of a field through Anki's filters, as in `{{hint:furigana:Word}}` (its `template_filters.rs`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cardpress.anki.cloze_html import reveal, reveal_alone
from cardpress.anki.plain_html import strip_html
from cardpress.note_types.template_parts import SPACE

# Anki splits these before it looks at the first one, and any other chain that begins with `type` is `type` alone.
_TYPED: dict[tuple[str, ...], str] = {("cloze", "type"): "cloze:", ("nc", "type"): "nc:"}
_SPEECH = "tts "


def apply_filters(filters: tuple[str, ...], text: str, field: str, number: int, *, is_front: bool) -> str:
    """Return a field as a card of this number shows it. What Anki does not know ends the chain, for its add-ons."""
    if filters[-1:] == ("type",):
        return f"[[type:{_TYPED.get(filters, '')}{field}]]"
    for name in filters:
        match name:
            case "cloze":
                text = reveal(text, number, is_front=is_front)
            case "cloze-only":
                text = reveal_alone(text, number, is_front=is_front)
            case "hint":
                text = _hide(text, field)
            case "text":
                text = strip_html(text)
            case "furigana" | "kana" | "kanji":
                text = _read_out(text, name)
            case "type":
                text = f"[[type:{field}]]"
            case "":
                continue
            case _:
                if not name.startswith(_SPEECH):
                    break
                text = f"[anki:tts lang={name.removeprefix(_SPEECH)}]{text}[/anki:tts]"
    return text


def _hide(text: str, field: str) -> str:
    """Return a link that shows the text. Anki joins the two by a digest of another kind, which says no more."""
    if not text.strip(SPACE):
        return text
    mark = f"hint{hashlib.blake2b((text + field).encode(), digest_size=8).hexdigest()}"
    click = f"this.style.display='none';\ndocument.getElementById('{mark}').style.display='block';\nreturn false;"
    link = f'<a class=hint href="#"\nonclick="{click}" draggable=false>\n{field}</a>'
    return f'\n{link}\n<div id="{mark}" class=hint style="display: none">{text}</div>\n'


def _read_out(text: str, name: str) -> str:
    """Return a text whose ` 漢字[かんじ]` are both, the readings alone, or the characters alone."""
    text = text.replace("&nbsp;", " ")
    pieces: list[str] = []
    position = 0
    for start, bracket, end in _find_readings(text):
        base, reading = text[start:bracket].removeprefix(" "), text[bracket + 1 : end]
        if reading.startswith("sound:"):
            shown = text[start : end + 1]
        elif name == "furigana":
            shown = f"<ruby><rb>{base}</rb><rt>{reading}</rt></ruby>"
        else:
            shown = reading if name == "kana" else base
        pieces += [text[position:start], shown]
        position = end + 1
    return "".join((*pieces, text[position:]))


def _find_readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where characters begin, with the space before them, and the brackets around their reading.

    The characters go back to a space, to a tag's end or to the last reading; the brackets stand in one line.
    """
    position, end = 0, 0
    line_end = text.find("\n")
    bracket = text.find("[", 1)
    while bracket >= 0:
        if end < bracket + 2:
            end = text.find("]", bracket + 2)
            if end < 0:
                return
        if 0 <= line_end < bracket:
            line_end = text.find("\n", bracket)
        is_whole = not 0 <= line_end < end
        if is_whole and bracket > position and text[bracket - 1] not in " >":
            start = max(text.rfind(" ", position, bracket), text.rfind(">", position, bracket) + 1, position)
            yield start, bracket, end
            position = end + 1
            bracket = text.find("[", position + 1)
        else:
            bracket = text.find("[", bracket + 1)
