"""Questions in a text by its lines: those that begin with `Q:` and `A:`, and pairs such as `term :: meaning`.

Pairs, and texts with a line `?` between what asks and what answers, are those of the plug-ins for Obsidian.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cardpress.adopt.markdown_pages import list_lines, read_page, text_of
from cardpress.adopt.page_questions import (
    MOST_QUESTIONS,
    PASSED_START,
    PASSED_TEXT,
    PageQuestion,
    QuestionPage,
    clean,
    cut_title,
)
from cardpress.anki.original import OriginalError
from cardpress.markdown.html_elements import Element

# Lines of texts in which each question and each answer has its letter.
_LINE_Q = re.compile(
    r"\s{0,3}(?:[-*+]\s+|#{1,6}\s+)?(\*\*|__)?(?:Q|Question|F|Frage|P|Pregunta)\s?\d{0,4}\s?[:.)]\1?\s*(?=\S)",
    re.IGNORECASE,
)
_LINE_A = re.compile(
    r"\s{0,5}(?:[-*+]\s+)?(\*\*|__)?(?:[AR]\s?\d{0,4}\s?:|(?:Ans|Answer|Antwort|Respuesta)\s?\d{0,4}\s?[:.)])\1?\s*",
    re.IGNORECASE,
)
_LINE_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*")
# A line that asks and answers, and one that stands between what asks and what answers.
_PAIR = re.compile(r"\s*(?:[-*+]\s+|\d{1,4}[.)]\s+)?([^\s:`][^:`]{0,300}?)\s*:{2,3}\s*(\S.*)")
_BETWEEN = re.compile(r"\s*\?{1,2}\s*")
_TAGS = re.compile(r"\s*(?:#[^\W\d_][\w/-]*\s*)+")
# How many of the lines must be pairs.
_MOST = 0.5


def read_lines(text: str) -> QuestionPage | None:
    """Return the questions of a text in which lines ask and answer, None of any other."""
    if _count_letters(text) == 0:
        text = _write_letters(text)
    if _count_letters(text) == 0:
        return None
    page = _read_letters(text)
    return page if page.questions else None


def _write_letters(text: str) -> str:
    """Return a text with `Q:` and `A:` in the place of other signs that part questions from answers, if it has them."""
    lines = [line for line in list_lines(text) if line[1] or not _TAGS.fullmatch(line[0])]
    bare = [line for line, is_code in lines if not is_code and line.strip() and not _LINE_HEADING.fullmatch(line)]
    pairs = sum(bool(_PAIR.fullmatch(line)) for line in bare)
    between = sum(bool(_BETWEEN.fullmatch(line)) for line in bare)
    has_pairs = pairs > 1 and pairs >= _MOST * len(bare)
    if not has_pairs and between < 2:
        return text
    written: list[str] = []
    start = 0  # of the paragraph that the next line belongs to
    letter = ""
    for line, is_code in lines:
        pair = None if is_code or not has_pairs else _PAIR.fullmatch(line)
        if pair:
            written += [f"Q: {pair[1]}", f"A: {pair[2]}", ""]
            start = len(written)
        elif not is_code and _BETWEEN.fullmatch(line) and start < len(written):
            written[start] = f"Q: {written[start].strip()}"
            letter = "A: "
        else:
            written.append(f"{letter}{line.strip()}" if letter and line.strip() else line)
            letter = "" if line.strip() else letter
            if not line.strip() or (not is_code and _LINE_HEADING.fullmatch(line)):
                start = len(written)
    return "\n".join(written)


def asks_by_letters(text: str) -> bool:
    """Return whether a text begins with a line `Q:`, and goes on with one `A:`."""
    return _LINE_Q.match(text.lstrip()) is not None and _count_letters(text) > 0


def _count_letters(text: str) -> int:
    lines = list(list_lines(text))
    asked = sum(bool(_LINE_Q.match(line)) for line, is_code in lines if not is_code)
    answered = sum(bool(_LINE_A.match(line)) for line, is_code in lines if not is_code)
    return min(asked, answered) if answered * 2 >= asked else 0


def _read_letters(text: str) -> QuestionPage:
    """Return the questions of a text in which each line that asks begins with `Q:`, and each answer with `A:`."""
    above: list[tuple[int, str]] = []
    asked: list[str] | None = None
    answer: list[str] | None = None
    found: list[PageQuestion] = []
    lost: list[str] = []
    titles: list[str] = []
    passed: dict[str, None] = {}  # the headings below which something stands that is in no question

    def end() -> None:
        nonlocal asked, answer
        if asked is not None:
            question = PageQuestion(
                tuple(words for _, words in above), _read_part(asked, is_asked=True), _read_part(answer or [])
            )
            question = clean(question)
            if question.asked and question.answer:
                found.append(question)
            elif question.asked:
                lost.append(question.words[:120])
        asked = answer = None

    for line, is_code in list_lines(text):
        heading = None if is_code else _LINE_HEADING.fullmatch(line)
        begins = None if is_code else _LINE_Q.match(line)
        answers = None if is_code or begins or asked is None or answer is not None else _LINE_A.match(line)
        if begins:
            end()
            asked = [_unbold(line[begins.end() :], begins[1])]
        elif heading:
            end()
            level = len(heading[1])
            above = [each for each in above if each[0] < level] + [(level, text_of(read_page(heading[2])))]
            if level == 1:
                titles.append(above[-1][1])
        elif answers:
            answer = [_unbold(line[answers.end() :], answers[1])]
        elif answer is not None:
            answer.append(line)
        elif asked is not None:
            asked.append(line)
        elif line.strip() and not _is_rule(line):
            passed.setdefault(above[-1][1] if above else "")
        if len(found) > MOST_QUESTIONS:
            raise OriginalError(f"a Markdown file with more than {MOST_QUESTIONS:,} questions")
    end()
    title = titles[0] if len(titles) == 1 else ""
    kept = tuple(cut_title(each, (title,) if title else ()) for each in found)
    said = tuple((words, PASSED_TEXT if words else PASSED_START) for words in passed)
    return QuestionPage(title, kept, tuple(lost), said)


def _is_rule(line: str) -> bool:
    """Return whether a line only parts what stands above it from what stands below."""
    return not line.strip().strip("-*_= ")


def _unbold(line: str, mark: str | None) -> str:
    """Return the rest of a line without the mark that ends bold letters, where they began before `Q:`."""
    rest = line.strip()
    return rest.removesuffix(mark) if mark and rest.count(mark) == 1 else rest


def _read_part(lines: Sequence[str], *, is_asked: bool = False) -> tuple[Element, ...]:
    kept = [line for line in lines if line.strip() or not is_asked] if is_asked else list(lines)
    width = min((len(line) - len(line.lstrip(" ")) for line in kept[1:] if line.strip()), default=0)
    return read_page("\n".join([*kept[:1], *(line[width:] for line in kept[1:])]))
