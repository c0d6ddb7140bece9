"""templates/ → Templates: the engine's files, and over them those of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import filterfalse
from pathlib import Path

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.source.bank import Media
from cardpress.source.files import Folder
from cardpress.source.fonts import PRINT_FONT, WEB_FONT, read_fonts
from cardpress.source.note_types.folders import Declared, is_declaration, read_note_types
from cardpress.source.string_files import StringFiles, is_string_file
from cardpress.source.templates.template_files import find_replaced_styles, find_unused, is_engine_only


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


def load_templates(engine: Path, project: Path | None = None) -> tuple[Templates, tuple[Diagnostic, ...]]:
    """Return the templates/ of the engine and of a project, whose files replace the engine's, and the problems found.

    A project that is the engine's own folder is None.
    """
    problems: list[Diagnostic] = []
    ours = _read(_templates_of(engine), problems)
    own = _read(_templates_of(project), problems) if project else _Files({}, {}, {}, {}, {})
    own = replace(own, texts={name: text for name, text in own.texts.items() if not is_engine_only(name)})
    texts = {**ours.texts, **own.texts}
    replaced = {name: ours.texts[name] for name in own.texts if name in ours.texts}
    own_names = frozenset((*own.texts, *own.declarations))
    declared = read_note_types(texts, {**ours.declarations, **own.declarations}, own_names)
    problems += declared.diagnostics
    if project:
        problems += find_unused(_templates_of(project), set(filterfalse(is_engine_only, ours.texts)), texts, declared)
        problems += find_replaced_styles(texts, replaced)
    templates = Templates(
        texts=texts,
        fonts=tuple({**ours.fonts, **own.fonts}.values()),
        web_fonts=tuple({**ours.web_fonts, **own.web_fonts}.values()),
        declared=declared,
        replaced=replaced,
        own=own_names,
        engine_fonts=tuple(ours.fonts.values()),
        strings=StringFiles(ours.strings, own.strings),
    )
    return templates, tuple(problems)


def _templates_of(root: Path) -> Folder:
    return Folder.of(root / "templates", "templates", root)


def _read(folder: Folder, problems: list[Diagnostic]) -> _Files:
    texts: dict[str, SourceFile] = {}
    declarations: dict[str, SourceFile] = {}
    strings: dict[str, SourceFile] = {}
    for name in folder.names(".html", ".css", ".js", ".typ", ".yaml"):
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
    fonts = read_fonts(folder.sub("print").sub("fonts"), PRINT_FONT, problems)
    web_fonts = read_fonts(folder.sub("web").sub("fonts"), WEB_FONT, problems)
    return _Files(texts, declarations, strings, fonts, web_fonts)
