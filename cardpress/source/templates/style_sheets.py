"""What a style sheet must not do: load something from elsewhere, or run a script in some old browser."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from cardpress.source.templates.css import BARE_ADDRESS, TOKEN, decode


class Harm(Enum):
    """What a part of a template or a style sheet could do: run, load something, or be read in two ways."""

    SCRIPT = auto()
    REMOTE = auto()
    UNCLEAR = auto()


# The code of each harm, and what to do about it.
TEMPLATE_CODES = {Harm.SCRIPT: "template-script", Harm.REMOTE: "template-remote", Harm.UNCLEAR: "template-script"}
TEMPLATE_HELP = {
    Harm.SCRIPT: "remove it; if you know what it does, write `trusted_templates: true` in source/deck.yaml",
    Harm.REMOTE: (
        "remove it: cards and pages work without a network; a picture or a font can stand in a `data:` address"
    ),
    Harm.UNCLEAR: "write it as plain HTML: attributes in quotes, every element closed, `<` as text as `&lt;`",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """A harmful part of a text, from `start` to `end`, what is wrong with it, and a help line of its own."""

    harm: Harm
    message: str
    start: int
    end: int
    help: str = ""


# Functions whose texts in quotes are addresses.
_LOADERS = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"})
_TRICKS = frozenset({"behavior", "-ms-behavior", "-moz-binding", "progid"})
_DATA = re.compile(
    r"data:(?:image/(?:png|jpeg|gif|webp|avif|svg\+xml)|audio/(?:mpeg|ogg|mp4|wav|flac)|font/|application/(?:x-)?font)",
    re.IGNORECASE,
)
# What browsers go to the network for. They drop tabs and line ends in an address, and take `\` for `/`.
_ELSEWHERE = re.compile(r"(?:https?|ftp|wss?|file|blob|filesystem):|[/\\]{2}", re.IGNORECASE)
_FONT = re.compile(r"fonts/([^/]+)")
# HTML in a style sheet could end the element that it stands in.
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


# The name of a file beside the one that names it, as Anki has all of its media.
_FILE = re.compile(r"[^/\\:?#\x00-\x1f\x7f]+")


# What an `@import` names: an address, in quotes or not.
_IMPORTED = re.compile(r"[ \t\n\r\f]*+(?:url\([ \t\n\r\f]*+)?[\"']?([^\"'()\\;\s]++)[\"']?", re.IGNORECASE)


def find_style_flaws(
    css: str, *, fonts: Container[str] = (), has_files: bool = False, sheets: Container[str] = ()
) -> Iterator[Flaw]:
    """Yield what a style sheet loads from elsewhere, and the tricks that ran script. `fonts` are names in `fonts/`.

    One that `has_files` may name others in the same folder; of other style sheets those of `sheets`, which do no harm.
    """
    open_functions: list[str] = []
    imports = False
    for found in _MARKUP.finditer(css):
        message = "HTML in a style sheet ends it"
        yield Flaw(Harm.SCRIPT, message, found.start(), found.end() + 1)
    position = 0
    while token := TOKEN.match(css, position):
        start, end = token.span()
        position = end
        if imports and (token["string"] is not None or token["call"]):
            imports = False  # the address of an `@import`, which was reported
        elif token["string"] is not None:
            address = decode(token["string"][1:].removesuffix(token["string"][0]))
            loads = bool(open_functions) and open_functions[-1] in _LOADERS
            if (loads or _ELSEWHERE.match(plain_address(address))) and not (has_files and is_file(address)):
                yield from _address(address, start, end, fonts)
        elif token["name"] is not None:
            name = decode(token["name"]).lower()
            if not (name == "@import" and _is_known(css, end, sheets)):
                yield from _name(name, css, token)
            imports = imports or name == "@import"
            if name == "url" and token["call"] and (bare := BARE_ADDRESS.match(css, end)):
                address = decode(bare[1].strip(" \t\n\r\f"))
                if not (has_files and is_file(address)):
                    yield from _address(address, start, bare.end(), fonts)
                position = bare.end()  # a quote or `/*` in it begins nothing
            elif token["call"]:
                open_functions.append(name)
        elif token["sign"] == "(":
            open_functions.append("")
        elif token["sign"] == ")" and open_functions:
            open_functions.pop()


def _is_known(css: str, position: int, sheets: Container[str]) -> bool:
    """Return whether an `@import` names a style sheet that was judged by itself."""
    found = _IMPORTED.match(css, position)
    return found is not None and found[1] in sheets


def list_harmless_sheets(media: Mapping[str, bytes]) -> frozenset[str]:
    """Return the names of the style sheets among the files of a deck that load nothing from elsewhere."""
    sheets = (name for name in media if name.lower().endswith(".css"))
    return frozenset(name for name in sheets if not any(_find_in_sheet(media[name])))


def _find_in_sheet(data: bytes) -> Iterator[object]:
    try:
        yield from find_style_flaws(data.decode("utf-8-sig"), has_files=True)
    except UnicodeDecodeError:
        yield data


def plain_address(address: str) -> str:
    """Return an address as browsers read it: without white space and control characters around it, tabs, line ends."""
    return re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))


def is_file(address: str) -> bool:
    """Return whether an address is the name of a file in the same folder."""
    plain = plain_address(address)
    return not plain or _FILE.fullmatch(plain) is not None


def is_picture(address: str) -> bool:
    """Return whether an address holds a picture, a sound or a font in itself."""
    plain = plain_address(address)
    return plain == "data:," or _DATA.match(plain) is not None


def _name(name: str, css: str, token: re.Match[str]) -> Iterator[Flaw]:
    start, end = token.start("name"), token.end("name")
    if name == "@import":
        yield Flaw(Harm.REMOTE, "`@import` loads another style sheet", start, end)
    elif name == "expression" and token["call"]:
        yield Flaw(Harm.SCRIPT, "`expression(` in a style runs a script in old browsers", start, end)
    elif name in _TRICKS and re.match(r"(?>(?:[ \t\n\r\f]|/\*.*?\*/)*):", css[end : end + 200], re.DOTALL):
        yield Flaw(Harm.SCRIPT, f"`{name}:` in a style runs a script in old browsers", start, end)


def _address(address: str, start: int, end: int, fonts: Container[str]) -> Iterator[Flaw]:
    plain = plain_address(address)
    if plain.startswith("#") or is_picture(plain):
        return
    if re.match(r"(?:javascript|vbscript|data):", plain, re.IGNORECASE):
        yield Flaw(Harm.SCRIPT, f"`{plain[:40]}` in a style is not a picture", start, end)
    elif not (font := _FONT.fullmatch(plain)):
        yield Flaw(Harm.REMOTE, f"the style loads `{plain[:80]}` from elsewhere", start, end)
    elif font[1] not in fonts:
        yield Flaw(Harm.REMOTE, f"the style wants the font `{font[1]}`, which is not there", start, end)
