"""Opens a package: measures its archive, unpacks the collection, and reads the list of media.

Three formats are in use, known by the collection's file: `collection.anki2`, which Anki wrote until 2018 and genanki
writes today; `collection.anki21`, for which Anki asks whether older versions are to read it; `collection.anki21b` of
2022, whose files are compressed once more (zstd) and whose list of media is a Protocol Buffers message. Packages of the
later two have a `collection.anki2`, too, with a note that says to update Anki.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cardpress.anki.packages.names import clean_file_name
from cardpress.anki.packages.protobuf import ProtobufError, read_message, write_bytes, write_number
from cardpress.diagnostics.visible import make_visible

if TYPE_CHECKING:
    from types import ModuleType

# Bytes that a package may unpack to: this much, or as many times its own size, up to the most.
_UNPACKED = 64 * 1024 * 1024
_UNPACKED_TIMES = 10
_MOST_UNPACKED = 1024 * 1024 * 1024
# zstd makes a database smaller than zip does: 20,000 short notes to a twentieth.
_ZSTD_TIMES = 40
# A file of a package: the list of media, and each of them. Decks with a sound for each note have tens of thousands.
_MOST_FILES = 100_000
_MEDIA_LIST = "media"
_MEDIA = re.compile("[0-9]{1,9}")
_SQLITE = b"SQLite format 3\0"
# Where SQLite's file format says how a database is written (its sections 1.3.3 and 1.3.4); 2 is with a second file, the
# write-ahead log, which a package does not have and a database in memory cannot have.
_WRITE_FORMAT = slice(18, 20)
_META = "meta"
# Anki's PackageMetadata has its version as field 1, and 3 stands for the latest that is known here.
_VERSION, _LATEST_VERSION = 1, 3
_CHUNK = 1024 * 1024
# Frames of zstd in a file. Anki writes one.
_MOST_FRAMES = 100
# Fields of Anki's MediaEntries, MediaEntry.
_ENTRIES, _NAME, _SIZE, _SHA1 = 1, 1, 2, 3
_SHA1_BYTES = 20


class PackageError(Exception):
    """A package that cannot be read or imported; the message says why."""


class PackageForm(StrEnum):
    """A format of packages, by the file that has the collection."""

    FIRST = "collection.anki2"
    SECOND = "collection.anki21"
    LATEST = "collection.anki21b"

    @property
    def is_compressed(self) -> bool:
        """Say whether each file is compressed by zstd, too."""
        return self is PackageForm.LATEST


@dataclass(frozen=True, slots=True)
class MediaFile:
    """An entry of the list of media: the file's name as the package has it, and the member that holds it.

    `size` and `digest` are what the latest format says of it: its bytes and their SHA-1.
    """

    name: str
    member: str
    size: int = 0
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """The files of a package that was measured: the collection's database, the list of media, and the archive itself.

    `lost` has the names of media whose files are not in the archive. Nothing in it unpacks to more than `most` bytes.
    """

    form: PackageForm
    database: bytes
    media: tuple[MediaFile, ...]
    lost: tuple[str, ...]
    archive: zipfile.ZipFile
    most: int

    def read(self, file: MediaFile) -> bytes:
        """Return what a media file holds. Raises PackageError when it cannot be unpacked."""
        with _naming_errors():
            data = self.archive.read(file.member)
            return b"".join(_decompress(data, self.most)) if self.form.is_compressed else data


def open_package(package: bytes) -> PackageFiles:
    """Return the files of a package. Raises PackageError when it is none, or unpacks to more than any deck needs."""
    with _naming_errors():
        archive = zipfile.ZipFile(io.BytesIO(package))
        times = _ZSTD_TIMES if PackageForm.LATEST in archive.namelist() else _UNPACKED_TIMES
        most = min(max(_UNPACKED, times * len(package)), _MOST_UNPACKED)
        _check_sizes(archive, most)
        form = _find_form(archive)
        database = archive.read(form.value)
        if form.is_compressed:
            database = b"".join(_decompress(database, most))
        media, lost = _read_media_list(archive, form, most)
        if form.is_compressed:
            _check_compressed(archive, media, most - len(database))
    if not database.startswith(_SQLITE):
        raise PackageError("its collection is not a database")
    return PackageFiles(form, database, media, lost, archive, most)


def pack_files(files: PackageFiles, database: bytes) -> bytes:
    """Return a package of the same format with this database, the files of the list of media, and nothing else.

    Media have the names that Anki would give them, since it takes no package with a name that leads out of its folder.
    """
    named = [(clean_file_name(each.name), each) for each in files.media]
    media = [replace(each, name=name) for name, each in named if name is not None]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as anew:
        if files.form.is_compressed:
            anew.writestr(_META, write_number(_VERSION, _LATEST_VERSION))
            entries = b"".join(write_bytes(_ENTRIES, _write_entry(files, each)) for each in media)
            anew.writestr(files.form.value, _zstd().compress(database))
            anew.writestr(_MEDIA_LIST, _zstd().compress(entries))
        else:
            anew.writestr(files.form.value, database)
            anew.writestr(_MEDIA_LIST, json.dumps({each.member: each.name for each in media}))
        for number, each in enumerate(media):
            # The latest format knows media by their places in the list.
            anew.writestr(str(number) if files.form.is_compressed else each.member, files.archive.read(each.member))
    return made.getvalue()


def prepare_database(database: bytes) -> bytes:
    """Return a database that says of itself that it has no second file, which a package never has."""
    return database[: _WRITE_FORMAT.start] + b"\1\1" + database[_WRITE_FORMAT.stop :]


def _write_entry(files: PackageFiles, file: MediaFile) -> bytes:
    """Return an entry of the latest format's list of media, with the digest that Anki asks for."""
    digest = file.digest
    if len(digest) != _SHA1_BYTES:
        digest = hashlib.sha1(files.read(file), usedforsecurity=False).digest()
    size = write_number(_SIZE, file.size & 0xFFFFFFFF)
    return write_bytes(_NAME, file.name.encode()) + size + write_bytes(_SHA1, digest)


