"""A new project: the files that a deck begins with, named after its folder.

They stand in `templates/projects/`: what all decks have in `common/`, and what one kind of deck has in a folder of its
own. `dot-` there begins a name that begins with a dot in the project. `@@id@@` and the like are filled in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cardpress import __version__
from cardpress.disk.new_files import list_beside, write_all_new
from cardpress.disk.reading import list_files, read_file
from cardpress.engine import ROOT
from cardpress.source.bank import Media
from cardpress.source.contents import SCHEMA
from cardpress.source.glyphs import find_missing
from cardpress.source.slugs import NO_DECKS, make_slug
from cardpress.source.source_schema import make_schema
from cardpress.source.templates.loading import load_templates
from cardpress.source.templates.template_files import PROJECTS
from cardpress.source.yaml.syntax import quote

# Files of a new project in whose place another may stand beforehand, which then stays. In small letters, as are
# those below: a file `Readme.md` is one for people, and for some disks.
_OWN = frozenset({"readme.md", ".gitignore", ".gitattributes"})
# What else a folder may hold beforehand: what git, file managers and a new repository on the web put there.
BESIDE = _OWN.union(
    (".git", ".ds_store", "thumbs.db", "desktop.ini", ".directory"),
    (f"{name}{ending}" for name in ("license", "licence", "copying", "unlicense") for ending in ("", ".md", ".txt")),
)

_COMMON = "common"
_DOT = "dot-"
# What is filled in of some projects, and is nothing in others.
_SAID = ("date", "to-whom", "before-release")
_PLACEHOLDER = re.compile(r"@@([a-z-]+)@@")
# Of a name that says nothing in letters, or in none that are printed.
_ID, _TITLE = "my-deck", "My deck"
# Characters. A title that is called so by its folder alone needs no more.
_LONGEST_TITLE = 60
_SIGNS = frozenset(" -'’(),&+!")
# A text that YAML and its readers take for a text as it stands.
_PLAIN = re.compile(r"(?!(?i:yes|no|on|off|true|false|null|y|n)\Z)[A-Za-z][\w()'’,+!-]*(?: [\w()'’,+&!-]+)*")
_MARKDOWN = re.compile(r"([^\w\s,.'’&])")


@dataclass(frozen=True, slots=True)
class NewProject:
    """A new project: its files by their paths in it, and whether its id and title are made from the folder's name."""

    id: str
    title: str
    is_named: bool
    is_titled: bool
    files: Mapping[str, bytes]


def make_project(name: str, template: str, date: str) -> NewProject:
    """Return the project of a deck that is called after its folder's `name`, as it is on a day."""
    skeleton = ROOT / "templates" / PROJECTS / template
    templates, _ = load_templates(ROOT, skeleton)
    deck_id, title = _make_id(name), make_title(name, templates.engine_fonts)
    files = _fill_all((skeleton.with_name(_COMMON), skeleton), deck_id, title, {"date": date})
    files[f"source/{SCHEMA}"] = make_schema(templates.declared.note_types).encode()
    is_named = make_slug(name, "") == deck_id
    is_titled = title != _TITLE or (deck_id == _ID and is_named)
    return NewProject(deck_id, title, is_named, is_titled, dict(sorted(files.items())))


def make_common(deck_id: str, title: str, to_whom: str = "", before_release: str = "") -> Mapping[str, bytes]:
    """Return the files that any project has beside its source, by their paths in it.

    `to_whom` is what its README adds of whom the package is for, where that is not everybody, and `before_release` what
    dist/ holds until the first release, if anything.
    """
    said = {"to-whom": to_whom, "before-release": before_release}
    return _fill_all((ROOT / "templates" / PROJECTS / _COMMON,), deck_id, title, said)


def name_project(name: str) -> tuple[str, str]:
    """Return the id and the title of the deck of a project that is called after its folder's `name`."""
    templates, _ = load_templates(ROOT, None)
    return _make_id(name), make_title(name, templates.engine_fonts)


def _make_id(name: str) -> str:
    """Return the id of the deck of a folder that is called so: never one that names no file on Windows."""
    made = make_slug(name, _ID)
    return f"{made}-deck" if made in NO_DECKS else made


def write_project(folder: Path, project: NewProject) -> tuple[str, ...]:
    """Write a project into a folder that is new, or that holds nothing but `BESIDE`. What fails leaves nothing.

    Return the names of the project's files in whose place others stood, which stay. Raises OccupiedError, and OSError
    when the disk fails.
    """
    there = {name.lower() for name in list_beside(folder, BESIDE)}
    kept = tuple(name for name in project.files if name.lower() in there)
    write_all_new(folder, {name: data for name, data in project.files.items() if name not in kept}, BESIDE)
    return kept


def make_title(name: str, fonts: tuple[Media, ...]) -> str:
    """Return the title of a deck whose folder is called so: `spanish-words` becomes `Spanish words`.

    It has nothing that cards, sheets or Anki's list of decks would show otherwise, and no letter that `fonts` lack.
    """
    kept = "".join(each if _is_kept(each) else " " for each in unicodedata.normalize("NFC", name))
    if " " not in name:
        kept = re.sub(r"-|(?<!\d)\.|\.(?!\d)", " ", kept)
    words = " ".join(kept.split())
    if len(words) > _LONGEST_TITLE:
        words = words[: _LONGEST_TITLE + 1].rpartition(" ")[0] or words[:_LONGEST_TITLE]
    title = re.sub(r"^[^\w(]+|[^\w)!]+$", "", words)
    if not any(map(str.isalpha, title)) or find_missing(title, fonts):
        return _TITLE
    if title.casefold() == "default":  # Anki's own deck
        return "Default deck"
    return title[0].upper() + title[1:] if title == title.lower() else title


def _is_kept(character: str) -> bool:
    return unicodedata.category(character) in ("Lu", "Ll", "Lo", "Lt", "Nd") or character in _SIGNS or character == "."


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a skeleton by the paths that they have in a project."""
    for name in list_files(folder, folder).files:
        if name.endswith(".pyc"):  # what pip makes of snippets where cardpress is installed
            continue
        path = "/".join(re.sub(f"^{_DOT}", ".", part) for part in name.split("/"))
        yield path, read_file(folder / name, folder)


def _fill_all(folders: Iterable[Path], deck_id: str, title: str, said: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of skeletons by the paths that they have in a project. `said` is what else is filled in."""
    values = {
        "id": deck_id,
        "id-in-yaml": _write(deck_id),
        "title-in-yaml": _write(title),
        "title-in-markdown": _MARKDOWN.sub(r"\\\1", title),
        "engine-version": __version__,
        **dict.fromkeys(_SAID, ""),
        **said,
    }
    return {path: _fill(data, values) for folder in folders for path, data in _read(folder)}


def _fill(data: bytes, values: Mapping[str, str]) -> bytes:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], data.decode()).encode()


def _write(value: str) -> str:
    """Return a text as it stands in YAML."""
    return value if _PLAIN.fullmatch(value) else quote(value)
