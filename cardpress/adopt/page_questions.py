"""A question of a Markdown file: the blocks that ask and that answer, without what stands around them in such files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cardpress.adopt.markdown_pages import DONE, HEADINGS, OPEN, flatten, text_of, walk
from cardpress.markdown.html_elements import Element
from cardpress.markdown.web_addresses import is_web_address

# Words on what unfolds an answer, in small letters: those that say so by themselves, and those around them.
_ANSWERS = frozenset(
    "answer answers ans solution solutions antwort lösung respuesta solución réponse ответ 答案 解答".split()
)
_AROUND = frozenset(
    "show view see reveal check click tap press open toggle expand hide to for the me my a an here this full "
    "details explanation hint".split()
)
# What is in no question of a file.
PASSED_TEXT = "is no question: what stands below it is left out"
PASSED_START = "what stands before the first heading or question is left out"
PASSED_EMPTY = "has nothing below it, and is no question"
PASSED_CONTENTS = "is a table of contents, and is left out"
# Questions of one file. Nobody learns more.
MOST_QUESTIONS = 20_000
# Bold lines rank below all headings.
BOLD = 7
NUMBER = re.compile(
    r"\s*(?:Q(?:uestion)?\s*\d{0,4}\s*[.:)\]–-]+\s*|#?\d{1,4}\s*[.):]\s*|#\s*\d{1,4}\s+)", re.IGNORECASE
)
_SOURCES = re.compile(
    r"(?:references?|sources?|links?|further reading|read more|additional (?:links|resources)|resources?|see also|"
    r"quellen|referencias|références|ссылки)\W*",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:answer|ans|a|solution|antwort|respuesta|réponse|ответ)\s*[:.-]*\s*", re.IGNORECASE)
_OPTION = re.compile(r"(?:correct )?(?:answer|ans|solution|antwort|respuesta|réponse)\s*:\s*", re.IGNORECASE)
_ANSWER_BEFORE = re.compile(r"\s*(?:answer|ans|a)\s*[:.]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question of a Markdown file: the headings above it, and the blocks that ask and that answer.

    `made_of` are the blocks of the file that it was made of, as far as that is known.
    """

    above: tuple[str, ...]
    asked: tuple[Element, ...]
    answer: tuple[Element, ...]
    sources: tuple[tuple[str, str], ...] = ()
    made_of: tuple[Element, ...] = ()

    @property
    def words(self) -> str:
        """What it asks, in words."""
        return text_of(self.asked)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The questions of a Markdown file, its title if it has one, and what of it was passed over.

    `unanswered` has what asks and has no answer, `passed` what else is in no question: where it stands, and what it is.
    """

    title: str
    questions: tuple[PageQuestion, ...]
    unanswered: tuple[str, ...] = ()
    passed: tuple[tuple[str, str], ...] = ()


def cut_title(question: PageQuestion, title: tuple[str, ...]) -> PageQuestion:
    """Return a question without the file's title among the headings above it."""
    return replace(question, above=question.above[1:]) if title and question.above[:1] == title else question


def get_rank(block: Element) -> int:
    """Return the level of a heading, that of bold lines for one that is all bold, and 0 for other blocks."""
    if block.tag in HEADINGS:
        return int(block.tag[1])
    inside = [each for each in block.children if not isinstance(each, str) or each.strip()]
    is_bold = (
        block.tag == "p" and len(inside) == 1 and isinstance(inside[0], Element) and inside[0].tag in ("b", "strong")
    )
    return BOLD if is_bold and not any(each.tag == "img" for each in walk(inside)) else 0


def find_summary(details: Element) -> Element | None:
    """Return the line on which somebody clicks to unfold the rest."""
    return next((each for each in details.children if isinstance(each, Element) and each.tag == "summary"), None)


def is_label(words: str, *, of_answer: bool = False) -> bool:
    """Return whether words on what unfolds say nothing but that: `Answer 1`, `Click to see`, "".

    `of_answer` asks whether they say that it is the answer, and no more of one.
    """
    found = {each for each in re.findall(r"\w+", words.lower()) if not each.isdecimal()}
    return found <= _ANSWERS | _AROUND and not (of_answer and found.isdisjoint(_ANSWERS))


