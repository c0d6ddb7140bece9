"""What an SVG must not contain: scripts, HTML, what it would load from elsewhere, and work that no drawing needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from cardpress.source.encodings import explain_byte, is_like_ascii, name_declared_encoding
from cardpress.source.media.rasters import find_fault, is_raster, read_embedded
from cardpress.source.media.svg_work import Drawing, TooMuchError
from cardpress.source.templates.css import drop_comments, list_readings
from cardpress.source.templates.style_sheets import Harm, find_style_flaws

_SVG = "http://www.w3.org/2000/svg"
# No drawing program nests deeper. Programs that draw SVG recursively could crash on more.
_MAX_DEPTH = 100
# Bytes. A drawing of this size takes a minute to print.
LARGEST = 8 * 1024 * 1024
# Nobody reads more flaws of one picture, which is best made anew.
_MOST_FLAWS = 20
_ACTIVE = frozenset("script handler listener foreignobject iframe object embed audio video canvas link meta".split())
_SCRIPT = re.compile(r"(?:javascript|vbscript):|data:(?!image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_URL = re.compile(r"url\(\s*+[\"']?+(?!\s*+(?:#|data:))", re.IGNORECASE)
_FETCHED = re.compile(r"@import|//|image-set\(|\bsrc\(", re.IGNORECASE)
# A value that no reading makes an address, a function or a script of, but where an attribute is one of these by itself.
_PLAIN = re.compile(r"[A-Za-z0-9 .,#%+_-]*+\Z")
_NAMING = frozenset(("href", "src", "attributename"))
# A picture in another file, as drawing programs link it.
_FILE = re.compile(r"\s*(?!data:|#)(?:file:|[^:]*\Z)", re.IGNORECASE)
# What a link may lead to. It loads nothing, and every output shows an SVG as a picture, in which no link works.
_LINKED = re.compile(r"(?:https?://|mailto:)")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A problem in an SVG: the diagnostic's code and message, and the bytes `start` to `end` that it is about."""

    code: str
    message: str
    start: int
    end: int
    # What to do, where there is more to say than of any flaw with this code.
    help: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in an SVG: its flaws, and what it takes to print it. `work` is None when it cannot be printed."""

    flaws: tuple[Flaw, ...]
    work: Drawing | None = None


def examine(data: bytes) -> Examined:
    """Return everything in an SVG that could run, loads something or keeps it from being shown, and its work in print.

    There are at most `_MOST_FLAWS` flaws.
    """
    scan = _Scan(data)
    scan.run()
    return Examined(tuple(scan.found), None if scan.found else scan.drawing)


@dataclass(slots=True)
class _Scan:
    data: bytes
    found: list[Flaw] = field(default_factory=list)
    depth: int = 0
    style: list[str] | None = None
    style_at: int = 0
    drawing: Drawing = field(default_factory=Drawing)
    parser: expat.XMLParserType = field(init=False)

    def run(self) -> None:
        declared = name_declared_encoding(self.data)
        if declared and not is_like_ascii(declared):  # browsers would read it otherwise than it is read here
            message = f"this SVG says that it is in {declared}, which not every output reads"
            self.found.append(Flaw("unsupported-media", message, 0, self.data.find(b">") + 1, "save it as UTF-8"))
            return
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction
        try:
            if len(self.data) > LARGEST:
                self.stop(f"this SVG has {len(self.data):,} bytes; {LARGEST:,} are allowed", at=0)
            self.parser.Parse(self.data, True)
            if not self.found:
                self.drawing.weigh()
        except expat.ExpatError as error:
            self.flaw("unsupported-media", *self.explain(error), at_error=True)
        except TooMuchError as error:
            self.flaw("unsupported-media", str(error), at=error.at)
        except _StopError:
            pass

    def explain(self, error: expat.ExpatError) -> tuple[str, str]:
        """Return a message and a help line for what is no XML in UTF-8."""
        declared = name_declared_encoding(self.data)
        try:
            self.data.decode()
        except UnicodeDecodeError as undecoded:
            if declared:
                return f"this SVG is in {declared}, which not every output reads", "save it as UTF-8"
            return explain_byte(self.data, undecoded.start)
        if re.search(rb"(?m)^<{7} ", self.data):
            return "a merge left both sides here", "take one side: `git checkout --ours` or `--theirs`"
        return f"this SVG is not well-formed: {expat.ErrorString(error.code)}", ""

    def flaw(self, code: str, message: str, hint: str = "", *, at_error: bool = False, at: int | None = None) -> None:
        place = self.parser.ErrorByteIndex if at_error else self.parser.CurrentByteIndex
        start = min(max(place if at is None else at, 0), len(self.data))
        end = start + 1 if at_error else self.data.find(b">", start) + 1
        self.found.append(Flaw(code, message, start, max(end, start), hint))

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.depth += 1
        if self.depth == 1 and (namespace, local) != (_SVG, "svg"):
            hint = f'add `xmlns="{_SVG}"` to `<svg`, without which browsers show its text' if name == "svg" else ""
            self.stop(f'the SVG does not begin with `<svg xmlns="{_SVG}">`', hint)
        if self.depth > _MAX_DEPTH:
            self.stop(f"this SVG is nested more than {_MAX_DEPTH} levels deep")
        if local.lower() in _ACTIVE:
            hint = _OF_FOREIGN_OBJECT if local.lower() == "foreignobject" else ""
            self.flaw("unsafe-html", f"`<{local}>` in an SVG could run a script, or carries HTML", hint)
        elif local == "flowRoot":
            hint = "in Inkscape, choose `Text` and `Convert to Text`, and save it as plain SVG"
            self.flaw("unsupported-media", "`<flowRoot>` is a text of Inkscape that no browser shows", hint)
        elif local.lower() == "style":
            self.style, self.style_at = [], self.parser.CurrentByteIndex
        for code, message in _attributes(attributes, is_link=(namespace, local) == (_SVG, "a")):
            linked = any(_FILE.match(value) for key, value in attributes.items() if key.lower().endswith("href"))
            self.flaw(code, message, _OF_LINKED if linked and code == "remote-media" and local == "image" else "")
        self.embedded(attributes)
        if len(self.found) >= _MOST_FLAWS:
            raise _StopError
        self.drawing.start(local, attributes, self.parser.CurrentByteIndex)

    def embedded(self, attributes: Mapping[str, str]) -> None:
        """Look at the pictures that are written into an element."""
        for value in attributes.values():
            if value.lstrip()[:5].lower() == "data:":
                picture = read_embedded(value)
                if not is_raster(picture):
                    continue  # programs that show the drawing show nothing there
                if fault := find_fault(picture):
                    self.flaw("unsupported-media", f"a picture in this SVG {fault}")
                else:
                    self.drawing.add_picture(picture)

    def stop(self, message: str, hint: str = "", *, at: int | None = None) -> None:
        self.flaw("unsupported-media", message, hint, at=at)
        raise _StopError

    def end(self, name: str) -> None:
        self.depth -= 1
        self.drawing.end(self.parser.CurrentByteIndex)
        if self.style is not None and name.rpartition(" ")[2].lower() == "style":
            style = "".join(self.style)
            if _fetches(style):
                self.flaw("remote-media", "the style of this SVG loads something from elsewhere", at=self.style_at)
            self.drawing.add_style(style)
            self.style = None

    def text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)
        else:
            self.drawing.add_text(text)

    def entity(self, name: str, *_: object) -> None:
        hint = (
            "in Illustrator, save without `Preserve Illustrator Editing Capabilities`" if name.startswith("ns_") else ""
        )
        self.flaw("unsafe-html", f"this SVG declares the entity `{name[:40]}`, which can hide anything", hint)
        raise _StopError  # before the parser expands it, perhaps to gigabytes

    def instruction(self, target: str, _: str) -> None:
        self.flaw("remote-media", f"`<?{target[:40]}` in an SVG can load something from elsewhere")
        if len(self.found) >= _MOST_FLAWS:
            raise _StopError


_OF_FOREIGN_OBJECT = (
    "in draw.io, select everything, and untick `Formatted Text` and `Word Wrap` on the tab `Text`; else remove it"
)
_OF_LINKED = "embed the picture: in Inkscape with `Extensions`, `Images`, `Embed Images`; or remove it"


class _StopError(Exception):
    """Raised to stop reading an SVG that cannot be shown."""


def _attributes(attributes: Mapping[str, str], *, is_link: bool) -> Iterator[tuple[str, str]]:
    """Yield what an element's attributes could do. Browsers read many of them as CSS, where escapes hide letters."""
    for name, written in attributes.items():
        local = name.rpartition(" ")[2].lower()
        if _PLAIN.match(written) and local not in _NAMING and not local.startswith("on"):
            continue
        values = [(value, re.sub(r"[\x00-\x20]+", "", value).lower()) for value in list_readings(written)]
        if local.startswith("on") or any(_SCRIPT.search(plain) for _, plain in values):
            yield "unsafe-html", f"`{local[:40]}` in an SVG could run a script"
        elif is_link and local == "href" and all(_LINKED.match(plain) for _, plain in values):
            continue
        elif any(_loads(local, value, plain) for value, plain in values):
            yield "remote-media", f"`{local[:40]}` in an SVG loads something from elsewhere"


def _loads(local: str, value: str, plain: str) -> bool:
    return (
        (local in ("href", "src") and not plain.startswith(("#", "data:")))
        or (local == "attributename" and plain.endswith("href"))
        or (_fetches(value) if local == "style" else _URL.search(plain) is not None)
    )


@lru_cache(maxsize=64)  # the drawings of a deck often have the same one
def _fetches(style: str) -> bool:
    """Return whether a style loads anything, even if escapes or comments disguise it."""
    if any(_FETCHED.search(plain) or _URL.search(plain) for plain in list_readings(drop_comments(style))):
        return True
    # What looks like a comment may stand in a text, and hide nothing from a browser.
    return any(flaw.harm is Harm.REMOTE for flaw in find_style_flaws(style))
