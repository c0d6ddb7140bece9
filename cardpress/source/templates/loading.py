"""templates/ → Templates: the engine's files, and over them those of a project."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from itertools import filterfalse
from pathlib import Path

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.source.bank import Media
from cardpress.source.files import Folder
from cardpress.source.fonts import PRINT_FONT, WEB_FONT, read_fonts
from cardpress.source.kept import Kept
from cardpress.source.note_types.folders import Declared, is_declaration, read_note_types
from cardpress.source.string_files import StringFiles, is_string_file
from cardpress.source.templates.template_files import (
    PROJECTS,
    find_replaced_styles,
    find_unused,
    is_engine_only,
)


@dataclass(frozen=True, slots=True)
class Templates:
    """The files of templates/: texts by their path below it, and the fonts of print/fonts/ and web/fonts/ there."""

    texts: Mapping[str, SourceFile]
    fonts: tuple[Media, ...]
    web_fonts: tuple[Media, ...]
    declared: Declared
    # The engine's files that a project's took the place of.
    replaced: Mapping[str, SourceFile]
    # The paths of those that a project brought.
    own: frozenset[str]
    # The fonts of the engine's print/fonts/.
    engine_fonts: tuple[Media, ...]
    # Our own texts in languages, and a project's.
    strings: StringFiles


@dataclass(frozen=True, slots=True)
class _Files:
    """What one templates/ folder holds: texts, declarations and strings by their path, fonts by their name."""

    texts: Mapping[str, SourceFile]
    declarations: Mapping[str, SourceFile]
    strings: Mapping[str, SourceFile]
    fonts: Mapping[str, Media]
    web_fonts: Mapping[str, Media]


def load_templates(
    engine: Path, project: Path | None = None, kept: Kept | None = None
) -> tuple[Templates, tuple[Diagnostic, ...]]:
    """Return the templates/ of the engine and of a project, whose files replace the engine's, and the problems found.

    A project that is the engine's own folder is None. A file of a project that equals ours counts as ours: a clone of
    the engine has all of them. `kept` is what was read before, and decides nothing but how long this takes.
    """
    problems: list[Diagnostic] = []
    ours = _read(_templates_of(engine), problems)
    copied = _find_copies(_templates_of(engine), _templates_of(project)) if project else frozenset()
    own = _read(_templates_of(project), problems, copied) if project else _Files({}, {}, {}, {}, {})
    own = replace(own, texts={name: text for name, text in own.texts.items() if not is_engine_only(name)})
    kept = kept or Kept()
    templates = kept.make_once("templates", (_describe(ours), _describe(own)), lambda: _combine(ours, own))
    problems += templates.declared.diagnostics
    if project:
        known = set(filterfalse(is_engine_only, ours.texts))
        problems += find_unused(_templates_of(project), known, templates.texts, templates.declared, copied)
        problems += find_replaced_styles(templates.texts, templates.replaced)
    return templates, tuple(problems)


def _describe(files: _Files) -> tuple[tuple[str | bytes, ...], ...]:
    """Return the names and contents of files, to see whether they are the same as others."""
    texts = (files.texts, files.declarations, files.strings)
    fonts = (files.fonts, files.web_fonts)
    return (
        *(tuple(part for name, file in each.items() for part in (name, file.text)) for each in texts),
        *(tuple(part for name, font in each.items() for part in (name, font.data)) for each in fonts),
    )


def _combine(ours: _Files, own: _Files) -> Templates:
    """Return the files of the engine, and over them those of a project."""
    texts = {**ours.texts, **own.texts}
    replaced = {name: ours.texts[name] for name in own.texts if name in ours.texts}
    own_names = frozenset((*own.texts, *own.declarations))
    declared = read_note_types(texts, {**ours.declarations, **own.declarations}, own_names)
    return Templates(
        texts=texts,
        fonts=tuple({**ours.fonts, **own.fonts}.values()),
        web_fonts=tuple({**ours.web_fonts, **own.web_fonts}.values()),
        declared=declared,
        replaced=replaced,
        own=own_names,
        engine_fonts=tuple(ours.fonts.values()),
        strings=StringFiles(ours.strings, own.strings),
    )


def _templates_of(root: Path) -> Folder:
    return Folder.of(root / "templates", "templates", root)


def _find_copies(ours: Folder, own: Folder) -> frozenset[str]:
    """Return the names of the files of a project's templates/ that equal those of ours, but for their line ends."""
    return frozenset(
        name for name in {*own.names()} & {*ours.names()} if _read_unix(own, name) == _read_unix(ours, name)
    )


def _read_unix(folder: Folder, name: str) -> bytes | Diagnostic:
    data = folder.read(name)
    return data if isinstance(data, Diagnostic) else data.replace(b"\r\n", b"\n")


def _read(folder: Folder, problems: list[Diagnostic], without: Set[str] = frozenset()) -> _Files:
    """Return the files of a templates/ folder, but for those `without` which it is read."""
    texts: dict[str, SourceFile] = {}
    declarations: dict[str, SourceFile] = {}
    strings: dict[str, SourceFile] = {}
    for name in folder.names(".html", ".css", ".js", ".typ", ".yaml"):
        if name in without or name.startswith(f"{PROJECTS}/"):
            continue
        if name.endswith(".yaml") and not (is_declaration(name) or is_string_file(name)):
            continue
        file = folder.read_text(name)
        if isinstance(file, Diagnostic):
            problems.append(file)
        elif is_string_file(name):
            strings[name] = file
        elif name.endswith(".yaml"):
            declarations[name] = file
        else:
            texts[name] = file
    problems.extend(folder.refused())
    found = []
    for place, kind in (("print/fonts", PRINT_FONT), ("web/fonts", WEB_FONT)):
        fonts = read_fonts(folder.sub(place), kind, problems)
        found.append({name: font for name, font in fonts.items() if f"{place}/{name}" not in without})
    return _Files(texts, declarations, strings, *found)