@contextmanager
def _naming_errors() -> Iterator[None]:
    """Raise PackageError for what an archive or a file in it is wrong in."""
    try:
        yield
    # zipfile raises NotImplementedError for an unknown compression, RuntimeError for an encrypted member.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise PackageError(f"it is not a package that can be unpacked ({_say(error)})") from error
    except _zstd().ZstdError as error:
        raise PackageError(f"it is not a package that can be unpacked ({_say(error)})") from error


def _say(error: Exception) -> str:
    """Return the message of an exception in a line, without what a package could have put into it."""
    return make_visible(str(error))[:200]


def _zstd() -> ModuleType:
    """Return the module that knows zstd, which Python has itself from 3.14 on."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _find_form(archive: zipfile.ZipFile) -> PackageForm:
    """Return the latest format of which an archive has the collection, as the others are there for older versions."""
    names = set(archive.namelist())
    if _META in names:
        with suppress(ProtobufError):
            if read_message(archive.read(_META)).number(_VERSION) > _LATEST_VERSION:
                raise PackageError("it is in a format that is newer than any that is known here")
    for form in (PackageForm.LATEST, PackageForm.SECOND, PackageForm.FIRST):
        if form.value in names:
            return form
    raise PackageError("it holds no collection.anki2")


def _check_sizes(archive: zipfile.ZipFile, most: int) -> None:
    """Raise PackageError when an archive unpacks to too much, or to more than it says."""
    files = archive.infolist()
    if len(files) > _MOST_FILES:
        raise PackageError(f"it holds {len(files):,} files; {_MOST_FILES:,} are allowed")
    if sum(file.file_size for file in files) > most:
        raise PackageError(f"it unpacks to more than {most:,} bytes")
    if any(file.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for file in files):
        raise PackageError("it is packed in a way that Anki does not use")
    # Unpacks each file, no further than it says, and compares checksums.
    if broken := archive.testzip():
        raise PackageError(f"`{make_visible(broken[:80])}` in it is damaged, or larger than it says")


def _check_compressed(archive: zipfile.ZipFile, media: Sequence[MediaFile], most: int) -> None:
    """Raise PackageError when media files unpack to more than `most` bytes together, or cannot be unpacked."""
    left = most
    for file in media:
        left -= sum(map(len, _decompress(archive.read(file.member), left)))


def _decompress(data: bytes, most: int) -> Iterator[bytes]:
    """Yield what zstd unpacks, in pieces. Raises PackageError when it is more than `most` bytes, or ends too early."""
    left, rest = most, data
    for _ in range(_MOST_FRAMES):
        decompressor = _zstd().ZstdDecompressor()
        while not decompressor.eof:
            piece = decompressor.decompress(rest, _CHUNK)
            rest = b""
            left -= len(piece)
            if left < 0:
                raise PackageError(f"it unpacks to more than {most:,} bytes")
            if not piece and decompressor.needs_input and not decompressor.eof:
                raise PackageError("a file in it ends too early")
            yield piece
        rest = decompressor.unused_data
        if not rest:
            return
    raise PackageError("a file in it is compressed in too many parts")


def _read_media_list(
    archive: zipfile.ZipFile, form: PackageForm, most: int
) -> tuple[tuple[MediaFile, ...], tuple[str, ...]]:
    """Return the media files that an archive has, and the names of those that it lacks."""
    names = set(archive.namelist())
    if _MEDIA_LIST not in names:
        return (), ()
    data = archive.read(_MEDIA_LIST)
    listed = _read_entries(b"".join(_decompress(data, most))) if form.is_compressed else _read_index(data)
    found = {each.member: each for each in listed if each.member in names}
    return tuple(found.values()), tuple(each.name for each in listed if each.member not in names)


def _read_entries(data: bytes) -> list[MediaFile]:
    """Return the list of the latest format, in which an entry's place is the name of its member."""
    try:
        entries = read_message(data).messages(_ENTRIES)
        return [
            MediaFile(each.text(_NAME), str(place), each.number(_SIZE), each.data(_SHA1))
            for place, each in enumerate(entries)
        ]
    except ProtobufError as error:
        raise PackageError(f"its list of media cannot be read ({error})") from error


def _read_index(data: bytes) -> list[MediaFile]:
    """Return the list of the first two formats, which is JSON."""
    try:
        index = read_json(data.decode() or "{}")
        if not isinstance(index, dict) or not all(isinstance(name, str) for name in index.values()):
            raise ValueError("it is not a list of names")
    except (ValueError, RecursionError) as error:
        raise PackageError(f"its list of media cannot be read ({_say(error)})") from error
    return [MediaFile(name, member) for member, name in index.items() if _MEDIA.fullmatch(member)]


def read_json(text: str) -> Any:
    """Return what JSON holds. Raises ValueError for halves of characters, too, which no file and no page can have."""
    value = json.loads(text)
    if r"\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value
