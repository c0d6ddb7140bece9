"""What the HTML of a template, or of a page made with one, must not hold: script, and anything that is loaded.

The reader takes only HTML that every parser reads alike: anything else is a flaw, too, so that nothing hides in what
one program takes for text and another for an element. As a second opinion, `nh3` reads it again, as a browser does.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from cardpress.markdown.entities import unescape
from cardpress.markdown.web_addresses import leads_to_app
from cardpress.source.templates.style_sheets import Flaw, Harm, find_style_flaws, is_file, is_picture, plain_address

_SPACE = "[ \t\n\r\f]"
_NAME = r"[A-Za-z_:@][-A-Za-z0-9_:.]*+"
_ATTRIBUTE = rf"{_SPACE}++({_NAME})(?>(?:{_SPACE}*+=({_SPACE}*+)(\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f\"'<>=`]++))?)"
_TAG = re.compile(rf"<(/?)([A-Za-z][-A-Za-z0-9]*+)((?>(?:{_ATTRIBUTE})*)){_SPACE}*+/?+>")
# The same as browsers read it, however odd it is: a solidus as a space, no space behind a quote, a value without one.
_ODD_ATTRIBUTE = (
    r"[ \t\n\r\f/]*+([^\s/>=\"'<]++)(?>(?:[ \t\n\r\f]*+=([ \t\n\r\f]*+)(\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f\"'<>`]++))?)"
)
_ODD_TAG = re.compile(rf"<(/?)([A-Za-z][-A-Za-z0-9_:]*+)((?>(?:{_ODD_ATTRIBUTE})*))[ \t\n\r\f/]*+>")
# What no `<` may stand before that is to be a text.
_OPENS = re.compile(r"<(?:[A-Za-z/!?]|\Z)")
_COMMENT = re.compile(r"<!--(?!-?>).*?(?:--(!?)>)", re.DOTALL)
_DOCTYPE = re.compile(rf"<!doctype{_SPACE}++html{_SPACE}*+>", re.IGNORECASE)
# Elements whose content is text to browsers, whatever stands in it.
_TEXTUAL = frozenset({"style", "title", "textarea"})
_ACTIVE = frozenset("script iframe frame frameset object embed applet portal fencedframe base".split())
# Elements that browsers read in ways of their own.
_ODD = frozenset("math plaintext xmp noembed noframes listing".split())
# Attributes whose address is loaded as soon as the element is there.
_LOADED = frozenset(
    "src srcset imagesrcset poster background data lowsrc dynsrc codebase archive classid manifest profile icon ping "
    "attributionsrc".split()
)
_SENT = frozenset({"action", "formaction"})
# Attributes of SVG that can hold `url(…)`.
_PAINTS = frozenset(
    "fill stroke filter mask clip-path marker marker-start marker-mid marker-end cursor color-profile".split()
)
_LINK = re.compile(r"(?:https?://[^/\\]|mailto:|[#?]|\Z)|(?!/|\\)[^:]*(?:[/?#]|\Z)", re.IGNORECASE)
# What may follow the beginning of an address that is filled in, so that it makes no scheme of it.
_WHOLE_BEGINNING = re.compile(r"[^:]*(?:[/?#]|\Z)")
_SCRIPTED = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data"})
_REFRESH = re.compile(r"url|/", re.IGNORECASE)


class Mark(Enum):
    """What a template puts in a place: HTML, our script, or a word that is safe in an attribute, or nothing.

    Of an adopted template, what notes have there decides: names of files beside each other, web addresses, or texts
    that hold no quotes and no tags.
    """

    HTML = auto()
    SCRIPT = auto()
    WORD = auto()
    SWITCH = auto()
    FILE = auto()
    ADDRESS = auto()
    TEXT = auto()


_BETWEEN = "put it between tags: only `{{Id}}`, numbers and the like can stand in an attribute"

# Of a comment, whose rest is judged behind each of them.
_MOST_IN_COMMENTS = 40
# What a style that is put together could load something with.
_LOADS = re.compile(r"//|\\|&|\(|@|behavior|binding|expression", re.IGNORECASE)

# Places of a template that are filled in: where each starts and ends, and what comes there.
Marks = Mapping[int, tuple[int, Mark]]


class PartKind(Enum):
    """What a part of a template is that can be taken out as a whole."""

    COMMENT = auto()
    TAG = auto()
    ATTRIBUTE = auto()
    SCRIPT = auto()
    STYLE = auto()


class HtmlPart(NamedTuple):
    """A part of a template: what it is, where it stands, and the name of its element or attribute."""

    kind: PartKind
    start: int
    end: int
    name: str = ""


@dataclass(slots=True)
class Findings:
    """What a reader found: flaws, scripts, values of `on…` attributes, styles, and the parts that it consists of."""

    flaws: list[Flaw] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    style_attributes: list[str] = field(default_factory=list)
    parts: list[HtmlPart] = field(default_factory=list)


def read_html(
    text: str, *, marks: Marks | None = None, allowed: Sequence[str] = (), is_adopted: bool = False
) -> Findings:
    """Return what HTML could do. `allowed` are the scripts, and the contents of `<meta>` policies, that it may have.

    What `is_adopted` was written for Anki alone, whose windows all read HTML as one browser does: so odd HTML is fine
    that has one meaning there, and names of files beside each other, which Anki has in its media.
    """
    scan = _Scan(text, marks or {}, frozenset(allowed), is_adopted=is_adopted)
    scan.run()
    found = scan.found
    found.flaws.sort(key=lambda flaw: flaw.start)
    if not found.flaws and (seen := _read_as_browsers_do(scan.without_comments(), allowed)):
        found.flaws.append(Flaw(Harm.UNCLEAR, seen, 0, 0))
    return found


class _Scan:
    def __init__(self, text: str, marks: Marks, allowed: frozenset[str], *, is_adopted: bool = False) -> None:
        self.marks = marks
        self.allowed = allowed
        self.is_adopted = is_adopted
        self.text = text
        self.found = Findings()
        # The text with letters in the place of what is filled in.
        pieces, position = [], 0
        for start, (end, _) in sorted(marks.items()):
            pieces += [text[position:start], "x" * (end - start)]
            position = end
        self.visible = "".join((*pieces, text[position:]))
        # What is searched for again and again in a text without it.
        self.lower = self.visible.lower()
        self.last_comment_end = max(map(self.visible.rfind, ("-->", "--!>")))
        self.ends: dict[str, list[re.Match[str]]] = {}
        self.mark_starts = sorted(marks)
        self.drawing = 0
        self.unscripted: list[int] = []

    def flaw(self, harm: Harm, message: str, start: int, end: int, help_line: str = "") -> None:
        self.found.flaws.append(Flaw(harm, message, start, end, help_line))

    def part(self, kind: PartKind, start: int, end: int, name: str = "") -> None:
        self.found.parts.append(HtmlPart(kind, start, end, name))

    def without_comments(self) -> str:
        """Return what a second reader is to judge: of an adopted template, what is in comments was judged already."""
        pieces, position = [], 0
        for part in self.found.parts if self.is_adopted else ():
            if part.kind is PartKind.COMMENT:
                pieces.append(self.visible[position : part.start])
                position = part.end
        return "".join((*pieces, self.visible[position:]))

    def run(self) -> None:
        text, position = self.visible, 0
        while True:
            start = text.find("<", position)
            self.text_between(position, len(text) if start < 0 else start)
            if start < 0:
                break
            position = self.markup(start)
        for place in self.unscripted:
            self.flaw(Harm.UNCLEAR, "`<noscript>` is never closed", place, place + 9)

    def text_between(self, start: int, end: int) -> None:
        for place, (stop, mark) in self.marks_in(start, end):
            if mark is Mark.SCRIPT and (self.drawing or self.unscripted):
                self.flaw(Harm.UNCLEAR, "a script in a drawing or in `<noscript>`", place, stop)
            elif mark is Mark.SWITCH and self.unscripted:
                message = f"`{self.text[place:stop]}` in `<noscript>` can move its end, and make script of a text"
                self.flaw(Harm.SCRIPT, message, place, stop, "put it around the whole `<noscript>`")

    def marks_in(self, start: int, end: int) -> list[tuple[int, tuple[int, Mark]]]:
        first, last = (bisect_left(self.mark_starts, place) for place in (start, end))
        return [(place, self.marks[place]) for place in self.mark_starts[first:last]]

    def markup(self, start: int) -> int:
        """Judge what begins with `<` at `start`, and return where it ends."""
        text = self.visible
        if tag := (_ODD_TAG if self.is_adopted else _TAG).match(text, start):
            return self.tag(tag)
        if start + 4 <= self.last_comment_end and (comment := _COMMENT.match(text, start)):
            self.comment(comment)
            return comment.end()
        if self.is_adopted and not _OPENS.match(text, start):
            return start + 1
        if doctype := _DOCTYPE.match(text, start):
            return doctype.end()
        end = min(start + 1 + len(re.match(r"[/!?]?\w*", text[start + 1 : start + 30])[0]), len(text))  # type: ignore[index]  # matches anything
        message = f"`{self.text[start:end]}` begins what browsers and other programs read in different ways"
        self.flaw(Harm.SCRIPT if text[start + 1 : start + 7].lower() == "script" else Harm.UNCLEAR, message, start, end)
        return start + 1

    def comment(self, comment: re.Match[str]) -> None:
        start, end = comment.span()
        self.part(PartKind.COMMENT, start, end)
        if comment[1]:
            self.flaw(Harm.UNCLEAR, "a comment ends in `-->`", start, end)
        if not (self.is_adopted and self.is_harmless_outside(start + 4, end - 3)):
            self.refuse_marks(start, end, "a comment")

    def is_harmless_outside(self, start: int, end: int) -> bool:
        """Return whether what stands in a comment does no harm where a field ends that, as in an Anki of old."""
        marks = self.marks_in(start, end)
        if len(marks) > _MOST_IN_COMMENTS:
            return False
        places = [start, *(stop for _, (stop, _) in marks)] if marks else []
        for place in places:
            inside = {each - place: (stop - place, mark) for each, (stop, mark) in marks if each >= place}
            scan = _Scan(self.text[place:end], inside, frozenset(), is_adopted=True)
            scan.run()
            if scan.found.flaws or _OPENS.search(scan.without_tags()):
                return False
        return True

    def without_tags(self) -> str:
        """Return what stands between tags, and in their attributes."""
        return re.sub(r"<(?=/?[A-Za-z][^<>]*>)", "", self.visible)

    def refuse_marks(self, start: int, end: int, where: str) -> None:
        for place, (stop, _) in self.marks_in(start, end):
            self.flaw(Harm.SCRIPT, f"`{self.text[place:stop]}` in {where} could become script", place, stop, _BETWEEN)

    def tag(self, tag: re.Match[str]) -> int:
        name, start, end = tag[2].lower(), tag.start(), tag.end()
        self.part(PartKind.TAG, start, end, name)
        covered = self.attributes(tag, name)
        for place, (stop, _) in self.marks_in(start, end):
            before = bisect_right(covered, (place, len(self.text))) - 1
            if before < 0 or place >= covered[before][1]:
                message = f"`{self.text[place:stop]}` in a tag could become an attribute or script"
                self.flaw(Harm.SCRIPT, message, place, stop, _BETWEEN)
        if tag[1]:
            self.close(name, start)
            return end
        if name == "svg":
            self.drawing += not tag[0].endswith("/>")
        elif name == "noscript":
            self.unscripted.append(start)
        elif name in _ODD:
            self.flaw(Harm.UNCLEAR, f"browsers read `<{name}>` in a way of their own", start, end)
        elif name == "script":
            return self.script(tag)
        elif name in _ACTIVE:
            self.flaw(Harm.SCRIPT, f"`<{name}>` carries other documents or changes where links lead", start, end)
        elif name in _TEXTUAL:
            return self.textual(tag, name)
        return end

    def close(self, name: str, start: int) -> None:
        if name == "svg":
            self.drawing = max(self.drawing - 1, 0)
        elif name == "noscript" and self.unscripted:
            # With scripts, browsers take everything up to here for text.
            first = self.lower.find("</noscript", self.unscripted[-1])
            if first != start:
                self.flaw(Harm.UNCLEAR, "`</noscript` inside of `<noscript>`", first, first + 10)
            self.unscripted.pop()

    def find_end(self, name: str, start: int) -> re.Match[str] | None:
        """Return the tag that closes an element whose content is text."""
        if name not in self.ends:
            self.ends[name] = list(re.finditer(rf"</{name}{_SPACE}*+>", self.visible, re.IGNORECASE))
        at = bisect_left(self.ends[name], start, key=re.Match.start)
        return self.ends[name][at] if at < len(self.ends[name]) else None

    def textual(self, tag: re.Match[str], name: str) -> int:
        end = tag.end()
        close = self.find_end(name, end)
        if close is None:
            self.flaw(Harm.UNCLEAR, f"`<{name}>` is never closed", tag.start(), end)
            return end
        content = self.visible[end : close.start()]
        self.part(PartKind.STYLE, tag.start(), close.end(), name)
        self.refuse_marks(end, close.start(), f"`<{name}>`")
        if name == "style":
            self.found.styles.append(content)
            for flaw in find_style_flaws(content, has_files=self.is_adopted):
                self.flaw(flaw.harm, flaw.message, end + flaw.start, end + flaw.end)
        elif "<" in content:
            place = end + content.index("<")
            self.flaw(Harm.UNCLEAR, f"`<` in `<{name}>`", place, place + 1)
        return close.end()

    def script(self, tag: re.Match[str]) -> int:
        end = tag.end()
        close = self.find_end("script", end)
        self.part(PartKind.SCRIPT, tag.start(), close.end() if close else len(self.visible), "script")
        content = self.visible[end : close.start()] if close else ""
        known = close is not None and content in self.allowed and not tag[0].count("=") > 1
        if close is None:
            self.flaw(Harm.UNCLEAR, "`<script>` is never closed", tag.start(), end)
            return len(self.visible)  # all of it is script to browsers
        if self.drawing or "<!--" in content or tag[0].endswith("/>"):
            self.flaw(Harm.UNCLEAR, "a script that browsers may end elsewhere", tag.start(), end)
        if not known:
            self.refuse_marks(end, close.start(), "`<script>`")
            self.found.scripts.append(content)
            self.flaw(Harm.SCRIPT, "`<script>` runs a script", tag.start(), tag.start() + 7)
        return close.end()

    # --- attributes

    def attributes(self, tag: re.Match[str], element: str) -> list[tuple[int, int]]:
        """Judge a tag's attributes, and return the places of those in quotes."""
        quoted = []
        values: dict[str, tuple[str, int, int]] = {}
        at = tag.start(3)
        for found in re.compile(_ODD_ATTRIBUTE if self.is_adopted else _ATTRIBUTE).finditer(tag[3]):
            self.part(PartKind.ATTRIBUTE, at + found.start(), at + found.end(), found[1].lower())
            raw, name = found[3] or "", found[1].lower()
            start, end = at + found.start(1), at + found.end()
            inner = (at + found.start(3) + 1, at + found.end(3) - 1)
            if raw[:1] in ('"', "'"):
                quoted.append(inner)
                raw = raw[1:-1]
            value = unescape(raw)
            values.setdefault(name, (value, start, end))
            self.attribute(element, name, value, start, end)
            self.filled(name, inner)
        self.element(element, values, tag)
        return quoted

    def filled(self, name: str, inner: tuple[int, int]) -> None:
        """Judge what is filled in into an attribute."""
        level = 0
        for place, (stop, mark) in self.marks_in(*inner):
            written = self.text[place:stop]
            message = ""
            if mark is Mark.SWITCH:
                level += -1 if written.startswith("{{/") else 1
                if level < 0:
                    message = f"`{written}` ends in the attribute `{name}` what began outside of it"
            if mark in (Mark.HTML, Mark.SCRIPT):
                message = f"`{written}` in the attribute `{name}` could end it and become script"
            elif name == "style" or name.startswith("on") or name in _LOADED:
                if not self.may_load(name, inner, mark):
                    message = f"`{written}` in the attribute `{name}` could become script, or an address"
            elif name in ("href", "xlink:href", *_SENT):
                before, rest = self.around(place, stop, inner)
                is_fixed = re.match(r"https?://[^/]+/|mailto:|#", before, re.IGNORECASE) is not None or (
                    self.is_adopted and name == "href" and leads_to_app(before)
                )
                if mark is Mark.SWITCH or not (is_fixed or (name == "href" and self.may_lead(mark, before, rest))):
                    message = f"`{written}` at the beginning of an address could lead anywhere"
            if message:
                self.flaw(Harm.SCRIPT, message, place, stop, _BETWEEN)
        if level > 0:
            message = f"what begins in the attribute `{name}` ends outside of it, and can make script of a text"
            self.flaw(Harm.SCRIPT, message, *inner, "end it in the same attribute")

    def may_load(self, name: str, inner: tuple[int, int], mark: Mark) -> bool:
        """Return whether what is filled in names a file in Anki's media, or is a word of a style."""
        if not self.is_adopted or name.startswith("on") or mark not in (Mark.WORD, Mark.FILE, Mark.SWITCH):
            return False
        rest, position = [], inner[0]
        for place, (stop, _) in self.marks_in(*inner):
            rest.append(self.visible[position:place])
            position = stop
        written = "".join((*rest, self.visible[position : inner[1]]))
        if name == "style":
            return mark is not Mark.FILE and not _LOADS.search(written)
        return is_file(written) and "&" not in written

    def around(self, place: int, stop: int, inner: tuple[int, int]) -> tuple[str, str]:
        """Return what stands in an address before a part of it, and behind that."""
        return unescape(self.visible[inner[0] : place]), unescape(self.visible[stop : inner[1]])

    def may_lead(self, mark: Mark, before: str, rest: str) -> bool:
        """Return whether what is filled in at the beginning of a link is an address of the web, or a name beside."""
        is_first = self.is_adopted and not before.strip("x") and _WHOLE_BEGINNING.match(rest) is not None
        return is_first and mark in (Mark.WORD, Mark.FILE, Mark.ADDRESS)

    def attribute(self, element: str, name: str, value: str, start: int, end: int) -> None:
        plain = plain_address(value)
        if name.startswith("on"):
            self.found.handlers.append(value)
            self.flaw(Harm.SCRIPT, f"`{name}` runs a script", start, start + len(name))
        elif name == "srcdoc" or (name == "attributename" and re.search(r"href|^\s*on", value, re.IGNORECASE)):
            self.flaw(Harm.SCRIPT, f"`{name}` can bring a script", start, end)
        elif name == "xml:base":
            self.flaw(Harm.REMOTE, "`xml:base` changes where links lead", start, end)
        elif name == "style":
            self.found.style_attributes.append(value)
            self.style(value, start, end)
        elif name in _PAINTS:
            self.style(value, start, end)
        elif name in _LOADED:
            self.loaded(name, value, start, end)
        elif name in _SENT:
            if plain not in ("", "#"):
                harm = Harm.SCRIPT if _SCRIPTED.match(plain) else Harm.REMOTE
                self.flaw(harm, f"`{name}` sends what a reader types to `{plain[:60]}`", start, end)
        elif name in ("href", "xlink:href"):
            self.href(element, plain, start, end)

    def style(self, value: str, start: int, end: int) -> None:
        for flaw in find_style_flaws(value, has_files=self.is_adopted):
            self.flaw(flaw.harm, flaw.message, start, end)

    def loaded(self, name: str, value: str, start: int, end: int) -> None:
        # A `data:` address has commas of its own: a list of pictures may only hold such.
        addresses = re.split(r",[ \t\n\r\f]+", value) if name.endswith("srcset") else [value]
        for plain in map(plain_address, addresses):
            if _SCRIPTED.match(plain) and not is_picture(plain):
                self.flaw(Harm.SCRIPT, f"`{name}` holds something else than a picture", start, end)
            elif not (is_picture(plain) or (self.is_adopted and is_file(plain))):
                self.flaw(Harm.REMOTE, f"`{name}` loads `{plain[:80]}`", start, end)

    def href(self, element: str, plain: str, start: int, end: int) -> None:
        if element == "base" or (element == "link" and is_picture(plain)):
            return
        if _SCRIPTED.match(plain) and not (element not in ("a", "area") and is_picture(plain)):
            self.flaw(Harm.SCRIPT, f"`{plain[:40]}` runs a script or carries a document", start, end)
        elif element in ("a", "area"):
            if not (_LINK.match(plain) or (self.is_adopted and leads_to_app(plain))):
                self.flaw(Harm.SCRIPT, f"`{plain[:60]}` is not a web address", start, end)
        elif not plain.startswith("#") and not is_picture(plain):
            self.flaw(Harm.REMOTE, f"`<{element}>` loads `{plain[:80]}`", start, end)

    def element(self, element: str, values: Mapping[str, tuple[str, int, int]], tag: re.Match[str]) -> None:
        """Judge elements that are harmless with some attributes."""
        if tag[1]:
            return
        start, end = tag.span()
        if element == "link":
            relation = values["rel"][0].lower().split() if "rel" in values else []
            if not relation or set(relation) - {"icon", "shortcut"}:
                self.flaw(Harm.SCRIPT, "`<link>` loads something; write styles into a style sheet", start, end)
        elif element == "meta" and "http-equiv" in values:
            content = values["content"][0] if "content" in values else ""
            kind = values["http-equiv"][0].strip().lower()
            if kind == "content-security-policy" and content in self.allowed:
                return
            self.flaw(Harm.SCRIPT, "`<meta http-equiv>` changes how browsers treat the page", start, end)
            if kind == "refresh" and _REFRESH.search(content):
                self.flaw(Harm.REMOTE, "`<meta http-equiv=refresh>` leads to another page", start, end)
        elif element == "base":
            href = plain_address(values["href"][0]) if "href" in values else ""
            if href and not href.startswith("#"):
                self.flaw(Harm.REMOTE, "`<base>` changes where links lead", start, end)


