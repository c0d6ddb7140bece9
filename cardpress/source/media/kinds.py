"""What a file is that is not of the kind that its name says, and what to do with it."""

from __future__ import annotations

import re

from cardpress.markdown.sounds import is_sound
from cardpress.source.encodings import name_wide_encoding
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.sounds import sniff_sound

_NAMES = {
    "image/svg+xml": ("an SVG", ".svg"),
    "image/png": ("a PNG", ".png"),
    "image/jpeg": ("a JPEG", ".jpg"),
    "image/gif": ("a GIF", ".gif"),
    "image/webp": ("a WebP picture", ".webp"),
    "audio/mpeg": ("an MP3", ".mp3"),
    "audio/ogg": ("an Ogg sound", ".ogg"),
    "audio/mp4": ("an M4A sound or a film", ".m4a"),
    "audio/wav": ("a WAV", ".wav"),
    "audio/flac": ("a FLAC", ".flac"),
}
_SAVE = "save it as PNG or JPEG"
# First bytes of files that people put here, and what to do.
_OTHERS = (
    (re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE), "an HTML page", "download the file itself"),
    (re.compile(rb"%PDF-"), "a PDF", "save the drawing as SVG"),
    (re.compile(rb"(?s)....ftyp(?:avif|avis)"), "an AVIF picture", _SAVE),
    (re.compile(rb"(?s)....ftyp(?:hei|hev|mif1|msf1)"), "a HEIC picture", _SAVE),
    (re.compile(rb"(?s)....ftyp|\x1aE\xdf\xa3"), "a film", "link to it instead, or save its sound as MP3"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "a TIFF picture", _SAVE),
    (re.compile(rb"BM"), "a BMP picture", _SAVE),
    (re.compile(rb"\x1f\x8b"), "packed (gzip)", "unpack it: `gunzip -S z`; in Inkscape save as plain SVG"),
    (re.compile(rb"FORM....AIF[FC]|\x30\x26\xb2\x75|#!AMR|MThd|\xff[\xf1\xf9]"), "a sound", "save it as MP3"),
    (re.compile(rb"<mxfile"), "a drawing of draw.io", "export it as SVG, without HTML labels"),
    (re.compile(rb"<{7} "), "left by a merge with both sides", "take one side: `git checkout --ours` or `--theirs`"),
)


def explain(name: str, data: bytes) -> tuple[str, str]:
    """Return a message and a help line for a file that is not the picture or sound that its name says."""
    whole, kind = f"source/media/{name}", sniff(data) or sniff_sound(data)
    if not data:
        return f"{whole} is empty", "put the file here anew"
    if kind:
        what, suffix = _NAMES[kind]
        stem = name.rpartition(".")[0] or name
        return f"{whole} is {what}, and not what its name says", f"rename it to {stem}{suffix}"
    wide = name_wide_encoding(data) if guess_media_type(name) == "image/svg+xml" else None
    if wide:
        return f"{whole} is in {wide}, which not every output reads", "save it as UTF-8"
    for pattern, what, hint in _OTHERS:
        if pattern.match(data):
            return f"{whole} is {what}, which cards cannot {'play' if is_sound(name) else 'show'}", hint
    if is_sound(name):
        message = f"{whole} is not an MP3, Ogg, Opus, M4A, WAV or FLAC sound, or not the kind its name says"
        return message, "save it as MP3, which plays everywhere"
    message = f"{whole} is not an SVG, PNG, JPEG, GIF or WebP picture, or not the kind its name says"
    return message, "save it as one of these, with that ending"
