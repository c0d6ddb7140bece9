"""HTML as Anki's editor makes it → what Anki gets: the same bytes when nothing has to go, else what is safe of it.

`html_grammar.py` says what ships as it stands, and all that ships is of that grammar. Of any other text nh3, a
sanitizer that reads as browsers do, decides what stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from cardpress.formulas.commands import ACTS, DEFINES
from cardpress.markdown.entities import unescape
from cardpress.markdown.html_grammar import (
    ANYWHERE,
    ATTRIBUTES,
    BEGUN_SOUND,
    PREFIXES,
    SCHEMES,
    TAGS,
    WITH_CONTENT,
    Dropped,
    File,
    is_embedded,
    is_safe_part,
    keeps_address,
    may_act,
    may_begin_command,
    plays_elsewhere,
    read,
)
from cardpress.markdown.html_styles import keep_safe_style
from cardpress.markdown.tree import Place
from cardpress.markdown.web_addresses import leads_to_app

if TYPE_CHECKING:
    import nh3

# What acts in Anki though no element does: a box to type in, and a command in a formula: what one defines holds for the
# formulas of all later cards.
_ACTS = re.compile(rf"{ACTS.pattern}|{DEFINES.pattern}|\[(?=\[type:)")
# What MathJax loads by itself, too, where a formula has a command of it.
_REQUIRING = re.compile(
    r"\\require\s{0,9}\{\s{0,9}(?:amscd|boldsymbol|braket|cancel|color|enclose|extpfeil|gensymb|mhchem|upgreek)\s{0,9}\}"
)
# For MathJax, `<wbr>` is nothing.
_BROKEN = re.compile(r"\\(?:[A-Za-z]*<wbr\b[^<>]*>)+")
_WBR = re.compile(r"<wbr\b[^<>]*>")
_DISARMED = re.compile(rf"({_REQUIRING.pattern})|{_ACTS.pattern}")
# What stands before the name of a sound; behind it is a bracket.
_SOUND = "[sound:"
_NOT_IN_VALUE = re.compile('["<>]')
# Nobody sees it, and what it stands in is no sign of Anki's any more.
_JOINER = "\N{WORD JOINER}"
# A tag with attributes, as nh3 writes it, a value there, and the signs in it that Anki would take for its own.
_TAG = re.compile(r'<[A-Za-z][^\s<>"]*(?: [^\s<>"=]+="[^"]*")+')
_VALUE = re.compile(r'(?<==)"[^"]*"')
_SIGNS = {"[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;", "<": "&lt;", ">": "&gt;"}
_SIGN = re.compile("[][{}<>]|:(?=:)")
# What a sanitizer is to take for an address of an app. It is asked of each address once more what that leads to.
_SCHEME = re.compile(r"\bhref\s*+=\s*+[\"']?\s*+([a-z][a-z0-9+.-]{1,40}):", re.IGNORECASE | re.ASCII)
_MOST_SCHEMES = 20
# Elements in each other. Browsers show no more than 512; of those that nobody has to end, many stand beside each other.
_DEEPEST = 2_000
_OPENING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|p|param|source|td|th|tr|track|wbr)(?![^\s/>]))"
    "[A-Za-z]",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"<[^<>]*>?")
# A file that may be in another place, as nh3 writes it.
_ELSEWHERE = re.compile(r' src="[^"]*?(?:[:\\]|//)|\[sound:[^\[\]]*?(?:[:\\]|//)')
_ALT = re.compile(r' (?:alt|title)="([^"]+)"')
_FORBIDDEN = re.compile("[\x00\x1f]")
# A mark that makes one character with the `>` before it.
_STROKE = "\N{COMBINING LONG SOLIDUS OVERLAY}"
_MENDED = "signs that could be read in another way"


class Scanned(NamedTuple):
    """What is not kept of a text, and the files that it shows or plays, each once, in its order.

    `named` is there where the text ships as it stands: the files that it names, each time.
    """

    dropped: tuple[Dropped, ...]
    files: tuple[File, ...]
    named: tuple[File, ...] | None


def clean(html: str, rename: Callable[[str], str] = lambda name: name, scanned: Scanned | None = None) -> str:
    """Return HTML that runs and loads nothing, in Unicode's composed form, with its files under other names.

    Where nothing has to go, all else is as it was, to the byte. `scanned` is what `scan` returned of it, if it did.
    """
    if scanned is not None and scanned.named is not None:
        return _rename(html, scanned.named, rename)
    text = normalize("NFC", html)
    reading = read(text)
    if not reading.is_strict or _acts(text):
        text = make_strict(text)
        reading = read(text)
    return _rename(text, reading.files, rename)


def make_safe(html: str) -> tuple[str, tuple[str, ...]]:
    """Return what `clean` does, and a word for each thing that it takes out or changes; none for a text that stays."""
    kept = clean(html)
    if kept == normalize("NFC", html):
        return kept, ()
    dropped, files, _ = scan(html)
    remote = (
        f"the {'sound' if file.tag is None else 'picture'} `{file.name[:80]}` of another place, which is a link now,"
        for file in files
        if file.is_remote
    )
    return kept, (*dict.fromkeys((*(each.what for each in dropped), *remote)),) or (_MENDED,)


def _rename(text: str, files: Sequence[File], rename: Callable[[str], str]) -> str:
    parts, position = [], 0
    for file in files:
        new = rename(file.name)
        if new == file.name:
            continue
        start, end = file.place
        written = escape(new, quote=file.tag is not None)
        if file.tag is not None and text[start - 1] not in "\"'":
            written = f'"{written}"'
        parts += [text[position:start], written]
        position = end
    return "".join((*parts, text[position:]))


def _acts(text: str) -> bool:
    harmless = _REQUIRING.sub(" ", text)
    return bool(_ACTS.search(harmless)) or may_act(harmless) or may_begin_command(harmless)


# --- what has something to go


def make_strict(html: str) -> str:
    """Return what is safe of a text, in the grammar of what ships."""
    kept = _disarm(sanitize(html))
    # Only a fault of ours makes a text of it that has nothing but words.
    return (
        kept if read(kept).is_strict and not _acts(kept) else _disarm(escape(re.sub(r"<[^<>]*>?|[\x00\x1f]", "", html)))
    )


def sanitize(html: str) -> str:
    """Return HTML whose elements and addresses run and load nothing. Pictures of other servers are links to them."""
    kept = _write_values(_clean_as_browsers_read(_FORBIDDEN.sub("", html)))
    if not _ELSEWHERE.search(kept):
        return kept
    parts, position = [], 0
    for file in read(kept).files:
        if file.tag is not None and (file.is_remote or "\\" in file.name):
            parts += [kept[position : file.tag.start], _link(kept[slice(*file.tag)], kept[slice(*file.place)])]
            position = file.tag.end
        elif file.tag is None and file.is_remote and file.place.start > position:
            written = kept[slice(*file.place)]
            shown = written if _NOT_IN_VALUE.search(written) else _link("", written)
            parts += [kept[position : file.place.start - len(_SOUND)], shown]
            position = file.place.end + 1
    return "".join((*parts, kept[position:]))


def _write_values(html: str) -> str:
    """Return what nh3 wrote without signs of Anki in values of attributes. In texts `="` is nothing but characters."""
    return _TAG.sub(
        lambda tag: _VALUE.sub(lambda value: _SIGN.sub(_write_sign, value[0]), tag[0]),
        html,
    )


def _write_sign(found: re.Match[str]) -> str:
    return _SIGNS.get(found[0], "&#58;")


def _link(tag: str, address: str) -> str:
    described = _ALT.search(tag)
    words = described[1] if described else address
    return f'<a href="{address}">{words}</a>' if keeps_address(address) else words


def _disarm(html: str) -> str:
    """Return HTML in the form that Anki stores, without commands that act, nor what its neighbors make one of."""
    text = _BROKEN.sub(lambda found: _WBR.sub("", found[0]), html)
    text = _DISARMED.sub(lambda found: found[1] or f"{found[0]}{_JOINER}", text)
    text = BEGUN_SOUND.sub(lambda found: f"[{_JOINER}{found[0][1:]}" if plays_elsewhere(found) else found[0], text)
    if may_act(_REQUIRING.sub(" ", text)):
        text = text.replace("\\", f"\\{_JOINER}").replace("&#92;", f"\\{_JOINER}")
    if may_begin_command(text):
        text = re.sub(r"\\([A-Za-z]*)\Z", r"<span>\\</span>\1", text)
    return normalize("NFC", text.replace(f">{_STROKE}", f">&#{ord(_STROKE)};"))


def _clean_as_browsers_read(html: str) -> str:
    """Return what nh3 keeps, with links to the apps that a text names; of elements without end in others, the words."""
    if _is_too_deep(html):
        return escape(_ELEMENT.sub("", html), quote=False)
    schemes = {each[1].lower() for each in _SCHEME.finditer(unescape(html)) if leads_to_app(f"{each[1]}:")}
    return _cleaner(frozenset(sorted(schemes)[:_MOST_SCHEMES])).clean(html)


def _is_too_deep(html: str) -> bool:
    """Return whether more elements stand in each other than anybody writes: a sanitizer looks through all of them."""
    depth = 0
    for found in _OPENING.finditer(html):
        depth = max(depth + (-1 if found[1] else 1), 0)
        if depth > _DEEPEST:
            return True
    return False


@lru_cache(maxsize=16)
def _cleaner(schemes: frozenset[str]) -> nh3.Cleaner:
    import nh3  # for decks with such fields alone

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={"*": set(ANYWHERE), **{tag: set(names) for tag, names in ATTRIBUTES.items() if tag != "a"}}
        | {"a": set(ATTRIBUTES["a"] - {"rel"})},
        attribute_filter=_look,
        clean_content_tags=set(WITH_CONTENT),
        url_schemes={*SCHEMES, *schemes, "data"},
        link_rel="noopener noreferrer",
        generic_attribute_prefixes=set(PREFIXES),
    )


def _look(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "style":
            return keep_safe_style(value) or None
        case "href":
            return value if keeps_address(escape(value)) else None
        case _ if not is_safe_part(attribute.lower(), value):
            return None
        case "src" if value.strip().lower().startswith("data:") and not is_embedded(value):
            return None
        case _:
            return value


# --- what was dropped, and which files are named


def scan(html: str) -> Scanned:
    """Return what is not kept of a text, and which files it names."""
    reading = read(html)
    files, dropped = reading.files, list(reading.dropped)
    whole = Place(0, len(html))  # of what only a browser finds
    if not reading.is_strict:
        places = {file.name: file.place for file in reversed(files)}
        named = read(_write_values(_clean_as_browsers_read(html))).files
        files = tuple(file._replace(place=places.get(file.name, whole)) for file in named)
    acting = [
        Dropped(Place(*found.span()), _say_acting(html, found.end()))
        for found in _DISARMED.finditer(html)
        if not found[1]
    ]
    if not acting and may_act(_REQUIRING.sub(" ", html)):
        acting = [Dropped(whole, f"{_say_woven(html)} of formulas")]
    if not acting and may_begin_command(html):
        acting = [Dropped(Place(html.rindex("\\"), len(html)), "a command that begins at the end of the text")]
    names = {file.name: file for file in reversed(files)}
    is_kept = reading.is_strict and not _acts(html)
    return Scanned((*dropped, *acting), tuple(reversed(names.values())), reading.files if is_kept else None)


def _say_acting(html: str, place: int) -> str:
    name = re.match("[A-Za-z]+", html[place : place + 20])
    return f"the command `\\{name[0]}` of formulas" if name else "a box to type in, `[[type:…]]`,"


def _say_woven(html: str) -> str:
    plain = _ACTS.search(re.sub(r"<[^<>]*>", "", unescape(html)))
    name = plain and re.match("[A-Za-z]+", plain.string[plain.end() : plain.end() + 20])
    return f"the command `\\{name[0]}`" if name else "a command"
