"""Which files of a project's templates/ are used, and what a file is likely to be meant for that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import PurePosixPath

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.source.bank import Bank
from cardpress.source.files import Folder
from cardpress.source.note_types.folders import FOLDER, Declared, is_declaration, name_declaration
from cardpress.source.string_files import FOLDER as STRINGS
from cardpress.source.string_files import is_string_file
from cardpress.source.templates.css import CLASS

# A project's own style: for all cards, and for the page. Ours comes before it.
CARD_STYLE, PAGE_STYLE = "style.css", "web/style.css"
# The parts of the page's style and of its script, in their order: each part of the script after those that it uses.
MATHML_STYLE = "web/formulas.css"
PAGE_STYLES = ("web/page.css", "web/study.css", MATHML_STYLE, "anki/code.css", PAGE_STYLE)
PAGE_SCRIPTS = (
    "web/store.js",
    "web/boxes.js",
    "web/search.js",
    "web/filter.js",
    "web/page.js",
    "web/zoom.js",
    "web/faces.js",
    "web/desk.js",
    "web/study.js",
)
# card.css ends with the place where learners add their own style.
CARD_STYLES = (
    "anki/code.css",
    "anki/typed.css",
    "anki/masks.css",
    "anki/formulas.css",
    "anki/pictures.css",
    "anki/card.css",
    CARD_STYLE,
)
# Those that only cards have on which something is typed, which have a picture with masks, or in a deck with formulas or
# with pictures that can be seen through.
TYPED_STYLE, MASK_STYLE, FORMULA_STYLE, PICTURE_STYLE = CARD_STYLES[1:5]
# The scripts of a card: one for all, and one for those whose answer has a headline.
CARD_SCRIPTS = ("anki/card.js", "anki/headline.js")
PAGE = "web/page.html"
# What shows cards to authors, in `serve`, and what stands around them there: no project has another.
ENGINE_ONLY = ("serve/", "window/")
# What new projects begin with. Nothing in it is a template.
PROJECTS = "projects"

_ONLY_OURS = "remove it: `cardpress serve` looks the same for all projects"

# What may lie beside fonts and templates: licenses, notes, and what file managers write.
_PAPERS = re.compile(
    r"(?:.*[-_. ])?(?:readme|licen[cs]es?|copying|copyright|ofl|notice|authors|fontlog|changelog|thumbs|desktop)"
    r"(?:[-_. ].*)?",
    re.IGNORECASE,
)
# The name of another file in a sheet's template.
_QUOTED_SHEET = re.compile(r"([^\"/\n]*\.typ)\"")
_INCLUDED = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\s+(?:['\"]([^'\"]+)['\"])?")
_HOMES = {
    ".woff2": "web/fonts",
    ".ttf": "print/fonts",
    ".otf": "print/fonts",
}
_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico")
_CARD_TEMPLATES = ("front.html", "back.html")
# A name of a note type, where nobody knows a better one.
_EXAMPLE = "my-word"
# Where card templates were up to version 1.0.
_MOVED = re.compile(r"anki/(interview|recall|cloze)\.(front|back)\.html")
_OTHER_FONTS = (".woff", ".eot", ".ttc", ".otc", ".pfb")


_SITE = "site"
# What to do with any file of these folders that is not used.
_BY_FOLDER = {
    STRINGS: f"texts in a language stand in a file with its tag, such as templates/{STRINGS}/pt-BR.yaml",
    _SITE: f"remove it: the site's front page is ours alone; the page beside it follows templates/{PAGE_STYLE}",
}


def is_page_template(name: str) -> bool:
    """Return whether a file below templates/ is the page's template, or a part of it."""
    return name.startswith("web/") and name.endswith(".html")


def has_own_page(bank: Bank) -> bool:
    """Return whether a project brings a page template of its own."""
    return any(map(is_page_template, bank.own_templates))


