"""Tells what a source is, by what it holds and by its name, and lets the reader for it make a project of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress.adopt.adopted import Adopted
from cardpress.adopt.anki_text import read_text_notes
from cardpress.adopt.crowdanki import find_deck_file, read_crowdanki
from cardpress.adopt.drafts import make_title
from cardpress.adopt.lettered_questions import asks_by_letters
from cardpress.adopt.note_lists import make_list_project
from cardpress.adopt.original_projects import make_project
from cardpress.adopt.question_projects import ENDINGS, list_markdown, make_folder_project, make_question_project
from cardpress.adopt.wishes import Wish
from cardpress.adopt.written_notes import decode_text
from cardpress.anki.original import OriginalError
from cardpress.anki.original_package import read_original
from cardpress.disk.reading import MAX_PACKAGE_BYTES, Refusal, UnreadableError, read_file

# What files are called that have no name of their own, in small letters.
_NO_NAMES = frozenset(
    (
        *("all decks", "selected notes", "book1", "sheet1", "mappe1"),
        *"anki cards csv data deck default doc docs export flashcards index list notes quizlet questions".split(),
        *"readme source src table text tsv untitled".split(),
    )
)
# A text that is no list of notes, though it is full of commas.
_DATA = ".json"
_ENDINGS_OF_PROSE = ("", ".txt", ".text")
# What a zip archive begins with, and so a package.
_ZIP = b"PK\x03\x04"
_NO_LANGUAGE = (
    "the words around the questions are English ones: for others, write `language: de` or so into source/deck.yaml"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder that is to be taken over. `data` has the bytes of a file, and is empty for a folder."""

    path: Path
    is_folder: bool
    data: bytes = b""

    @property
    def ending(self) -> str:
        """The ending of its name, in small letters, such as `.csv`."""
        return self.path.suffix.lower()


# A reader: makes a project of a source. Raises OriginalError when it cannot, with the reason in a line.
Reader = Callable[[Source, Wish], Adopted]


def adopt(path: Path, wish: Wish) -> Adopted:
    """Return the project that is made of a file or folder. Raises OriginalError when none can be made of it."""
    source = open_source(path)
    for is_meant, read in _READERS:
        if is_meant(source):
            adopted = read(source, wish)
            steps = adopted.next_steps if wish.language else (*adopted.next_steps, _NO_LANGUAGE)
            return replace(adopted, next_steps=steps)
    raise OriginalError(_SAY_WHAT_IS_READ)


def name_source(path: Path) -> str:
    """Return a title that the name of a file or folder says, "" where it says nothing: `notes.txt`, `README.md`."""
    stem = path.name if path.is_dir() else path.stem
    words = " ".join(re.sub(r"[\W_]+", " ", stem).split())
    is_plain = stem == stem.lower()
    return "" if words.lower() in _NO_NAMES else make_title(words[:1].upper() + words[1:] if is_plain else words, "")


def open_source(path: Path) -> Source:
    """Return a file with its bytes, or a folder. Raises OriginalError when there is neither."""
    if path.is_dir():
        return Source(path, is_folder=True)
    try:
        return Source(path, False, read_file(path, Path(path.absolute().anchor), MAX_PACKAGE_BYTES))
    except UnreadableError as error:
        if error.reason is Refusal.TOO_LARGE:
            raise OriginalError(f"it has more than {MAX_PACKAGE_BYTES:,} bytes") from error
        raise OriginalError("there is no such file or folder") from error


_SAY_WHAT_IS_READ = (
    "it is no Anki package (.apkg), CrowdAnki folder, text that Anki or a spreadsheet exported (.txt, .csv, .tsv), "
    "or Markdown (.md)"
)


def _is_crowdanki(source: Source) -> bool:
    """Return whether a folder is CrowdAnki's, or a file that of such a folder which has the notes."""
    found = find_deck_file(_find_folder(source))
    return found is not None and (source.is_folder or found.name == source.path.name)


def _find_folder(source: Source) -> Path:
    return source.path if source.is_folder else source.path.absolute().parent


def _read_crowdanki(source: Source, wish: Wish) -> Adopted:
    return make_project(read_crowdanki(_find_folder(source)), None, wish)


def _is_package(source: Source) -> bool:
    return source.data.startswith(_ZIP) or source.ending in (".apkg", ".colpkg")


def _read_package(source: Source, wish: Wish) -> Adopted:
    if source.ending == ".colpkg":
        raise OriginalError("a .colpkg is somebody's whole collection; export the deck alone, as .apkg")
    return make_project(read_original(source.data), source.data, wish)


def _is_markdown(source: Source) -> bool:
    return not source.is_folder and source.ending in ENDINGS


def _read_markdown(source: Source, wish: Wish) -> Adopted:
    return make_question_project(source.path, source.data, wish)


def _is_folder_of_markdown(source: Source) -> bool:
    return source.is_folder and bool(list_markdown(source.path))


def _read_folder_of_markdown(source: Source, wish: Wish) -> Adopted:
    return make_folder_project(source.path, wish)


def _is_text(source: Source) -> bool:
    return not source.is_folder and source.ending != _DATA


def _read_text(source: Source, wish: Wish) -> Adopted:
    """Return the project of a list of notes, or of questions and answers in a text without Markdown's ending."""
    if source.ending in _ENDINGS_OF_PROSE and asks_by_letters(decode_text(source.data)):
        return make_question_project(source.path, source.data, wish)
    return make_list_project(source.path, read_text_notes(source.data), wish)


# Each reader, and what says that a source is for it. The first one that is meant reads it: put what is told by content
# before what is told by a name alone.
_READERS: tuple[tuple[Callable[[Source], bool], Reader], ...] = (
    (_is_package, _read_package),
    (_is_crowdanki, _read_crowdanki),
    (_is_markdown, _read_markdown),
    (_is_folder_of_markdown, _read_folder_of_markdown),
    (_is_text, _read_text),
)
