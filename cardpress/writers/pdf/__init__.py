"""Makes the printed sheets that are asked for, with Typst.

Authors' texts reach Typst as data, so it never parses them as markup. Each sheet is always made. What cannot be set as
it is written is replaced by its words, with a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, Span
from cardpress.disk.private import make_private_folder
from cardpress.engine import this_engine
from cardpress.history.digests import digest_file
from cardpress.markdown.sounds import is_sound
from cardpress.memory import give_back_free_memory
from cardpress.outputs import OUTPUTS, Sheet
from cardpress.pdf.keeping import Keep, KeepNothing, KeptJobs
from cardpress.pdf.processes import Workers
from cardpress.pdf.typesetting import FONTS, PACKAGES, SettingError
from cardpress.progress import Count, count_nothing
from cardpress.writers import Course, Written
from cardpress.writers.pdf.boxes import box_missing
from cardpress.writers.pdf.crowding import thin_out
from cardpress.writers.pdf.data import PICTURES, make_print_data, take_pictures
from cardpress.writers.pdf.pictures import shrink_for_sheets, shrink_pictures
from cardpress.writers.pdf.press import AT_A_TIME, Press, is_set_once

# Notes, those below questions too. From so many on, it pays to set sheets in processes of their own.
_MANY = 150
# What takes longest is made first; in another order, a large deck would need more memory.
_ORDER = ("booklet", "recall-cards", "study-notes", "cheatsheet", "flashcards")


def write(deck: Deck, count: Count = count_nothing, keep: Keep | None = None, course: Course | None = None) -> Written:
    """Return each sheet that is asked for and has room for the deck, for each size of paper that it has.

    `keep` has parts of sheets that were made before, and `course` is what other writers are told, and tell.
    """
    keep, course = keep or KeepNothing(), course or Course()
    try:
        return _print(deck, count, keep, course)
    except SettingError as error:
        if deck.fonts == deck.engine_fonts:
            raise
        made = _print(replace(deck, fonts=deck.engine_fonts), count, keep, course)
        return Written(made.artifacts, (_bad_fonts(str(error)), *made.diagnostics))


def _print(deck: Deck, count: Count, keep: Keep, course: Course) -> Written:
    """Return the sheets. Raises SettingError when they cannot be set, which with the engine's fonts they always can."""
    asked = [
        (sheet, papers)
        for sheet in sorted(deck.printed, key=lambda sheet: _ORDER.index(sheet.name))
        for papers in ([sheet.papers] if is_set_once(deck, sheet) else [(paper,) for paper in sheet.papers])
        if papers
    ]
    if not asked:
        return Written(())
    total = sum(len(papers) for _, papers in asked)
    numbers = iter(range(1, total + 1))
    count(0, total, "PDF")  # the first take longest
    with open_press(deck, keep, course) as press:
        course.is_typst_at_work.set()

        def make(sheet: Sheet, papers: tuple[str, ...]) -> Written:
            written = press.make(sheet, papers)
            if press.is_large:
                give_back_free_memory()
            for _ in papers:
                count(next(numbers), total, "PDF")
            return written

        # Typst releases Python's global lock while it works, so two sheets can be made at the same time.
        with ThreadPoolExecutor(press.threads) as pool:
            made = list(pool.map(make, *zip(*asked, strict=True)))
        problems = [*press.problems, *(problem for written in made for problem in written.diagnostics)]
    # Both papers have the same; how long a cheat sheet is depends on the paper, and is said once.
    diagnostics = {each.order if each.code != "long-cheat-sheet" else each.code: each for each in reversed(problems)}
    artifacts = sorted((each for written in made for each in written.artifacts), key=lambda artifact: artifact.name)
    return Written(tuple(artifacts), tuple(reversed(diagnostics.values())))


@contextmanager
def open_press(deck: Deck, keep: Keep | None = None, course: Course | None = None) -> Iterator[Press]:
    """Yield what makes the sheets of a deck, as long as the private folder is there that Typst reads.

    `keep` has what was made before.
    """
    is_large = sum(1 + len(note.recall) for note in deck.notes()) >= _MANY
    workers = Workers(AT_A_TIME) if is_large and deck.fonts == deck.engine_fonts else None
    try:
        with _open_press(deck, keep or KeepNothing(), workers, course or Course()) as press:
            yield press
    finally:
        if workers:
            workers.close()


@contextmanager
def _open_press(deck: Deck, keep: Keep, workers: Workers | None, course: Course) -> Iterator[Press]:
    kinds = [OUTPUTS[sheet.name] for sheet in deck.printed]
    needs_all, of_recall = any(each.needs_all for each in kinds), any(each.of_recall for each in kinds)
    # Sounds are not printed: a sign and their words are in the texts.
    deck = replace(deck, media=tuple(each for each in deck.media if not is_sound(each.name)))
    deck, too_large = shrink_pictures(deck)
    data, crowded = thin_out(make_print_data(deck, for_reading=needs_all, for_recall=of_recall), deck)
    data = box_missing(data, deck.fonts)
    data, pictures = take_pictures(data, deck)
    fitted, smaller = shrink_for_sheets(deck, data, pictures)
    # Fonts are written as the bytes that were read and checked, in the deck's order.
    fonts = {
        f"{FONTS}/{index:04}{PurePosixPath(font.name).suffix.lower()}": font.data
        for index, font in enumerate(deck.fonts)
    }
    files = {name: digest_file(each) for name, each in (fonts | pictures | smaller).items()}
    kept = KeptJobs(keep, this_engine().digest, files, tuple(files[name] for name in sorted(fonts)))
    with make_private_folder((FONTS, PACKAGES, PICTURES), fonts | pictures | smaller) as folder:
        yield Press(deck, data, str(folder), too_large, crowded, fitted, kept, workers, course)


def _bad_fonts(why: str) -> Diagnostic:
    message = f"the fonts of the project cannot be used, and the engine's print the sheets: {why}"
    return Diagnostic("bad-print-font", Span.of_file("source/fonts"), message, "remove the fonts that are not needed")
