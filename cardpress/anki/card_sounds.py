"""Sounds and speech on a side of a card: where each is played, and what (Anki's `rslib/src/card_rendering/`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cardpress.anki.plain_html import decode_entities, strip_html

_SOUND = re.compile(r"\[sound:([^\]]+)\]")
_DIRECTIVE = re.compile(r"\[anki:([^\] \t\r\n]{1,200}+)(?=[\] \t\r\n])")
_END = re.compile(r"\[/anki:([^\] \t\r\n]{1,200})\]")
_OPTION = re.compile(r"([^\] \t\r\n=]++)=(?>\"([^\"]*+)\"|([^\] \t\r\n\"]*+))[ \t\r\n]*+")
_SPACES = re.compile(r"[ \t\r\n]*")
_SIGN = re.compile(r"\[(?=sound:|anki:)")
# Of a directive; more of them are none.
_MOST_OPTIONS = 100
# Where a voice pauses.
_BREAKS = (
    "br address article aside blockquote canvas dd div dl dt fieldset figcaption figure footer form h[1-6] header hr "
    "li main nav noscript ol output p pre section table tfoot ul video"
)
_BREAK = re.compile(rf"</?(?:{'|'.join(_BREAKS.split())})>", re.IGNORECASE)
# As Anki writes it, with marks around what it filled in.
_NO_LANGUAGE = "[Error in directive '\u2068anki:tts\u2069': \u2068'\u2068lang\u2069' not set\u2069]"


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that is played, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Speech:
    """A text that is read out: its language, the voices from best to worst, and how fast."""

    text: str
    language: str
    voices: tuple[str, ...] = ()
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class _Directive:
    name: str
    options: dict[str, str]
    content: str
    end: int


def extract_sounds(html: str, side: str) -> tuple[str, tuple[Sound | Speech, ...]]:
    """Return a side with `[anki:play:…]` where something is played, and what; `side` is `q` or `a`."""
    sounds: list[Sound | Speech] = []

    def play(sound: Sound | Speech) -> str:
        if isinstance(sound, Speech) and not sound.language:
            return _NO_LANGUAGE
        sounds.append(sound)
        return f"[anki:play:{side}:{len(sounds) - 1}]"

    return _replace(html, play), tuple(sounds)


def strip_sounds(html: str) -> str:
    """Return HTML without what is played."""
    return _replace(html, lambda _: "")


def _replace(html: str, play: Callable[[Sound | Speech], str]) -> str:
    pieces: list[str] = []
    position = 0
    # Where the last end of each name is.
    ends = {found[1]: found.start() for found in _END.finditer(html)}
    last = html.rfind("]") + 1  # behind which nothing ends
    while sign := _SIGN.search(html, position, last):
        start = sign.start()
        if sound := _SOUND.match(html, start):
            pieces += [html[position:start], play(Sound(decode_entities(sound[1]).rpartition("/")[2]))]
            position = sound.end()
        elif directive := _read_directive(html, start, ends):
            pieces += [html[position:start], _write(directive, play)]
            position = directive.end
        else:
            pieces.append(html[position : start + 1])
            position = start + 1
    return "".join((*pieces, html[position:]))


def _read_directive(html: str, start: int, ends: Mapping[str, int]) -> _Directive | None:
    """Return the text with its options that stands at a place, `[anki:tts lang=de_DE]…[/anki:tts]`; None for none."""
    found = _DIRECTIVE.match(html, start)
    if found is None or ends.get(found[1], -1) < found.end():
        return None
    closing = f"[/anki:{found[1]}]"
    options: dict[str, str] = {}
    spaces = _SPACES.match(html, found.end())
    position = spaces.end() if spaces else found.end()
    for _ in range(_MOST_OPTIONS):
        option = _OPTION.match(html, position)
        if option is None:
            break
        options[option[1]] = option[3] if option[2] is None else option[2]
        position = option.end()
    end = html.find(closing, position + 1) if html.startswith("]", position) else -1
    if end < 0:
        return None
    return _Directive(found[1], options, html[position + 1 : end], end + len(closing))


def _write(directive: _Directive, play: Callable[[Speech], str]) -> str:
    options = directive.options
    if directive.name != "tts":
        written = "".join(f" {key}={_quote(value)}" for key, value in options.items())
        return f"[anki:{directive.name}{written}]{directive.content}[/anki:{directive.name}]"
    text = strip_html(_BREAK.sub(" ", directive.content)).replace("[...]", options.get("cloze_blank", "blank"))
    voices = tuple(options["voices"].split(",")) if "voices" in options else ()
    return play(Speech(text, options.get("lang", ""), voices, _read_speed(options.get("speed", ""))))


def _quote(value: str) -> str:
    return f'"{value}"' if re.search(r"[\] \t\r\n]", value) else value


def _read_speed(written: str) -> float:
    return float(written) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", written) else 1.0
