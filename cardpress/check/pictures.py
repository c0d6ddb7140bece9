"""Rules on media: pictures and sounds are in source/media/, and show or play; they are described, and run nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import Suggestions, find_closest
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.markdown import signs
from cardpress.markdown.sounds import is_sound
from cardpress.markdown.tree import Picture, Sound
from cardpress.note_types import Field, Holds
from cardpress.outputs import SHEETS
from cardpress.source.bank import Bank, HtmlText, Media, Text
from cardpress.source.facts import Facts
from cardpress.source.files import leaves_folder
from cardpress.source.media.adopted import find_replaced
from cardpress.source.media.formats import find_file, guess_media_type, sniff
from cardpress.source.media.kinds import explain
from cardpress.source.media.locations import says_where, says_where_heard
from cardpress.source.media.rasters import find_fault, measure
from cardpress.source.media.sounds import find_sound_fault, sniff_sound
from cardpress.source.texts import list_markdown_texts

# What examines drawings is loaded by the functions that need it: of most, their weight is known.
if TYPE_CHECKING:
    from cardpress.source.media.svg import Examined

# Pixels of all pictures of a deck. Printing takes up to 16 bytes for each.
_PIXELS = 64_000_000
_PIXELS_A_BYTE = 16
# What SVGs may take to print, for each sheet: microseconds beyond what their bytes take, and nanoseconds of filters.
_WORK = 2_000_000.0
_FILTERS = 5e9
_INSTEAD = {
    "unsafe-html": "remove it; a picture only shows",
    "remote-media": "put it into the file itself, or remove it",
    "unsupported-media": "open the file in a browser, and mend it until it shows",
}
# Bytes that showing pictures again may take. The page holds a picture in each place where it is shown.
_AGAIN = 128 * 1024 * 1024
# Bytes of all sounds: the package must stay one that can be read back, and the page has them with a third more.
MOST_OF_SOUNDS = 192 * 1024 * 1024
# Bytes of a file that AnkiWeb syncs (MAX_INDIVIDUAL_MEDIA_FILE_SIZE in Anki's rslib/src/media/files.rs).
MOST_FOR_ANKIWEB = 100 * 1024 * 1024
# How other programs say how large a picture is, behind its description.
_SIZE = re.compile(r"\|\s*[0-9]{1,5}(?:x[0-9]{1,5})?\s*\Z")
# A name with the signs around it that show or play the file in a text.
_WRAPPED = (
    re.compile(r"\[sound:(?P<name>[^\[\]]+)\]", re.IGNORECASE),
    re.compile(
        r"<(?:img|audio)\b[^<>]*?\bsrc\s*=\s*(?P<quote>[\"']?)(?P<name>[^\"'<>]+?)(?P=quote)(?:\s[^<>]*)?>(?:</audio>)?",
        re.IGNORECASE,
    ),
    re.compile(r"!?\[[^\[\]]*\]\(<?(?P<name>[^()<>]+)>?\)"),
    re.compile(r"!?\[\[(?P<name>[^\[\]|]+)(?:\|[^\[\]]*)?\]\]"),
)
_PAGE = "page"
_HELP = "put the file in source/media/ and write its name alone: `![what it shows](picture.svg)`"


def check_pictures(bank: Bank) -> Iterator[Diagnostic]:
    """Every picture and sound in a text is a file of source/media/, and is described for who cannot see or hear it."""
    suggestions = Suggestions(bank.media)
    shown: Counter[str] = Counter()
    for text in list_markdown_texts(bank):
        if isinstance(text, HtmlText):
            # What has no name shows nothing.
            for file in (each for each in text.scanned.files if each.name.strip()):
                name = find_file(file.name, bank.media)
                # Its place is looked for where something is wrong: a long text may name thousands of files.
                problems = check_name(bank, name, text.span, suggestions)
                yield from (replace(each, span=text.find(file.place)) for each in problems)
                shown[name] += 1
        elif signs.may_hold_pictures(text.value):
            media = Counter(node for node in text.document.walk() if isinstance(node, Picture | Sound))
            for node, times in media.items():
                yield from check_name(bank, node.name, text.find(node.name_place), suggestions)
                if not node.description.strip():
                    yield _undescribed(node, text.find(node.name_place))
                elif size := _SIZE.search(node.description):
                    message = f"`{size[0]}` is taken for a part of the description: no output has sizes"
                    hint = f"write `![{node.description[: size.start()].strip()}]({node.name})`"
                    yield Diagnostic("unsupported-markdown", text.find(node.place), message, hint)
                shown[node.name] += times
    for note in bank.notes():
        for each, value in note.each(Holds.PICTURE, Holds.AUDIO):
            yield from _field(bank, each, value.name, suggestions)
            shown[value.name.value] += 1
    for name in sorted(shown):
        if name in bank.media and (fault := bank.media[name].fault):
            hint = "the page and the sheets have its name in its place; learners have the file as it was"
            yield Diagnostic("shown-by-anki-alone", _whole(name), fault, hint)
    again = {name: len(bank.media[name].data) * (shown[name] - 1) for name in shown if name in bank.media}
    if sum(again.values()) > _AGAIN and (_PAGE in bank.list_made() or not _is_adopted(bank)):
        name = max(sorted(again), key=again.__getitem__)
        message = (
            f"source/media/{name} has {len(bank.media[name].data):,} bytes and is shown {shown[name]:,} times: "
            f"all media that are shown again take more than {_AGAIN:,} bytes of the page"
        )
        yield Diagnostic("file-too-large", _whole(name), message, "shrink it, or show it in fewer places")


def _is_adopted(bank: Bank) -> bool:
    return bank.history is not None and bool(bank.history.media)


def _field(bank: Bank, holder: Field, name: Text, suggestions: Suggestions) -> Iterator[Diagnostic]:
    """Yield what is wrong with the name that stands in a field for a picture or a sound."""
    problems = tuple(check_name(bank, name.value, name.span, suggestions))
    yield from problems
    wants_sound = holder.holds is Holds.AUDIO
    if not problems and is_sound(name.value) != wants_sound:
        kind, wanted = ("no sound", "a sound") if wants_sound else ("a sound", "a picture")
        message = f"`{name.value}` is {kind}, and `{holder.key}` holds {wanted}"
        hint = f"name {wanted} of source/media/; or let the field hold `{'picture' if wants_sound else 'audio'}`"
        yield Diagnostic("unsupported-media", name.span, message, hint)


def _undescribed(node: Picture | Sound, place: Span) -> Diagnostic:
    if isinstance(node, Sound):
        message, hint = "a sound without a description", "say what is heard, for those who cannot hear it"
        return Diagnostic("missing-description", place, message, f"{hint}: `![how it sounds]({node.name})`")
    message, hint = "a picture without a description", "say what it shows, for those who cannot see it"
    return Diagnostic("missing-description", place, message, f"{hint}: `![what it shows]({node.name})`")


def check_name(bank: Bank, name: str, place: Span, suggestions: Suggestions, how: str = _HELP) -> Iterator[Diagnostic]:
    """Yield what is wrong with the name of a picture; `how` says how to write it."""
    if bank.lacks(name):
        return
    if re.match(r"(?:[a-z][a-z0-9+.-]+:|//)", name, re.IGNORECASE) and not re.match(
        r"[a-z]:[\\/]", name, re.IGNORECASE
    ):
        yield Diagnostic("remote-media", place, f"`{name[:80]}` is not a file of this deck", how)
    elif leaves_folder(name):
        yield Diagnostic("path-outside-source", place, f"`{name}` leaves source/media/", how)
    elif name not in bank.media and name not in bank.unread_media:
        bare = re.sub(r"\A(?:\./)?(?:source/)?media/", "", _unwrap(name))
        if bare != name and bare in bank.media:
            yield Diagnostic("missing-media", place, f"`{name}` is no file of source/media/", f"write `{bare}`")
            return
        close = suggestions.find(bare)
        # Endings and folders are alike in many names.
        if close and find_closest(_get_stem(bare), [_get_stem(close)]) is None:
            close = None
        hint = did_you_mean(name, close) if close else f"create source/media/{bare}"
        if bare != name and bare and not close:
            hint += f", and write its name alone: `{bare}`"
        yield Diagnostic("missing-media", place, f"no file source/media/{name}", hint)


def _unwrap(name: str) -> str:
    """Return the name of a file without what Anki, HTML, Markdown and other programs write around it."""
    found = next((each for pattern in _WRAPPED if (each := pattern.fullmatch(name.strip()))), None)
    return found["name"].strip() if found else name


def _get_stem(name: str) -> str:
    """Return the name of a file without its folder and ending, whatever sign stands between folders."""
    last = re.split(r"[\\/]", name)[-1]
    return last.rpartition(".")[0] or last


def check_picture_files(bank: Bank) -> Iterator[Diagnostic]:
    """Every file of source/media/ is what its name says, can be shown or played, runs nothing, and is no bomb."""
    room = _Room(sum(len(picture.data) for picture in bank.media.values()))
    is_printed = not set(SHEETS).isdisjoint(bank.list_made())
    for name, picture in bank.media.items():
        if not picture.is_adopted or (is_printed and not picture.fault):
            yield from _file(name, picture, room, bank.facts)
    sounds = {name: len(media.data) for name, media in bank.media.items() if is_sound(name)}
    if sum(sounds.values()) > MOST_OF_SOUNDS:
        name = max(sorted(sounds), key=sounds.__getitem__)
        message = (
            f"the sounds of source/media/ have {sum(sounds.values()):,} bytes together, of which "
            f"{MOST_OF_SOUNDS:,} are allowed; source/media/{name} is the largest"
        )
        yield Diagnostic("file-too-large", _whole(name), message, "save them as MP3 with fewer bits a second")


def check_replaced_files(bank: Bank) -> Iterator[Diagnostic]:
    """No file that adopted templates name is another one than learners have: Anki would keep theirs."""
    if bank.history is None:
        return
    for name in find_replaced(bank.media, bank.history, bank.note_types.values()):
        stem, dot, ending = name.rpartition(".")
        other = f"{stem}-2{dot}{ending}" if stem else f"{name}-2"
        message = f"source/media/{name} is another file than learners have, and Anki keeps theirs under its name"
        hint = f"call it {other}, say, and write that in the templates and styles that name it"
        yield Diagnostic("released-file-changed", _whole(name), message, hint)


def check_locations(bank: Bank) -> Iterator[Diagnostic]:
    """No picture or sound says where it was made."""
    for name, media in bank.media.items():
        if (says_where_heard if is_sound(name) else says_where)(media.data):
            made = "recorded" if is_sound(name) else "made"
            message = f"source/media/{name} says where it was {made}, to everybody who gets the deck"
            yield Diagnostic("location-in-file", _whole(name), message, _say_how_to_strip(name))


def _say_how_to_strip(name: str) -> str:
    if is_sound(name):
        return f"take that out, such as with FFmpeg: `ffmpeg -i {name} -map_metadata -1 -c copy new-{name}`"
    if guess_media_type(name) == "image/svg+xml":
        return "remove what says so, most likely in `<metadata>`"
    return f"take that out, such as with ImageMagick: `mogrify -auto-orient -strip {name}`"


@dataclass(slots=True)
class _Room:
    """What all pictures of a deck together may take to print, beyond what their bytes take. It gets less with each."""

    size: int
    pixels: float = field(init=False)
    work: float = _WORK
    filters: float = _FILTERS

    def __post_init__(self) -> None:
        self.pixels = _PIXELS + _PIXELS_A_BYTE * self.size

    def take(self, *, pixels: float = 0.0, work: float = 0.0, filters: float = 0.0) -> bool:
        """Return whether there was room left for a picture."""
        self.pixels -= pixels
        self.work -= work
        self.filters -= filters
        return min(self.pixels, self.work, self.filters) >= 0


def _file(name: str, picture: Media, room: _Room, facts: Facts) -> Iterator[Diagnostic]:
    found = (sniff_sound if is_sound(name) else sniff)(picture.data)
    kind = found if picture.is_adopted else guess_media_type(name)
    if kind is None or found != kind:
        yield Diagnostic("unsupported-media", _whole(name), *explain(name, picture.data))
    elif is_sound(name):
        yield from _sound(name, picture.data)
    elif kind == "image/svg+xml":
        yield from _svg(name, picture.data, room, facts)
    elif fault := find_fault(picture.data):
        hint = "save it anew, with fewer pixels: 2,000 across are more than a card or sheet shows"
        yield Diagnostic("unsupported-media", _whole(name), f"source/media/{name} {fault}", hint)
    elif (raster := measure(picture.data)) and not room.take(pixels=raster.pixels):
        message = f"with source/media/{name} the deck's pictures have more pixels than there is memory to print them"
        hint = f"save pictures with fewer pixels; this one has {raster.width:,} × {raster.height:,}"
        yield Diagnostic("unsupported-media", _whole(name), message, hint)


def _sound(name: str, data: bytes) -> Iterator[Diagnostic]:
    if fault := find_sound_fault(data):
        hint = "put the file here anew, or save the sound anew as MP3"
        yield Diagnostic("unsupported-media", _whole(name), f"source/media/{name} {fault}", hint)
    elif len(data) > MOST_FOR_ANKIWEB:
        message = f"source/media/{name} has {len(data):,} bytes; AnkiWeb takes along no file over 100 MB"
        yield Diagnostic("large-sound", _whole(name), message, "cut it, or save it as MP3 with fewer bits a second")


def _svg(name: str, data: bytes, room: _Room, facts: Facts) -> Iterator[Diagnostic]:
    examined: list[Examined] = []

    def weigh() -> str:
        from cardpress.source.media.svg import examine
        from cardpress.source.media.svg_colors import find_unknown_color

        examined.append(examine(data))
        work = examined[0].work
        is_plain = work is not None and not (work.filters or find_unknown_color(data))
        return f"{work.pixels!r} {work.excess!r}" if work is not None and is_plain else ""

    if weight := _read_weight(facts.find("weight of a plain drawing", (data,), str, weigh)):
        pixels, excess = weight
        if not room.take(pixels=pixels, work=excess):
            yield _too_slow(name, "draw it with fewer elements, or export it as a PNG")
        return
    from cardpress.check.picture_filters import measure_filters
    from cardpress.source.media.svg import examine

    found = examined[0] if examined else examine(data)
    file = SourceFile(f"source/media/{name}", data.decode("utf-8", "replace") if found.flaws else "")
    for flaw in found.flaws:
        yield Diagnostic(
            flaw.code, _place(file, data, flaw.start, flaw.end), flaw.message, flaw.help or _INSTEAD[flaw.code]
        )
    if found.work is None:
        return
    yield from _black(name, data)
    filters = measure_filters(data, found.work) if found.work.filters else 0.0
    hint = (
        "export it as a PNG, or take the filters out"
        if filters
        else "draw it with fewer elements, or export it as a PNG"
    )
    if filters > _FILTERS:
        message = f"the filters of source/media/{name} would take very long to print: they cover too much"
        yield Diagnostic("unsupported-media", _whole(name), message, hint)
    elif not room.take(pixels=found.work.pixels, work=found.work.excess, filters=filters):
        yield _too_slow(name, hint)


def _too_slow(name: str, hint: str) -> Diagnostic:
    message = f"with source/media/{name} the deck's pictures would take very long to print"
    return Diagnostic("unsupported-media", _whole(name), message, hint)


def _read_weight(text: str) -> tuple[float, float] | None:
    """Return how many pixels a drawing has to be printed with, and its work; None for one that is looked at anew."""
    try:
        pixels, excess = map(float, text.split())
    except ValueError:
        return None
    return pixels, excess


def _black(name: str, data: bytes) -> Iterator[Diagnostic]:
    """Yield a warning of the first color that the sheets do not have."""
    from cardpress.source.media.svg_colors import find_unknown_color

    if unknown := find_unknown_color(data):
        color, start, end = unknown
        file = SourceFile(f"source/media/{name}", data.decode("utf-8", "replace"))
        span = _place(file, data, start, end)
        message = f"`{color[:40]}` is a color that sheets do not know: they have black in its place"
        yield Diagnostic("unprintable-picture", span, message, "write the color as `#rrggbb`, or export it as a PNG")


def _place(file: SourceFile, data: bytes, start: int, end: int) -> Span:
    """Return the characters of a file that some of its bytes are."""
    first = len(data[:start].decode("utf-8", "replace"))
    return Span(file, first, first + len(data[start:end].decode("utf-8", "replace")))


def _whole(name: str) -> Span:
    return Span.of_file(f"source/media/{name}")
