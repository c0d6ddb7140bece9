"""Pictures and sounds that a text names and that lie beside it: found, looked at, and named as a project has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from cardpress.adopt.adopted import Loss
from cardpress.disk.reading import read_if_there
from cardpress.markdown.entities import unescape
from cardpress.markdown.html_elements import Element
from cardpress.markdown.sounds import is_sound
from cardpress.markdown.web_addresses import is_web_address
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.rasters import find_fault
from cardpress.source.media.sounds import find_sound_fault, sniff_sound
from cardpress.source.media.svg import examine
from cardpress.source.slugs import make_slug

# Where programs put the files of a text, from the folder that it lies in.
_FOLDERS = ("", "media", "collection.media", "images", "assets")
# Bytes of all files, and how many.
_MOST_BYTES, _MOST_FILES = 256 * 1024 * 1024, 5_000
_LONGEST_NAME = 1_000
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
_WHY = (
    "which is not there, or cannot be shown or played: its words stand in its place. Put it beside the text and import "
    "once more, to a new folder, or put it into source/media/ and name it in the note"
)
_UNLINKED = "has a link that leads to no address on the web, but to a file or a heading: its words stand in its place"
# Characters of what a link to a picture says.
_LONGEST_WORDS = 200


@dataclass(slots=True)
class MediaBeside:
    """The files that texts of a folder name. `files` has those that were taken, by their names in the project.

    `missing` has the names of those that are not there, and of those that are no picture or sound that can be shown,
    each with the notes that name it: `where` is the one that is looked at.
    """

    folder: Path | None
    files: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, dict[str, None]] = field(default_factory=dict)
    where: str = ""
    # The notes with a link to what is no address on the web.
    unlinked: dict[str, None] = field(default_factory=dict)
    # By the paths below the folder that were looked for, the name in the project.
    found: dict[str, str | None] = field(default_factory=dict)

    def take(self, name: str, beside: str = "") -> str | None:
        """Return the name in the project of a file, None where there is none that can be shown or played.

        `beside` is the folder of the text that names it, as a path below the folder of all texts.
        """
        plain = unquote(unescape(name)).partition("?")[0].partition("#")[0].replace("\\", "/")
        if not plain or len(plain) > _LONGEST_NAME or "\0" in plain:
            return None
        for path in _list_places(plain, beside):
            if path not in self.found:
                self.found[path] = self._read(path)
            if self.found[path] is not None:
                return self.found[path]
        self.missing.setdefault(plain, {}).setdefault(self.where)
        return None

    def _read(self, path: str) -> str | None:
        if self.folder is None or len(self.files) >= _MOST_FILES:
            return None
        data = read_if_there(self.folder / path, self.folder)
        if data is None or not _can_be_shown(path, data):
            return None
        if sum(map(len, self.files.values())) + len(data) > _MOST_BYTES:
            return None
        return self._name(path, data)

    def _name(self, path: str, data: bytes) -> str:
        """Return the name under which the project has a file, which is its own where that is safe anywhere."""
        pure = PurePosixPath(path)
        name = f"{make_slug(pure.stem, 'file')}{pure.suffix.lower()}"
        if name in self.files and self.files[name] != data:
            name = f"{make_slug(pure.stem, 'file')[:40]}-{hashlib.sha256(data).hexdigest()[:8]}{pure.suffix.lower()}"
        self.files[name] = data
        return name


def list_missing(media: MediaBeside) -> Iterator[Loss]:
    """Yield the files and places that texts name and that were not taken, each with a note that names it."""
    for name, notes in media.missing.items():
        for where in notes:
            yield Loss(where, f"names the file {name[:200]}, {_WHY}")
    for where in media.unlinked:
        yield Loss(where, _UNLINKED)


def _list_places(name: str, beside: str) -> Iterator[str]:
    """Yield the paths at which a file may lie, without what leads out of the folder and back."""
    for place in (name,) if name.startswith("/") else (f"{beside}/{each}/{name}" for each in _FOLDERS):
        parts: list[str] = []
        for part in place.split("/"):
            if part == "..":
                if not parts:
                    break
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        else:
            if parts:
                yield "/".join(parts)


def _can_be_shown(name: str, data: bytes) -> bool:
    """Return whether a file is the picture or sound that its name says, whole, and runs nothing."""
    kind = guess_media_type(name.lower())
    if kind is None:
        return False
    if is_sound(name):
        return sniff_sound(data) == kind and find_sound_fault(data) is None
    if sniff(data) != kind:
        return False
    return not examine(data).flaws if kind == "image/svg+xml" else find_fault(data) is None


# --- in elements


def settle(
    children: Sequence[Element | str], media: MediaBeside, beside: str = "", *, in_link: bool = False
) -> list[Element | str]:
    """Return elements whose pictures and sounds are files of the project.

    A picture on the web becomes a link to it, and what is missing its words. A link that leads to no address on the web
    is its words, too.
    """
    settled: list[Element | str] = []
    for child in children:
        if isinstance(child, str):
            settled.append(_settle_sounds(child, media, beside))
        elif child.tag == "img":
            settled.append(_settle_picture(child, media, beside, in_link=in_link))
        else:
            is_link = child.tag == "a"
            inner = settle(child.children, media, beside, in_link=in_link or is_link)
            if is_link and not is_web_address(child.attributes.get("href", "").strip()):
                settled += inner
                media.unlinked.setdefault(media.where)
            else:
                settled.append(replace(child, children=inner))
    return settled


def _settle_sounds(text: str, media: MediaBeside, beside: str) -> str:
    def settle_one(found: re.Match[str]) -> str:
        name = media.take(found[1], beside)
        return f"[sound:{name}]" if name else f"({found[1]})"

    return _SOUND.sub(settle_one, text) if "[sound:" in text else text


def _settle_picture(element: Element, media: MediaBeside, beside: str, *, in_link: bool) -> Element | str:
    address = element.attributes.get("src", "").strip()
    words = (element.attributes.get("alt") or element.attributes.get("title") or "").strip()[:_LONGEST_WORDS]
    if _REMOTE.match(address):
        whole = f"https:{address}" if address.startswith("//") else address
        shown = words or PurePosixPath(unquote(address).partition("?")[0]).name or "picture"
        is_link = not in_link and is_web_address(whole)
        return Element("a", {"href": whole}, [shown[:_LONGEST_WORDS]]) if is_link else shown
    name = media.take(address, beside) if address else None
    if name is None:
        return words or f"({PurePosixPath(unquote(address)).name})"
    described = words or re.sub(r"[\W_]+", " ", PurePosixPath(unquote(address)).stem).strip() or "picture"
    return replace(element, attributes={**element.attributes, "src": name, "alt": described})