def unfold(blocks: Sequence[Element]) -> Iterator[Element]:
    """Yield blocks with all that unfolds in its place, without words such as `Answer` on it."""
    for block in blocks:
        if block.tag == "details":
            summary = find_summary(block)
            words = text_of(summary.children) if summary else ""
            kept = [each for each in block.children if each is not summary]
            if summary and (found := _OPTION.match(words)) and words[found.end() :]:
                yield _as_plain(summary, found.end())
            elif summary and not is_label(words):
                yield make_paragraph(summary.children)
            yield from unfold(list(flatten(kept)))
        elif any(each.tag == "details" for each in walk(block.children)):
            children: list[Element | str] = []
            for child in block.children:
                children += unfold((child,)) if isinstance(child, Element) else (child,)
            yield replace(block, children=children)
        else:
            yield block


def make_paragraph(children: Sequence[Element | str]) -> Element:
    """Return what stands in a line as a paragraph."""
    return Element("p", {}, list(children), has_blocks=True)


def clean(question: PageQuestion) -> PageQuestion:
    """Return a question without its number, and without what only leads around in the file or says `Answer`."""
    asked = [_without_start(each, NUMBER) if index == 0 else each for index, each in enumerate(question.asked)]
    asked = [_as_paragraph(each) if get_rank(each) else each for each in asked]
    answer = [each for each in _unbold_all(list(unfold(question.answer))) if not leads_around(each)]
    while answer and (answer[-1].tag == "hr" or not shows(answer[-1])):
        answer.pop()
    while answer and (answer[0].tag == "hr" or not shows(answer[0])):
        answer.pop(0)
    words = text_of(answer[0].children) if answer else ""
    if answer and get_rank(answer[0]) and _ANSWER.fullmatch(words):
        answer.pop(0)
    elif answer and get_rank(answer[0]) and (found := _OPTION.match(words)):
        answer[0] = make_paragraph([Element("strong", {}, _cut(answer[0].children, found.end())[0])])
    elif answer and answer[0].tag == "p":
        answer[0] = _without_start(answer[0], _ANSWER_BEFORE)
        if not shows(answer[0]):
            answer.pop(0)
    if len(asked) == 1:
        options, answer = _cut_options(answer)
        asked += options
    answer, sources = _cut_sources(answer)
    if answer and all(map(_leads_elsewhere, answer)):
        answer = []
    return PageQuestion(
        question.above,
        tuple(each for each in asked if shows(each) and not leads_around(each)),
        tuple(answer),
        sources,
    )


def _unbold_all(blocks: Sequence[Element]) -> Sequence[Element]:
    """Return blocks without bold letters, where all of them are: what is bold throughout says nothing by it."""
    texts = [each for each in blocks if each.tag != "pre"]
    bold = sum(len(text_of(each.children)) for each in walk(texts) if each.tag in ("b", "strong"))
    code = sum(len(text_of(each.children)) for each in walk(texts) if each.tag == "pre")
    return [_without_bold(each) for each in blocks] if bold * 10 > 9 * (len(text_of(texts)) - code) else blocks


def _without_bold(element: Element) -> Element:
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            inner = _without_bold(child)
            children += inner.children if child.tag in ("b", "strong") else [inner]
        else:
            children.append(child)
    return replace(element, children=children)


def _cut_options(answer: list[Element]) -> tuple[list[Element], list[Element]]:
    """Return the options that stand above the line that says `Answer: B`, or one of which is ticked, and the answer."""
    for index, block in enumerate(answer):
        if block.tag in ("ul", "ol") and (ticked := _list_ticked(block)):
            # What is ticked comes first, then what explains it.
            return [*answer[:index], _without_boxes(block)], [*ticked, *answer[index + 1 :]]
        if index and block.tag == "p" and _OPTION.match(text_of(block.children)):
            break
    for index, block in enumerate(answer[1:], 1):
        words = text_of(block.children)
        if (block.tag == "p" or get_rank(block)) and (found := _OPTION.match(words)):
            rest = [_as_plain(block, found.end())] if len(words) > found.end() else []
            return answer[:index], [*rest, *answer[index + 1 :]]
    return [], answer