def _read_as_browsers_do(text: str, allowed: Sequence[str]) -> str:
    """Return what a browser's parser finds in HTML that the reader found nothing in: nothing, while both are right."""
    import nh3  # only for templates of a project's own

    names = {name.lower() for name in re.findall(r"<([A-Za-z][^\s/>]*)", text)}
    seen: list[str] = []

    def look(tag: str, attribute: str, value: str) -> str:
        plain = plain_address(value)
        if attribute.startswith("on") or attribute == "srcdoc":
            seen.append(f"a browser finds the attribute `{attribute}` of `<{tag}>` here")
        elif attribute in _ADDRESSES and _SCRIPTED.match(plain) and not is_picture(plain):
            seen.append(f"a browser finds the address `{plain[:40]}` here")
        return value

    def clean(tags: set[str]) -> str:
        return nh3.clean(
            text,
            tags=tags,
            clean_content_tags=set(),
            attributes={},
            generic_attribute_prefixes=set(string.ascii_lowercase) | {"_"},
            attribute_filter=look,
            link_rel=None,
            url_schemes={"javascript", "vbscript", "data", "http", "https", "mailto"},
        )

    refused = (_ACTIVE | _ODD) - {"script"} if allowed else _ACTIVE | _ODD
    if clean(names | refused) != clean(names - refused):
        seen.append("a browser finds an element that runs something here")
    return seen[0] if seen else ""
