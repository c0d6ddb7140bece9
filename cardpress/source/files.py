"""Reading the files of a project's folder: none that lies outside it, and none larger than `MAX_BYTES`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.source.bank import Media

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the project. Reports call it `name`. Symbolic links that lead out of `boundary` are refused."""

    path: Path
    name: str
    boundary: Path

    @classmethod
    def of(cls, path: Path, name: str, boundary: Path | None = None) -> Folder:
        """Return a folder, which is its own boundary unless another is given. One that does not exist is empty."""
        return cls(path, name, (boundary or path).resolve())

    def sub(self, name: str) -> Folder:
        """Return a subfolder, with the same boundary."""
        return Folder(self.path / name, f"{self.name}/{name}", self.boundary)

    def names(self, *suffixes: str) -> tuple[str, ...]:
        """Return the paths of all files below, sorted, with forward slashes and without hidden files.

        With `suffixes`, return only files whose names end in one of them.
        """
        found: list[str] = []
        for folder, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            below = Path(folder).relative_to(self.path).as_posix()
            prefix = "" if below == "." else f"{below}/"
            found += [prefix + name for name in files if not name.startswith(".")]
        return tuple(sorted(name for name in found if not suffixes or name.lower().endswith(suffixes)))

    def holds(self, path: Path) -> bool:
        """Return whether a path is inside the boundary once its symbolic links are followed."""
        try:
            return path.resolve().is_relative_to(self.boundary)
        except (OSError, RuntimeError):  # symbolic links that point at each other
            return False

    def read(self, name: str) -> bytes | Diagnostic:
        """Return a file's bytes, or the diagnostic that says why it cannot be read."""
        path = self.path / name
        if not self.holds(path):
            message = f"{self.name}/{name} is a link that points outside {self.boundary.name}/, or at itself"
            return self.problem("path-outside-source", name, message, "put a copy of the file here")
        if not path.is_file():
            message = f"{self.name}/{name} is not there, or is not a file"
            return self.problem("missing-file", name, message, f"create {self.name}/{name}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"{self.name}/{name} has {size:,} bytes; {MAX_BYTES:,} are allowed"
            return self.problem("file-too-large", name, message, "split it, or shrink it")
        return path.read_bytes()

    def read_text(self, name: str) -> SourceFile | Diagnostic:
        """Return a text file, or the diagnostic that says why it cannot be read.

        It must be UTF-8. A byte order mark is dropped.
        """
        data = self.read(name)
        if isinstance(data, Diagnostic):
            return data
        try:
            return SourceFile.of(f"{self.name}/{name}", data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8-sig")
            file = SourceFile.of(f"{self.name}/{name}", before + data[error.start :].decode("utf-8", "replace"))
            message = f"byte 0x{data[error.start]:02X} is not UTF-8"
            span = Span(file, len(before), len(before) + 1)
            return Diagnostic("file-not-utf8", span, message, "save the file as UTF-8")

    def read_all(self, diagnostics: list[Diagnostic], *suffixes: str) -> dict[str, Media]:
        """Return every file below with one of the suffixes, by name. Report and leave out what cannot be read."""
        media = {}
        for name in self.names(*suffixes):
            data = self.read(name)
            if isinstance(data, Diagnostic):
                diagnostics.append(data)
            else:
                media[name] = Media(name, data)
        return media

    def problem(self, code: str, name: str, message: str, help_line: str) -> Diagnostic:
        """Return a diagnostic about a file as a whole; its place is the first character."""
        return Diagnostic(code, Span.of_file(f"{self.name}/{name}"), message, help_line)


def leaves_folder(name: str) -> bool:
    """Return whether a path, read as POSIX or as Windows does, is absolute or contains `..`."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    absolute = posix.is_absolute() or windows.is_absolute() or bool(windows.drive) or name.startswith("\\")
    return absolute or ".." in posix.parts or ".." in windows.parts
