"""Markdown files of questions → a project of interview questions, with their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.answers import write_answer
from cardpress.adopt.drafts import Draft, DraftNote, DraftSection, join_small, make_title, name_words, write_draft
from cardpress.adopt.markdown_questions import read_questions
from cardpress.adopt.media_beside import MediaBeside, list_missing
from cardpress.adopt.page_questions import PageQuestion, QuestionPage
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Value
from cardpress.adopt.written_notes import decode_text
from cardpress.anki.original import OriginalError
from cardpress.disk.reading import list_files, read_if_there
from cardpress.markdown import parse
from cardpress.markdown.tree import has_content
from cardpress.source.yaml.reading import MAX_CHARACTERS
from cardpress.wording import say_count

ENDINGS = (".md", ".markdown")
# Endings of other texts that may have questions.
_OTHER_TEXTS = (".adoc", ".csv", ".docx", ".html", ".ipynb", ".mdx", ".org", ".pdf", ".rst", ".tex", ".tsv", ".txt")
_KIND = "interview"
# Warnings for who writes questions, which those of others cause again and again.
_ADVICE = ("code-too-wide", "near-duplicate-question", "no-source", "uncolored-code", "wide-table")
# Files of a folder that are read, and characters of all of them.
_MOST_FILES, _MOST_CHARACTERS = 2_000, 40_000_000
# Sections that people find their way in.
_MOST_SECTIONS = 100
# Files of repositories that are about the repository, in small letters.
_BESIDE = frozenset("changelog code_of_conduct contributing license pull_request_template security".split())
# Losses of one kind that are told one by one.
_MOST_TOLD = 200


@dataclass(slots=True)
class _Taken:
    """What was taken over of some files."""

    media: MediaBeside
    notes: dict[tuple[str, ...], list[DraftNote]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    files: int = 0

    def add(self, page: QuestionPage, path: str, above: tuple[str, ...]) -> None:
        """Take over the questions of a file. `above` is what all of them stand below."""
        beside = str(PurePosixPath(path).parent)
        self.files += bool(page.questions)
        for question in page.questions:
            self._add(question, "" if beside == "." else beside, above)
        self.losses += [Loss(name_words(words), f"has no answer in {path}") for words in page.unanswered]
        self.losses += [Loss(name_words(words), f"{what} ({path})") for words, what in page.passed]

    def _add(self, question: PageQuestion, beside: str, above: tuple[str, ...]) -> None:
        where = self.media.where = name_words(question.words)
        asked, is_whole = write_answer(question.asked, self.media, beside)
        answer, is_answer_whole = write_answer(question.answer, self.media, beside)
        if not all(has_content(parse(text).blocks) for text in (asked, answer)):
            self.losses.append(Loss(where, "is left out: nothing of it can be shown"))
            return
        if max(len(asked), len(answer)) > MAX_CHARACTERS:
            self.losses.append(Loss(where, f"is left out: a text has at most {MAX_CHARACTERS:,} characters"))
            return
        if not (is_whole and is_answer_whole):
            self.losses.append(Loss(where, "has marks in its text that Markdown cannot set there: its words are kept"))
        values: dict[str, Value] = {"question": asked, "answer": answer}
        if question.sources:
            values["sources"] = [_write_source(address, words) for address, words in question.sources[:50]]
        note = DraftNote(_KIND, values, question.words)
        self.notes.setdefault((*above, *question.above), []).append(note)

    def join(self) -> None:
        """Let questions stand below the first of the headings above them alone: a file of a folder, or its parts."""
        joined: dict[tuple[str, ...], list[DraftNote]] = {}
        for above, notes in self.notes.items():
            joined.setdefault(above[:1], []).extend(notes)
        self.notes = joined


def make_question_project(path: Path, data: bytes, wish: Wish) -> Adopted:
    """Return the project of a Markdown file. Raises OriginalError when it asks nothing."""
    page = read_questions(decode_text(data))
    taken = _Taken(MediaBeside(path.absolute().parent))
    taken.add(page, path.name, ())
    return _make(taken, page.title, f"the Markdown file {path.name}", wish)


def make_folder_project(folder: Path, wish: Wish) -> Adopted:
    """Return the project of a folder with Markdown files. Raises OriginalError when none of them asks anything."""
    names = list_markdown(folder)
    taken = _Taken(MediaBeside(folder.absolute()))
    room = _MOST_CHARACTERS
    for name in names[:_MOST_FILES]:
        try:
            text = decode_text(read_if_there(folder / name, folder) or b"")
            room -= len(text)
            page = read_questions(text) if room > 0 else QuestionPage("", ())
        except OriginalError as error:
            taken.losses.append(Loss(name, f"is left out: {error}"))
            continue
        title = page.title or _name_file(name)
        taken.add(page, name, (title,))
        if not page.questions:
            taken.losses.append(Loss(name, "is left out: no question was found in it"))
    taken.losses += [Loss(name, why) for name, why in _list_skipped(folder)]
    if len(names) > _MOST_FILES or room <= 0:
        taken.losses.append(Loss("", "the folder has more Markdown files than are read"))
    return _make(taken, "", f"the Markdown files of the folder {folder.name}", wish)


def list_markdown(folder: Path) -> tuple[str, ...]:
    """Return the Markdown files of a folder, by their paths in it."""
    names = list_files(folder, folder).files
    return tuple(name for name in names if PurePosixPath(name).suffix.lower() in ENDINGS and not _is_beside(name))


def _list_skipped(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts of a folder that are not read, and why."""
    for name in list_files(folder, folder).files:
        ending = PurePosixPath(name).suffix.lower()
        if ending in ENDINGS and _is_beside(name):
            yield name, "is left out: it is about the repository"
        elif ending in _OTHER_TEXTS:
            yield name, "is left out: it is no Markdown (.md)"


