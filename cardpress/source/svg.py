"""What an SVG must not contain: scripts, HTML, and anything that it would load from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
# No drawing program nests deeper. Programs that draw SVG recursively could crash on more.
_MAX_DEPTH = 100
_ACTIVE = frozenset("script handler listener foreignobject iframe object embed audio video canvas link meta".split())
_SCRIPT = re.compile(r"(?:javascript|vbscript):|data:(?!image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_URL = re.compile(r"url\(\s*+[\"']?+(?!\s*+(?:#|data:))", re.IGNORECASE)
_FETCHED = re.compile(r"@import|//", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A problem in an SVG: the diagnostic's code and message, and the bytes `start` to `end` that it is about."""

    code: str
    message: str
    start: int
    end: int


def find_flaws(data: bytes) -> tuple[Flaw, ...]:
    """Return everything in an SVG that could run, that loads something, or that keeps it from being shown."""
    scan = _Scan(data)
    scan.run()
    return tuple(scan.found)


@dataclass(slots=True)
class _Scan:
    data: bytes
    found: list[Flaw] = field(default_factory=list)
    depth: int = 0
    style: list[str] | None = None
    style_at: int = 0
    parser: expat.XMLParserType = field(init=False)

    def run(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            self.flaw(
                "unsupported-media", f"this SVG is not well-formed: {expat.ErrorString(error.code)}", at_error=True
            )
        except _StopError:
            pass

    def flaw(self, code: str, message: str, *, at_error: bool = False, at: int | None = None) -> None:
        place = self.parser.ErrorByteIndex if at_error else self.parser.CurrentByteIndex
        start = min(max(place if at is None else at, 0), len(self.data))
        end = start + 1 if at_error else self.data.find(b">", start) + 1
        self.found.append(Flaw(code, message, start, max(end, start)))

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.depth += 1
        if self.depth == 1 and (namespace, local) != (_SVG, "svg"):
            self.stop(f'the SVG does not begin with `<svg xmlns="{_SVG}">`')
        if self.depth > _MAX_DEPTH:
            self.stop(f"this SVG is nested more than {_MAX_DEPTH} levels deep")
        if local.lower() in _ACTIVE:
            self.flaw("unsafe-html", f"`<{local}>` in an SVG could run a script, or carries HTML")
        elif local.lower() == "style":
            self.style, self.style_at = [], self.parser.CurrentByteIndex
        for code, message in _attributes(attributes):
            self.flaw(code, message)

    def stop(self, message: str) -> None:
        self.flaw("unsupported-media", message)
        raise _StopError

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.style is not None and name.rpartition(" ")[2].lower() == "style":
            if _fetches("".join(self.style)):
                self.flaw("remote-media", "the style of this SVG loads something from elsewhere", at=self.style_at)
            self.style = None

    def text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def entity(self, name: str, *_: object) -> None:
        self.flaw("unsafe-html", f"this SVG declares the entity `{name}`, which can hide anything")
        raise _StopError  # before the parser expands it, perhaps to gigabytes

    def instruction(self, target: str, _: str) -> None:
        self.flaw("remote-media", f"`<?{target}` in an SVG can load something from elsewhere")


class _StopError(Exception):
    """Raised to stop reading an SVG that cannot be shown."""


def _attributes(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        local = name.rpartition(" ")[2].lower()
        plain = re.sub(r"[\x00-\x20]+", "", value).lower()
        if local.startswith("on") or _SCRIPT.search(plain):
            yield "unsafe-html", f"`{local}` in an SVG could run a script"
        elif (
            (local in ("href", "src") and not plain.startswith(("#", "data:")))
            or (local == "attributename" and plain.endswith("href"))
            or (_fetches(value) if local == "style" else _URL.search(plain))
        ):
            yield "remote-media", f"`{local}` in an SVG loads something from elsewhere"


def _fetches(style: str) -> bool:
    """Return whether a style loads anything, even if escapes or comments disguise it."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    plain = _ESCAPE.sub(lambda escape: chr(min(int(escape[1], 16), 0x10FFFF)), bare)
    return _FETCHED.search(plain) is not None or _URL.search(plain) is not None