def is_of_site(name: str) -> bool:
    """Return whether a file below templates/ is of the site's front page, which is the engine's alone."""
    return name.startswith(f"{_SITE}/")


def is_paper(name: str) -> bool:
    """Return whether a file is for people: a license, a note."""
    return _PAPERS.fullmatch(PurePosixPath(name).name) is not None


def is_engine_only(name: str) -> bool:
    """Return whether a file below templates/ is the engine's own, whose place no project's takes."""
    return name.startswith(ENGINE_ONLY)


def find_unused(
    folder: Folder, ours: Set[str], texts: Mapping[str, SourceFile], declared: Declared, copied: Set[str]
) -> Iterator[Diagnostic]:
    """Yield a problem for each file of a project's templates/ that nothing uses.

    `ours` are the engine's files, and `copied` those that equal them.
    """
    used, names = sorted(_list_used(ours, texts, declared)), frozenset(folder.names())
    for name in sorted(names - copied):
        if old := _MOVED.fullmatch(name):
            message, to = f"templates/{name} is not read any more", f"templates/{FOLDER}/{old[1]}/{old[2]}.html"
            yield folder.problem("moved-template", name, message, f"move it to {to}")
        elif name not in used and not is_paper(name) and not _is_used(name, texts, declared):
            message = f"nothing uses templates/{name}"
            advice = _ONLY_OURS if is_engine_only(name) else _advise(name, used, names)
            yield folder.problem("unused-template", name, message, advice)


def find_replaced_styles(own: Mapping[str, SourceFile], ours: Mapping[str, SourceFile]) -> Iterator[Diagnostic]:
    """Yield a warning for each style sheet in the place of ours that lacks most of what ours has."""
    for name in (*CARD_STYLES, *PAGE_STYLES[:2]):
        if name in own and name in ours:
            needed = set(CLASS.findall(ours[name].text))
            has = needed & set(CLASS.findall(own[name].text))
            if len(has) * 2 < len(needed):
                better = CARD_STYLE if name.startswith("anki/") else PAGE_STYLE
                message = f"templates/{name} replaces ours, and has {len(has)} of its {len(needed)} classes"
                hint = f"to change only some of it, put your rules in templates/{better}, which comes after ours"
                yield Diagnostic("replaced-style", Span(own[name]), message, hint)


def _list_used(ours: Set[str], texts: Mapping[str, SourceFile], declared: Declared) -> set[str]:
    used = {
        *(name for name in ours if not is_of_site(name)),
        CARD_STYLE,
        PAGE_STYLE,
        *PAGE_STYLES,
        *PAGE_SCRIPTS,
        *CARD_STYLES,
        *CARD_SCRIPTS,
        PAGE,
    }
    for kind, note_type in declared.note_types.items():
        used |= {f"{FOLDER}/{kind}/note-type.yaml", f"{FOLDER}/{kind}/style.css"}
        files = (file for card in note_type.cards for file in (card.front, card.back) if file)
        used |= {file.path.removeprefix("templates/") for file in files}
    pages = {name: file.text for name, file in texts.items() if is_page_template(name)}
    included = {name for page in pages.values() for name in _INCLUDED.findall(page)}
    used |= included
    if "" in included:  # a name that is worked out while the page is made can be any
        used |= pages.keys()
    for name, file in texts.items():
        if name.endswith(".typ"):
            used |= {f"print/{other}" for other in _QUOTED_SHEET.findall(file.text) if f"print/{other}" != name}
    return used


def _is_used(name: str, texts: Mapping[str, SourceFile], declared: Declared) -> bool:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if name.startswith("print/fonts/"):
        return suffix in (".ttf", ".otf")
    if name.startswith("web/fonts/"):
        styles = (texts[each].text for each in PAGE_STYLES if each in texts)
        return suffix == ".woff2" and any(f"fonts/{name.removeprefix('web/fonts/')}" in style for style in styles)
    # Where a declaration cannot be read, nobody knows what it names.
    if is_string_file(name):  # whose language is not the deck's is reported when that is known
        return True
    return is_declaration(name) or (path.parent.parent.as_posix() == FOLDER and path.parent.name in declared.broken)