def _list_ticked(block: Element) -> list[Element]:
    """Return the entries of a list of options that are ticked: as a list, where they are several."""
    items = [each for each in block.children if isinstance(each, Element)]
    boxes = ["".join(_join(each.children)).lstrip()[:1] for each in items]
    ticked = [_without_boxes(each) for each, box in zip(items, boxes, strict=True) if box == DONE]
    if len(items) < 2 or not ticked or len(ticked) == len(items) or not set(boxes) <= {OPEN, DONE}:
        return []
    if len(ticked) > 1:
        return [Element("ul", {}, list(ticked), has_blocks=True)]
    return list(flatten(ticked[0].children))


def _without_boxes(element: Element) -> Element:
    children = [
        _without_boxes(each) if isinstance(each, Element) else each.replace(OPEN, "").replace(DONE, "")
        for each in element.children
    ]
    return replace(element, children=list(children))


def _as_plain(block: Element, count: int) -> Element:
    """Return a block without its first characters, as a paragraph."""
    return Element("p", {}, _cut(block.children, count)[0], has_blocks=True)


def _leads_elsewhere(block: Element) -> bool:
    """Return whether a block is nothing but links to other files."""
    links = [each for each in walk((block,)) if each.tag == "a"]
    linked = re.sub(r"\W+", "", "".join(text_of(each.children) for each in links))
    is_near = all(not re.match("[a-z]+:", each.attributes.get("href", "")) for each in links)
    if any(each.tag == "img" for each in walk((block,))):
        return False
    return bool(links) and is_near and len(linked) * 10 >= 9 * len(re.sub(r"\W+", "", text_of((block,))))


def shows(block: Element) -> bool:
    """Return whether a block shows anything."""
    return bool(text_of((block,))) or block.tag == "hr" or any(each.tag == "img" for each in walk((block,)))


def _as_paragraph(block: Element) -> Element:
    """Return a heading, or a bold line, as a paragraph of what it says."""
    if block.tag in HEADINGS:
        return Element("p", {}, block.children, has_blocks=True)
    inner = next(each for each in block.children if isinstance(each, Element))
    return Element("p", {}, inner.children, has_blocks=True)


def _without_start(block: Element, pattern: re.Pattern[str]) -> Element:
    """Return a block whose text does not begin with what matches."""
    words = "".join(_join(block.children))
    found = pattern.match(words)
    if not found or found.end() >= len(words.rstrip()):
        return block
    return replace(block, children=_cut(block.children, found.end())[0])


def _join(children: Sequence[Element | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        else:
            yield from _join(child.children)


def _cut(children: Sequence[Element | str], count: int) -> tuple[list[Element | str], int]:
    """Return elements without their first characters, and how many of these are left to cut."""
    kept: list[Element | str] = []
    for child in children:
        if not count:
            kept.append(child)
        elif isinstance(child, str):
            kept.append(child[count:])
            count = max(0, count - len(child))
        else:
            inner, count = _cut(child.children, count)
            kept.append(replace(child, children=inner))
    return kept, count


def leads_around(block: Element) -> bool:
    """Return whether a block only leads elsewhere in the same file, such as back to its top."""
    links = [each for each in walk((block,)) if each.tag == "a"]
    if not links or any(each.tag == "img" for each in walk((block,))):
        return False
    linked = "".join(text_of(each.children) for each in links)
    rest = len(re.sub(r"\W+", "", text_of((block,)))) - len(re.sub(r"\W+", "", linked))
    return rest <= 0 and all(each.attributes.get("href", "#").startswith("#") for each in links)


def _cut_sources(answer: list[Element]) -> tuple[list[Element], tuple[tuple[str, str], ...]]:
    """Return an answer without the links that stand at its end below a heading such as References, and these."""
    for index in range(len(answer) - 1, 0, -1):
        if not get_rank(answer[index]):
            continue
        below = answer[index + 1 :]
        links = [each for block in below for each in walk((block,)) if each.tag == "a"]
        found = tuple((each.attributes.get("href", ""), text_of(each.children)) for each in links)
        is_all = len("".join(words for _, words in found)) * 10 >= 7 * len(text_of(below))
        is_web = all(re.match("https?://", address) and is_web_address(address) for address, _ in found)
        if _SOURCES.fullmatch(text_of(answer[index].children)) and found and is_all and is_web:
            return answer[:index], found
        break
    return answer, ()
