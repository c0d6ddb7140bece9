"""Reading the files of a project's folder: regular files inside it, none larger than `MAX_BYTES`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import assert_never

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.disk.reading import (
    MAX_BYTES,
    MAX_FILES,
    MAX_LEVELS,
    MAX_NAMES,
    MAX_SOUND_BYTES,
    Listing,
    Refusal,
    UnreadableError,
    list_files,
    read_file,
    resolve_inside,
)
from cardpress.markdown.sounds import is_sound
from cardpress.source import encodings
from cardpress.source.bank import Media


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the project. Reports call it `name`. Symbolic links that lead out of `boundary` are refused."""

    path: Path
    name: str
    boundary: Path
    # What is below it, once that was listed: whoever reads a folder has one list of it.
    _listed: list[Listing] = field(default_factory=list, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, path: Path, name: str, project: Path) -> Folder:
        """Return a folder of a project, which is its own boundary. One that does not exist is empty.

        If it is a link that leads out of the project, none of its files can be read.
        """
        return cls(path, name, resolve_inside(path, project) or project.resolve())

    def sub(self, name: str) -> Folder:
        """Return a subfolder, with the same boundary."""
        return Folder(self.path / name, self.named(name), self.boundary)

    def named(self, name: str) -> str:
        """Return what reports call a file: its path from the project's root, whose own name is empty."""
        return f"{self.name}/{name}" if self.name else name

    def names(self, *suffixes: str) -> tuple[str, ...]:
        """Return the paths of all files below, sorted, with forward slashes and without hidden files.

        With `suffixes`, return only files whose names end in one of them. Some may be files that `read` refuses.
        """
        found = self._list()
        names = sorted((*found.files, *found.refused))
        return tuple(name for name in names if not suffixes or name.lower().endswith(suffixes))

    def _list(self) -> Listing:
        if not self._listed:
            self._listed.append(list_files(self.path, self.boundary))
        return self._listed[0]

    def refused(self) -> Iterator[Diagnostic]:
        """Yield a problem for each file below that is not read, whether or not the deck uses it."""
        found = self._list()
        if not found.is_whole:
            message = f"{self.name}/ holds more than {MAX_FILES:,} files, or folders more than {MAX_LEVELS} levels deep"
            yield self.problem("folder-too-large", "", message, "move what the deck does not use to another folder")
        for name in found.repeated:
            message = f"{self.named(name)} is one of more than {MAX_NAMES} names of the same file"
            yield self.problem("special-file", name, message, "remove the links that the deck can do without")
        for name in found.refused:
            data = self.read(name)
            if isinstance(data, Diagnostic):
                yield data

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes | Diagnostic:
        """Return a file's bytes, or the diagnostic that says why it cannot be read."""
        try:
            data = read_file(self.path / name, self.boundary, limit)
        except UnreadableError as error:
            return self._explain(name, error, limit)
        if encodings.is_pointer(data):
            message = f"{self.named(name)} is a pointer of Git LFS, not the file itself"
            return self.problem("git-lfs-pointer", name, message, "run `git lfs pull`, which downloads it")
        return data

    def _explain(self, name: str, error: UnreadableError, limit: int) -> Diagnostic:
        whole = self.named(name)
        match error.reason:
            case Refusal.OUTSIDE:
                where = f"{self.name.partition('/')[0]}/" if self.name else "the project"
                message = f"{whole} is a link that points outside {where}, or at itself"
                return self.problem("path-outside-source", name, message, "put a copy of the file here")
            case Refusal.MISSING:
                return self.problem("missing-file", name, f"{whole} is not there", f"create {whole}")
            case Refusal.SPECIAL:
                message = f"{whole} is not a regular file, but a folder, a pipe, a socket or a device"
                return self.problem("special-file", name, message, "put a regular file here, or remove it")
            case Refusal.TOO_LARGE:
                message = f"{whole} has {error.size:,} bytes; {limit:,} are allowed"
                return self.problem("file-too-large", name, message, "split it, or shrink it")
            case _:
                assert_never(error.reason)

    def read_text(self, name: str) -> SourceFile | Diagnostic:
        """Return a text file, or the diagnostic that says why it cannot be read.

        It must be UTF-8. A byte order mark is dropped.
        """
        data = self.read(name)
        if isinstance(data, Diagnostic):
            return data
        if encodings.name_wide_encoding(data):
            return self.problem("file-not-utf8", name, *encodings.explain(data, 0))  # without a mark, it would pass
        try:
            return SourceFile(self.named(name), data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8-sig")
            file = SourceFile(self.named(name), before + data[error.start :].decode("utf-8", "replace"))
            span = Span(file, len(before), len(before) + 1)
            return Diagnostic("file-not-utf8", span, *encodings.explain(data, error.start))

    def read_all(self, diagnostics: list[Diagnostic], *suffixes: str, large: Collection[str] = ()) -> dict[str, Media]:
        """Return every file below with one of the suffixes, by name. Report and leave out what cannot be read.

        Sounds may be large, and so may the files that `large` names, such as films that learners have. These may be
        hidden, too: for Anki, a name that begins with a dot is one as any other.
        """
        media = {}
        hidden = {name for name in large if name.startswith(".")}
        if hidden:
            hidden &= {*list_files(self.path, self.boundary, hidden=True).files}
        for name in (*sorted(hidden), *self.names(*suffixes)):
            data = self.read(name, MAX_SOUND_BYTES if is_sound(name) or name in large else MAX_BYTES)
            if isinstance(data, Diagnostic):
                diagnostics.append(data)
            else:
                media[name] = Media(name, data)
        return media

    def problem(self, code: str, name: str, message: str, help_line: str) -> Diagnostic:
        """Return a diagnostic about a file as a whole; its place is the first character."""
        return Diagnostic(code, Span.of_file(self.named(name).rstrip("/")), message, help_line)


# What parts a path, or stands behind a drive.
_PARTS = frozenset("/\\:")


def leaves_folder(name: str) -> bool:
    """Return whether a path, read as POSIX or as Windows does, is absolute or contains `..`."""
    if _PARTS.isdisjoint(name):
        return name == ".."
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    absolute = posix.is_absolute() or windows.is_absolute() or bool(windows.drive) or name.startswith("\\")
    return absolute or ".." in posix.parts or ".." in windows.parts
