"""Reads the files of a project's folder: never outside it, never more than a file may hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.source.bank import Media

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the project, by the name that reports give it. Links that leave `boundary` are refused."""

    path: Path
    name: str
    boundary: Path

    @classmethod
    def of(cls, path: Path, name: str, boundary: Path | None = None) -> Folder:
        """Open a folder; without a boundary it is its own. It need not exist: then it is empty."""
        return cls(path, name, (boundary or path).resolve())

    def sub(self, name: str) -> Folder:
        """Open a folder below, with the same boundary."""
        return Folder(self.path / name, f"{self.name}/{name}", self.boundary)

    def names(self, *suffixes: str) -> tuple[str, ...]:
        """List the files below, sorted, as paths with forward slashes. Hidden files do not count."""
        found = (path.relative_to(self.path) for path in self.path.rglob("*") if not path.is_dir())
        visible = (path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))
        return tuple(sorted(name for name in visible if not suffixes or name.lower().endswith(suffixes)))

    def holds(self, path: Path) -> bool:
        """Tell whether a path, once its links are followed, is inside the boundary."""
        try:
            return path.resolve().is_relative_to(self.boundary)
        except (OSError, RuntimeError):  # links that go around in a circle
            return False

    def read(self, name: str) -> bytes | Diagnostic:
        """Give a listed file's bytes, or why it cannot be had."""
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
        """Give a listed text file, which must be UTF-8; a byte order mark is dropped."""
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
        """Read every file below that ends so; those that cannot be read are reported and left out."""
        media = {}
        for name in self.names(*suffixes):
            data = self.read(name)
            if isinstance(data, Diagnostic):
                diagnostics.append(data)
            else:
                media[name] = Media(name, data)
        return media

    def problem(self, code: str, name: str, message: str, help_line: str) -> Diagnostic:
        """Report a file as a whole, at its first character."""
        return Diagnostic(code, Span(SourceFile.of(f"{self.name}/{name}", "")), message, help_line)


def leaves_folder(name: str) -> bool:
    """Tell whether a path, as written on any system, is absolute or climbs out with `..`."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    absolute = posix.is_absolute() or windows.is_absolute() or bool(windows.drive) or name.startswith("\\")
    return absolute or ".." in posix.parts or ".." in windows.parts