def _is_beside(name: str) -> bool:
    return PurePosixPath(name).stem.lower() in _BESIDE


def _name_file(name: str) -> str:
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem.lower() in ("readme", "index") and path.parent.name else path.stem
    words = stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _make(taken: _Taken, title: str, form: str, wish: Wish) -> Adopted:
    if not taken.notes:
        message = "no question was found: headings that ask, with an answer below, lines `Q:` and `A:`, or `<details>`"
        raise OriginalError(message)
    deck_title = make_title(title, wish.title)
    if len(taken.notes) > _MOST_SECTIONS:
        taken.join()
    sections = join_small(tuple(_list_sections(taken, deck_title)), deck_title)
    draft = Draft(deck_title, sections, advice=_ADVICE)
    count = sum(1 for _ in draft.notes)
    lines = [say_count(count, "question"), f"{say_count(len(sections), 'section')}: {_name_sections(sections)}"]
    if taken.files > 1:
        lines.append(f"from {say_count(taken.files, 'file')}")
    if taken.media.files:
        lines.append(f"{say_count(len(taken.media.files), 'picture')} in source/media/")
    losses = [*_cut(taken.losses), *list_missing(taken.media)]
    return Adopted(
        form=form,
        id=wish.id,
        title=deck_title,
        files=write_draft(draft, wish),
        taken=tuple(lines),
        losses=tuple(losses),
        media=taken.media.files,
        next_steps=("number, level and key points of a question are for you to add: docs/format.md",),
    )


def _cut(losses: Sequence[Loss]) -> Iterator[Loss]:
    yield from losses[:_MOST_TOLD]
    if len(losses) > _MOST_TOLD:
        yield Loss("", f"{len(losses) - _MOST_TOLD:,} more questions or files were left out")


def _list_sections(taken: _Taken, otherwise: str) -> Iterator[DraftSection]:
    """Yield sections, each called by the last heading above its questions, with those before where two are alike."""
    titles = {above: make_title(above[-1] if above else "", otherwise) for above in taken.notes}
    alike = [title.casefold() for title in titles.values()]
    for above, notes in taken.notes.items():
        title = titles[above]
        if alike.count(title.casefold()) > 1 and len(above) > 1:
            title = make_title(" · ".join(above[-2:]), otherwise)
        yield DraftSection(title, tuple(notes))


def _name_sections(sections: Sequence[DraftSection]) -> str:
    more = ", …" if len(sections) > 10 else ""
    return ", ".join(each.title for each in sections[:10]) + more


def _write_source(address: str, words: str) -> Value:
    return address if not words or words == address else {"title": words[:200], "url": address}
