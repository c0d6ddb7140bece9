"""The HTML that ships as it stands: a grammar so strict that every browser and every filter of Anki's reads it alike.

Each `<` begins an allowed tag with allowed attributes, a harmless comment, or is followed by what makes no tag of it.
No value of an attribute has a `<` or `>`, nor a sign at which Anki would cut the tag: `{{kana:…}}` keeps what stands in
brackets and drops what stands before, a deletion ends at `}}`, and `[latex]` becomes a picture.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from cardpress.formulas.commands import DEFINING, SCRIPTED
from cardpress.markdown.entities import unescape
from cardpress.markdown.html_styles import is_safe_sheet, is_safe_style
from cardpress.markdown.tree import Place
from cardpress.markdown.web_addresses import leads_to_app

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Drawings and formulas, without what shows or repeats something else, changes by itself, or has HTML in it.
_DRAWING = frozenset(
    "circle clipPath defs ellipse g line linearGradient marker mask path polygon polyline radialGradient rect stop svg "
    "text tspan".split()
)
_FORMULA = frozenset(
    "annotation math menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom "
    "mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr "
    "munder munderover none semantics".split()
)
# Elements that Anki's editor makes, or lets an author paste, and those of texts of the web and of offices.
TAGS = (_DRAWING | _FORMULA) | frozenset(
    f"a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup dd "
    f"del details dfn dir div dl dt em figcaption figure font footer {' '.join(HEADINGS)} header hgroup hr i img ins "
    "kbd li main mark menu meta nav nobr o:p ol p pre q rb rp rt rtc ruby s samp section small source span strike "
    "strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr".split()
)
# What says how an element looks or what it is, and nothing else, whatever element it stands at.
ANYWHERE = frozenset(
    "abbr align axis bgcolor border bordercolor cellpadding cellspacing char cite class clear color cols colspan "
    "compact contenteditable datetime dir draggable face frame headers height hidden hspace id itemid itemprop "
    "itemscope itemtype lang noshade nowrap open reversed role rowspan rows rules scope size span spellcheck start "
    "style summary tabindex title translate type valign value vspace width xml:lang".split()
)
PREFIXES = ("data-", "aria-")
_OF_DRAWINGS = frozenset(
    "alignment-baseline baseline-shift clip-path clip-rule clipPathUnits cx cy d display dominant-baseline dx dy "
    "enable-background fill fill-opacity fill-rule focusable font-family font-size font-style font-weight fx fy "
    "gradientTransform gradientUnits lengthAdjust letter-spacing marker-end marker-mid marker-start markerHeight "
    "markerUnits markerWidth mask maskContentUnits maskUnits offset opacity orient overflow paint-order pathLength "
    "points preserveAspectRatio r refX refY rotate rx ry shape-rendering spreadMethod stop-color stop-opacity stroke "
    "stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width "
    "text-anchor text-rendering textLength transform vector-effect version viewBox visibility x x1 x2 xml:space xmlns "
    "xmlns:xlink y y1 y2".split()
)
_OF_FORMULAS = frozenset(
    "accent accentunder alttext bevelled close columnalign columnlines columnspacing denomalign depth display "
    "displaystyle encoding equalcolumns equalrows fence form largeop linethickness lspace mathbackground mathcolor "
    "mathsize mathvariant maxsize minsize movablelimits notation numalign rowalign rowlines rowspacing rspace "
    "scriptlevel separator separators side stretchy subscriptshift superscriptshift symmetric voffset xmlns".split()
)
_PLAYER = frozenset({"autoplay", "controls", "loop", "muted", "playsinline", "preload", "src"})
ATTRIBUTES = {
    "a": frozenset({"href", "hreflang", "name", "rel", "rev", "target"}),
    "audio": _PLAYER,
    "img": frozenset({"alt", "decoding", "loading", "src"}),
    "source": frozenset({"src"}),
    "video": _PLAYER,
    "meta": frozenset({"charset"}),
    **dict.fromkeys(_DRAWING, _OF_DRAWINGS),
    **dict.fromkeys(_FORMULA, _OF_FORMULAS),
}
# By the names as they are compared: in small letters.
_KNOWN = frozenset(map(str.lower, TAGS))
_KEPT = {tag.lower(): frozenset(map(str.lower, names)) for tag, names in ATTRIBUTES.items()}
# Values that a style could have, too, where another part of the same drawing can be named.
_LIKE_STYLES = frozenset(map(str.lower, _OF_DRAWINGS - {"d", "points", "viewBox", "xmlns", "xmlns:xlink"}))
_NAMED_PART = re.compile(r"url\(\s*#[\w-]+\s*\)")
# Schemes of addresses that lead to a page, a person, or a file to fetch. Others are those of apps.
SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel"})
# As it is written, so that no way of reading its entities makes another address of it.
_ADDRESS = re.compile(
    rf"\s*(?:(?:{'|'.join(SCHEMES)}):|[#/?.]|[^:&\\\s\xa0\[\]{{}}]*(?:[#/?]|\s*\Z))", re.IGNORECASE | re.ASCII
)
# A picture that stands in the text itself. An SVG is none of them.
_EMBEDDED = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE | re.ASCII)
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|[/\\]{2}")

_SPACE = "[ \t\n\r]"
_VALUE = r"""\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=`&]++"""
_ATTRIBUTE = re.compile(rf"{_SPACE}++([A-Za-z_][\w:.-]*+)(?>(?:{_SPACE}*+={_SPACE}*+({_VALUE}))?)", re.ASCII)
_ATTRIBUTES = rf"(?>(?:{_SPACE}++[A-Za-z_][\w:.-]*+(?>(?:{_SPACE}*+={_SPACE}*+(?:{_VALUE})(?=[\s/>]))?))*)"
_MARKUP = re.compile(
    rf"<(?:(?P<tag>[A-Za-z][A-Za-z0-9:]*+)(?P<attributes>{_ATTRIBUTES}){_SPACE}*+/?>"
    rf"|/(?P<end>[A-Za-z][A-Za-z0-9:]*+){_SPACE}*+>"
    # Offices write the second around bullets.
    r"|!--(?!-?>)(?P<comment>(?>(?:[^<>\[\]{}\\-]++|-(?!-))*)|\[(?:(?>(?:[^<>\[\]{}\\-]++|-(?!-))*))\])-->"
    r"|(?P<sign>(?=[0-9=\t\n-])|(?=[ ])))",
    re.ASCII,
)
# What is no markup of this grammar, as browsers may read it; nothing is looked for twice.
_LENIENT = re.compile(r"""<(/?[A-Za-z][^\s/<>]*+)((?>(?:[^<>"']++|"[^"]*+"|'[^']*+')*))>|<!--|<""")
_LENIENT_ATTRIBUTE = re.compile(r"""([^\s=/<>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s<>]++))?""")
# Elements whose content goes with them.
WITH_CONTENT = frozenset({"script", "style"})
_SHEET_END = re.compile("</style>", re.IGNORECASE | re.ASCII)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in WITH_CONTENT}
# What Windows puts into what is pasted.
_OF_CLIPBOARDS = ("StartFragment", "EndFragment")
# A bracket that Anki's readings or other signs could begin with; and in a text with deletions, what could end one.
_SIGNS = re.compile(r"\[(?:/|\$|\[|latex|sound|anki|type)", re.IGNORECASE)
_CUTTING = re.compile(rf"(?<! )\[|{_SIGNS.pattern}", re.IGNORECASE)
_CLOZE_CUTTING = re.compile(r"\{\{|\}\}|::")
_DELETION = re.compile(r"\{\{c[0-9]", re.IGNORECASE)
SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
# As Anki reads them: any sign but the bracket that ends it.
_ELEMENT = re.compile(r"<[^<>]*+>")
BEGUN_SOUND = re.compile(r"\[sound:([^\]]{1,300})")
# Of these, HTML has the first in another meaning, and Anki parts fields with the other.
_FORBIDDEN = re.compile("[\x00\x1f]")


class Dropped(NamedTuple):
    """What is not kept of a text: its place, and a word for it."""

    place: Place
    what: str


class File(NamedTuple):
    """A file that a text shows or plays, and the place where its name is written.

    `tag` is the place of the element, None for a sound between brackets.
    """

    name: str
    place: Place
    tag: Place | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is on another server, or on a disk."""
        return _REMOTE.match(self.name) is not None


class Reading(NamedTuple):
    """What is in a text: what is not kept of it, and the files that it names, in its order.

    `is_strict` says that all of it is in this grammar.
    """

    is_strict: bool
    dropped: tuple[Dropped, ...]
    files: tuple[File, ...]


def read(html: str) -> Reading:
    """Return what is in a text, in time that grows with its length."""
    reader = _Reader(html)
    reader.run()
    is_strict = reader.is_strict and (html.isascii() or normalize("NFC", html) == html) and not _FORBIDDEN.search(html)
    return Reading(is_strict, tuple(reader.dropped), tuple(sorted(reader.files, key=lambda file: file.place)))


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.has_deletions = _DELETION.search(html) is not None
        self.is_strict = True
        self.dropped: list[Dropped] = []
        self.files: list[File] = []

    def run(self) -> None:
        position = self.html.find("<")
        while position >= 0:
            found = _MARKUP.match(self.html, position)
            position = self.html.find("<", self.markup(found) if found else self.lenient(position))
        for sound in SOUND.finditer(self.html):
            self.files.append(File(unescape(sound[1]), Place(*sound.span(1))))
        self.is_strict &= not any(map(plays_elsewhere, BEGUN_SOUND.finditer(self.html)))

    def drop(self, start: int, end: int, what: str) -> None:
        self.is_strict = False
        self.dropped.append(Dropped(Place(start, end), what))

    def markup(self, found: re.Match[str]) -> int:
        """Read what is written as this grammar has it, and return where it ends."""
        if tag := found["tag"]:
            name = tag.lower()
            if name == "style" and (sheet_end := self.sheet(found)):
                return sheet_end
            if name not in _KNOWN:
                return self.unknown(found.start(), found.end(), name)
            known: set[str] = set()
            for each in _ATTRIBUTE.finditer(self.html, *found.span("attributes")):
                self.attribute(name, each, Place(*found.span()))
                self.is_strict &= each[1].lower() not in known  # browsers take the first, others the last
                known.add(each[1].lower())
        elif end := found["end"]:
            if end.lower() not in _KNOWN:
                self.is_strict = False  # it ends nothing
        elif found["sign"] is not None and self.html[found.end() : found.end() + 1] == " ":
            # `{{kanji: …}}` takes a space away before what it reads.
            self.is_strict &= "[" not in self.html
        return found.end()

    def sheet(self, found: re.Match[str]) -> int | None:
        """Return where a style sheet ends that stays as it is, as dictionaries bring them; None for any other."""
        names = {each[1].lower() for each in _ATTRIBUTE.finditer(self.html, *found.span("attributes"))}
        closing = _SHEET_END.search(self.html, found.end())
        if closing is None or names - {"type"} or found[0].endswith("/>"):
            return None
        sheet = self.html[found.end() : closing.start()]
        if _SIGNS.search(sheet) or (self.has_deletions and _CLOZE_CUTTING.search(sheet)):
            return None
        return closing.end() if is_safe_sheet(sheet) else None

    def unknown(self, start: int, end: int, name: str) -> int:
        self.drop(start, end, f"`<{name[:40]}>`")
        if name not in WITH_CONTENT:
            return end
        closing = _ENDS[name].search(self.html, end)
        return closing.start() if closing else len(self.html)

    def lenient(self, position: int) -> int:
        """Read what is written in another way, and return where it ends."""
        self.is_strict = False
        found = _LENIENT.match(self.html, position)
        if found is None or found[0] == "<":
            return position + 1
        if found[0] == "<!--":
            end = self.html.find("-->", found.end())
            words = self.html[found.end() : end if end >= 0 else len(self.html)].strip()
            if words and words not in _OF_CLIPBOARDS:
                self.drop(*found.span(), "a comment")
            return len(self.html) if end < 0 else end + 3
        name = found[1].lower()
        if name.startswith("/"):
            return found.end()
        if name not in _KNOWN:
            return self.unknown(*found.span(), name)
        for each in _LENIENT_ATTRIBUTE.finditer(self.html, *found.span(2)):
            self.attribute(name, each, Place(*found.span()))
        return found.end()

    def attribute(self, tag: str, found: re.Match[str], place: Place) -> None:
        name, written = found[1].lower(), found[2] or ""
        quotes = written[:1] in ("'", '"')
        raw = written[1:-1] if quotes else written
        value = unescape(raw)
        span = found.span(1)
        if not allows(tag, name) or not is_safe_part(name, value):
            self.drop(*span, f"the attribute `{name[:40]}`")
        elif name == "style":
            if not is_safe_style(value):
                self.drop(*span, f"`{_name_unsafe(value)[:40]}` in a style")
        elif name == "href" and not keeps_address(raw):
            self.drop(*span, f"the address `{value[:40]}`")
        elif name == "src" and not _EMBEDDED.match(value):
            file = File(value, Place(found.start(2) + quotes, found.end(2) - quotes), place)
            self.files.append(file)
            self.is_strict &= not file.is_remote and "\\" not in value
        if _CUTTING.search(raw) or (self.has_deletions and _CLOZE_CUTTING.search(raw)):
            self.is_strict = False


def plays_elsewhere(sound: re.Match[str]) -> bool:
    """Return whether what begins as a sound names one on another server, or on a disk: Anki plays these, too."""
    # A filter of Anki's drops elements, before a name is read.
    return _REMOTE.match(unescape(_ELEMENT.sub("", sound[1])).strip()) is not None


def allows(tag: str, attribute: str) -> bool:
    """Return whether an element keeps an attribute."""
    return attribute in ANYWHERE or attribute.startswith(PREFIXES) or attribute in _KEPT.get(tag, ())


def is_safe_part(attribute: str, value: str) -> bool:
    """Return whether the value of an attribute loads nothing: of a part of a drawing, or what a text is written in."""
    if attribute == "charset":
        return value.lower() == "utf-8"
    return attribute not in _LIKE_STYLES or is_safe_style(_NAMED_PART.sub("", value))


def _name_unsafe(style: str) -> str:
    """Return the name of the first property that is not kept."""
    unsafe = next((part for part in style.split(";") if not is_safe_style(part)), style)
    return unsafe.partition(":")[0].strip().lower() or unsafe.strip()


def keeps_address(address: str) -> bool:
    """Return whether a link may lead to an address, as it is written in HTML."""
    return _ADDRESS.match(address) is not None or (leads_to_app(address) and leads_to_app(unescape(address)))


def is_embedded(address: str) -> bool:
    """Return whether an address is a picture itself."""
    return _EMBEDDED.match(address) is not None


# --- commands of formulas


# What may stand between the letters of a command, and be gone where MathJax reads it: elements, comments and readings.
_BETWEEN = r"(?>(?:<[^<>]*+>|\[[^\[\]]*+\]|[\[\]])*)"
# A command before the beginning or end of a deletion, where only its words may be left, and what goes on behind that.
_TOUCHING = re.compile(
    r"(?<!\\)(?>(?:\\\\)*)\\((?>(?:[A-Za-z]|<[^<>]*+>|\[[^\[\]]*+\]|[\[\]])*))(?:\{\{c[0-9,]*+::|\}\}|(::))(?=([A-Za-z]*+)(.?))",
    re.IGNORECASE | re.DOTALL,
)
_NOISE = re.compile(r"<[^<>]*+>|\[[^\[\]]*+\]|[\[\]]")
_LAST = re.compile(r"\\([A-Za-z]{0,40})\Z")
_ACTING = (*SCRIPTED, *DEFINING, "label", "bbox")
_BEGINNINGS = frozenset(name[:length] for name in _ACTING for length in range(len(name)))


@cache
def _woven() -> re.Pattern[str]:
    names = "|".join(_BETWEEN.join(name) for name in _ACTING[:-1])
    return re.compile(rf"\\{_BETWEEN}(?:(?:{names})(?![A-Za-z])|{_BETWEEN.join('bbox')}\s{{0,9}}\[[^\]]{{0,200}}:)")


def may_act(html: str) -> bool:
    """Return whether MathJax could find a command that acts in a text, or in what Anki leaves of it.

    Anki takes elements out of formulas with deletions, and a card can show words without their readings.
    """
    plain = unescape(html) if "&" in html else html
    if "\\" not in plain:
        return False
    if _woven().search(plain):
        return True
    return _DELETION.search(plain) is not None and any(map(_may_go_on, _TOUCHING.finditer(plain)))


def _may_go_on(found: re.Match[str]) -> bool:
    """Return whether a command that a deletion cuts in two may be one that acts."""
    begun = _NOISE.sub("", found[1])
    if begun not in _BEGINNINGS:
        return False
    if found[2] or (not found[3] and found[4] in ("", *"<[]{}:")):
        return True  # it depends on what else is taken out
    joined = begun + found[3]
    return joined in _BEGINNINGS or any(joined.startswith(name) for name in _ACTING)


def may_begin_command(html: str) -> bool:
    """Return whether a text ends in what the text behind it could make a command of that acts."""
    last = _LAST.search(html, max(0, len(html) - 41))
    return last is not None and last[1] in _BEGINNINGS