def _send_home(path: PurePosixPath, names: Set[str]) -> str | None:
    """Return the help line for a part of a note type or a language that lies elsewhere, None for any other file."""
    if path.parts[0] == FOLDER and len(path.parts) == 3:
        return None
    if path.parts[0] in _BY_FOLDER:
        return _BY_FOLDER[path.parts[0]]
    kind, suffixes = path.parent.name, (".yaml", ".yml")
    is_declaration_itself = path.name.startswith("note-type.") and path.suffix in suffixes
    is_beside_one = any((path.parent / f"note-type{suffix}").as_posix() in names for suffix in suffixes)
    if is_declaration_itself:
        home = name_declaration(kind) if kind else ""
        return f"move it to {home or f'a folder of its own, such as {name_declaration(_EXAMPLE)}'}"
    if kind and (path.name in _CARD_TEMPLATES or (is_beside_one and path.suffix in (".html", ".css"))):
        return f"move it to templates/{FOLDER}/{kind}/{path.name}"
    if path.name in _CARD_TEMPLATES:
        return f"move it to the folder of its note type, such as templates/{FOLDER}/interview/{path.name}"
    return None


def _advise(name: str, used: Sequence[str], names: Set[str]) -> str:
    """Return the help line: the place that the file is likely to be meant for."""
    path = PurePosixPath(name)
    suffix, folder = path.suffix.lower(), f"templates/{path.parent.as_posix()}"
    by_name = {PurePosixPath(each).name: each for each in reversed(used)}
    close = find_closest(name, used) or by_name.get(find_closest(path.name, by_name) or "", "")
    same = next((each for each in used if each.casefold() == name.casefold()), None)
    known = f"did you mean templates/{same}? Upper and lower case differ" if same else _send_home(path, names)
    if known:
        advice = known
    elif suffix in _HOMES and path.parent.as_posix() != _HOMES[suffix]:
        advice = f"move it to templates/{_HOMES[suffix]}/"
    elif suffix == ".woff2":
        advice = f'use it in templates/{PAGE_STYLE}: `src: url("fonts/{path.name}")`; or remove it'
    elif suffix in _OTHER_FONTS:
        advice = "convert it: the page takes .woff2 in templates/web/fonts/, print .ttf or .otf in source/fonts/"
    elif suffix in _PICTURES:
        advice = "move pictures that questions show to source/media/; in a style sheet, write a `data:` address"
    elif path.parts[0] == FOLDER and len(path.parts) == 3 and suffix == ".css":
        advice = f"rename it to {folder}/style.css"
    elif path.parts[0] == FOLDER and len(path.parts) == 3 and suffix == ".html":
        side = "back" if re.search("back|answer", path.stem, re.IGNORECASE) else "front"
        advice = f"name it in {folder}/note-type.yaml, as in `{side}: {path.name}`; or remove it"
    elif path.parts[0] == FOLDER and suffix in (".yaml", ".yml"):
        kind = path.stem if len(path.parts) == 2 else path.parts[1]
        advice = f"a note type is declared in templates/{FOLDER}/{kind}/note-type.yaml"
    elif by_name.get(path.name, "") in (*CARD_STYLES, *PAGE_STYLES):
        better = CARD_STYLE if by_name[path.name] in CARD_STYLES else PAGE_STYLE
        advice = f"rename it to templates/{better}, which comes after our style"
    elif path.name in by_name:
        advice = f"move it to templates/{by_name[path.name]}"
    elif close and PurePosixPath(close).suffix == suffix:
        advice = f"did you mean templates/{close}?"
    else:
        advice = "remove it, or give it the name of a file of ours that it replaces"
    return advice
