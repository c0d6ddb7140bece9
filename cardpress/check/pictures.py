"""Rules on pictures: they are in source/media/, every output can show them, they have descriptions and run nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.markdown import signs
from cardpress.markdown.tree import Picture
from cardpress.source.bank import Bank, MarkdownText, Media
from cardpress.source.files import leaves_folder
from cardpress.source.kinds import explain
from cardpress.source.media import guess_media_type, sniff
from cardpress.source.svg import Flaw, find_flaws
from cardpress.source.texts import list_markdown_texts

_INSTEAD = {
    "unsafe-html": "remove it; a picture only shows",
    "remote-media": "put it into the file itself, or remove it",
    "unsupported-media": "open the file in a browser, and mend it until it shows",
}
_HELP = "put the file in source/media/ and write its name alone: `![what it shows](picture.svg)`"


def check_pictures(bank: Bank) -> Iterator[Diagnostic]:
    """Every picture in a text is a file of source/media/, and has a description for those who cannot see it."""
    for text in list_markdown_texts(bank):
        if signs.may_hold_pictures(text.value):
            for picture in {node: None for node in text.document.walk() if isinstance(node, Picture)}:
                yield from _picture(bank, text, picture)


def _picture(bank: Bank, text: MarkdownText, picture: Picture) -> Iterator[Diagnostic]:
    place = text.find(picture.name_place)
    name = picture.name
    if re.match(r"(?:[a-z][a-z0-9+.-]+:|//)", name, re.IGNORECASE) and not re.match(
        r"[a-z]:[\\/]", name, re.IGNORECASE
    ):
        yield Diagnostic("remote-media", place, f"`{name[:80]}` is not a file of this deck", _HELP)
    elif leaves_folder(name):
        yield Diagnostic("path-outside-source", place, f"`{name}` leaves source/media/", _HELP)
    elif name not in bank.media and name not in bank.unread_media:
        close = find_closest(name.removeprefix("media/"), bank.media)
        hint = did_you_mean(name, close) if close else f"create source/media/{name}"
        yield Diagnostic("missing-media", place, f"no file source/media/{name}", hint)
    if not picture.description.strip():
        message = "a picture without a description"
        hint = f"say what it shows, for those who cannot see it: `![what it shows]({name})`"
        yield Diagnostic("missing-description", place, message, hint)


def check_picture_files(bank: Bank) -> Iterator[Diagnostic]:
    """Every file of source/media/ is the kind of picture that its name says, and runs and loads nothing."""
    for name, picture in bank.media.items():
        yield from _file(name, picture)


def _file(name: str, picture: Media) -> Iterator[Diagnostic]:
    kind = guess_media_type(name)
    if kind is None or sniff(picture.data) != kind:
        yield Diagnostic("unsupported-media", _whole(name), *explain(name, picture.data))
    elif kind == "image/svg+xml":
        for flaw in find_flaws(picture.data):
            yield Diagnostic(
                flaw.code, _place(name, picture.data, flaw), flaw.message, flaw.help or _INSTEAD[flaw.code]
            )


def _whole(name: str) -> Span:
    return Span.of_file(f"source/media/{name}")


def _place(name: str, data: bytes, flaw: Flaw) -> Span:
    file = SourceFile.of(f"source/media/{name}", data.decode("utf-8", "replace"))
    start = len(data[: flaw.start].decode("utf-8", "replace"))
    return Span(file, start, start + len(data[flaw.start : flaw.end].decode("utf-8", "replace")))
