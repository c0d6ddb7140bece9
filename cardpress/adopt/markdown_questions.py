"""A Markdown file of questions and answers, as interview repositories have them → its questions.

Four forms are known: headings that ask, with what stands below them; `<details>`, which unfolds the answer; lines that
begin with `Q:` and `A:`; and bold lines or entries of a list that ask. That form is taken by which most is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from cardpress.adopt.markdown_pages import DONE, HEADINGS, OPEN, check_size, flatten, read_page, text_of, walk, without
from cardpress.anki.original import OriginalError
from cardpress.markdown.html_elements import Element

# How questions begin, in small letters, in languages that such files are in.
_ASKS = re.compile(
    r"(?:what|why|how|when|where|which|who|whose|explain|describe|define|differen|compare|is|are|can|could|does|do|did|"
    r"should|would|name|list|give|tell|write|implement|design|true or false|"
    r"was|wie|warum|wann|welche|wer|wo|erklär|nenne|qué|cómo|cuál|por qué|cuándo|explica|"
    r"quel|comment|pourquoi|qu'|quand|expliquez|o que|como|qual|quais|por que|explique|"
    r"что|как|почему|зачем|какие|какой|чем|когда|для чего|cos|jak|dlaczego|ne|nedir)\b"
    r"|什么|为什么|如何|怎么|何|なぜ|どう",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[?？؟]\s*\W*\Z")
_NUMBER = re.compile(
    r"\s*(?:Q(?:uestion)?\s*\d{0,4}\s*[.:)\]–-]+\s*|#?\d{1,4}\s*[.):]\s*|#\s*\d{1,4}\s+)", re.IGNORECASE
)
_Q = re.compile(r"\s*Q(?:uestion)?\s*\d{0,4}\s*[.:)]", re.IGNORECASE)
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
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
# Words on what unfolds an answer, in small letters.
_UNFOLDS = frozenset(
    "answer answers show answer view answer see answer solution solutions show solution see solution click to expand "
    "click to see answer details explanation hint show hide reveal expand antwort lösung respuesta solución réponse "
    "ответ 答案 解答".split()
)
# Headings of what is no question.
_BESIDE = re.compile(
    r"(?:table of contents?|contents?|index|toc|license|licence|contributing|contributors?|contribution|about|"
    r"acknowledge?ments?|credits|sponsors?|disclaimer|changelog|installation|usage|getting started|"
    r"related (?:topics|questions|interview questions|repositories)|inhalt(?:sverzeichnis)?|índice|оглавление|目录)\W*",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"(?:references?|sources?|links?|further reading|read more|additional (?:links|resources)|resources?|see also|"
    r"quellen|referencias|références|ссылки)\W*",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:answer|ans|a|solution|antwort|respuesta|réponse|ответ)\s*[:.-]*\s*", re.IGNORECASE)
_OPTION = re.compile(r"(?:correct )?(?:answer|ans|solution|antwort|respuesta|réponse)\s*:\s*", re.IGNORECASE)
_ANSWER_BEFORE = re.compile(r"\s*(?:answer|ans|a)\s*[:.]\s*", re.IGNORECASE)
# Bold lines rank below all headings, and count where fewer of these ask.
_BOLD = 7
_FEW = 3
_MOST_QUESTIONS = 20_000


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question of a Markdown file: the headings above it, and the blocks that ask and that answer."""

    above: tuple[str, ...]
    asked: tuple[Element, ...]
    answer: tuple[Element, ...]
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """What it asks, in words."""
        return text_of(self.asked)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The questions of a Markdown file, its title if it has one, and what of it was passed over, a line each."""

    title: str
    questions: tuple[PageQuestion, ...]
    unanswered: tuple[str, ...] = ()


def read_questions(text: str) -> QuestionPage:
    """Return the questions of a Markdown file, none where it asks nothing. Raises OriginalError for what is none."""
    check_size(text)
    if _count_letters(text) > 0:
        page = _read_letters(text)
        if page.questions:
            return page
    blocks = read_page(text)
    title = _find_title(blocks)
    found = _read_blocks(blocks)
    if len(found) > _MOST_QUESTIONS:
        raise OriginalError(f"a Markdown file with {len(found):,} questions; {_MOST_QUESTIONS:,} are allowed")
    questions = [_clean(each) for each in found]
    kept = tuple(each for each in questions if each.asked and each.answer)
    lost = tuple(each.words[:120] for each in questions if each.asked and not each.answer and _asks(each.words))
    above = (title,) if title else ()
    return QuestionPage(title, tuple(_cut_title(each, above) for each in kept), lost)


def _cut_title(question: PageQuestion, title: tuple[str, ...]) -> PageQuestion:
    """Return a question without the file's title among the headings above it."""
    return replace(question, above=question.above[1:]) if title and question.above[:1] == title else question


def _find_title(blocks: Sequence[Element]) -> str:
    """Return the text of the only heading of the first level."""
    first = [each for each in blocks if each.tag == "h1"]
    return text_of(first[0].children) if len(first) == 1 else ""


def _asks(words: str) -> bool:
    """Return whether a text seems to be a question."""
    bare = _NUMBER.sub("", words, count=1)
    return bool(_MARKS.search(words) or _Q.match(words) or _ASKS.match(bare) or (bare != words and len(bare) > 2))


# --- Q: and A:


def asks_by_letters(text: str) -> bool:
    """Return whether a text begins with a line `Q:`, and goes on with one `A:`."""
    return _LINE_Q.match(text.lstrip()) is not None and _count_letters(text) > 0


def _count_letters(text: str) -> int:
    lines = list(_list_lines(text))
    asked = sum(bool(_LINE_Q.match(line)) for line, is_code in lines if not is_code)
    answered = sum(bool(_LINE_A.match(line)) for line, is_code in lines if not is_code)
    return min(asked, answered) if answered * 2 >= asked else 0


def _list_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether each stands in a block of code."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            yield line, True
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        else:
            fence = found[1] if found else ""
            yield line, bool(found)


def _read_letters(text: str) -> QuestionPage:
    """Return the questions of a text in which each line that asks begins with `Q:`, and each answer with `A:`."""
    above: list[tuple[int, str]] = []
    asked: list[str] | None = None
    answer: list[str] | None = None
    found: list[PageQuestion] = []
    lost: list[str] = []
    titles: list[str] = []

    def end() -> None:
        nonlocal asked, answer
        if asked is not None:
            question = PageQuestion(
                tuple(words for _, words in above), _read_part(asked, is_asked=True), _read_part(answer or [])
            )
            question = _clean(question)
            if question.asked and question.answer:
                found.append(question)
            elif question.asked:
                lost.append(question.words[:120])
        asked = answer = None

    for line, is_code in _list_lines(text):
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
        if len(found) > _MOST_QUESTIONS:
            raise OriginalError(f"a Markdown file with more than {_MOST_QUESTIONS:,} questions")
    end()
    title = titles[0] if len(titles) == 1 else ""
    return QuestionPage(title, tuple(_cut_title(each, (title,) if title else ()) for each in found), tuple(lost))


def _unbold(line: str, mark: str | None) -> str:
    """Return the rest of a line without the mark that ends bold letters, where they began before `Q:`."""
    rest = line.strip()
    return rest.removesuffix(mark) if mark and rest.count(mark) == 1 else rest


def _read_part(lines: Sequence[str], *, is_asked: bool = False) -> tuple[Element, ...]:
    kept = [line for line in lines if line.strip() or not is_asked] if is_asked else list(lines)
    width = min((len(line) - len(line.lstrip(" ")) for line in kept[1:] if line.strip()), default=0)
    return read_page("\n".join([*kept[:1], *(line[width:] for line in kept[1:])]))


# --- blocks


def _read_blocks(blocks: Sequence[Element]) -> list[PageQuestion]:
    folded = [each for each in blocks if each.tag == "details"]
    level, count = _choose_level(blocks)
    if folded and len(folded) * 2 >= count:
        return list(_read_folded(blocks, folded))
    items = [each for each in blocks if each.tag in ("ol", "ul")]
    of_lists = [question for each in items for question in _list_entries(each, ())]
    if len(of_lists) > count:
        return list(_read_lists(blocks))
    return list(_read_headings(blocks, level)) if level else []


def _rank(block: Element) -> int:
    """Return the level of a heading, that of bold lines for one that is all bold, and 0 for other blocks."""
    if block.tag in HEADINGS:
        return int(block.tag[1])
    inside = [each for each in block.children if not isinstance(each, str) or each.strip()]
    is_bold = (
        block.tag == "p" and len(inside) == 1 and isinstance(inside[0], Element) and inside[0].tag in ("b", "strong")
    )
    return _BOLD if is_bold and not any(each.tag == "img" for each in walk(inside)) else 0


def _choose_level(blocks: Sequence[Element]) -> tuple[int, int]:
    """Return the level of headings that ask most, 0 for none, and how many of them ask and are answered."""
    asking: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for index, block in enumerate(blocks):
        level = _rank(block)
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if not level or following is None or 0 < _rank(following) <= level or _is_beside(block, blocks, index):
            continue
        words = text_of(block.children)
        answered[level] += 1
        asking[level] += bool(_MARKS.search(words) or _Q.match(words)) if level == _BOLD else _asks(words)
    # Among answers bold lines are headings, too.
    if sum(count for level, count in asking.items() if level != _BOLD) >= _FEW:
        del asking[_BOLD]
    if asking.total():
        level = max(asking, key=lambda each: (asking[each], -each))
        if asking[level]:
            return level, asking[level]
    headings = {level: count for level, count in answered.items() if level != _BOLD and count > 1}
    if not headings:
        return 0, 0
    return max(headings, key=lambda each: (headings[each], each)), 0


def _is_beside(heading: Element, blocks: Sequence[Element], index: int) -> bool:
    """Return whether a heading stands above what is no question, such as a table of contents."""
    words = text_of(heading.children)
    if _BESIDE.fullmatch(words):
        return True
    level = _rank(heading)
    below = list(takewhile(lambda each: not 0 < _rank(each) <= level, blocks[index + 1 : index + 50]))
    links = [each for block in below for each in walk((block,)) if each.tag == "a"]
    inner = sum(each.attributes.get("href", "").startswith("#") for each in links)
    linked = sum(len(text_of(each.children)) for each in links)
    return inner > 2 and inner * 2 > len(links) and linked * 2 > len(text_of(below))


def _read_headings(blocks: Sequence[Element], level: int) -> Iterator[PageQuestion]:
    """Yield the questions that headings of a level ask, with what stands below each."""
    ranks = [_rank(each) for each in blocks]
    own = [index for index, rank in enumerate(ranks) if rank == level]
    words = {index: text_of(blocks[index].children) for index in own}
    lettered = sum(bool(_Q.match(each)) for each in words.values()) * 2 >= len(own)
    numbered = sum(bool(_NUMBER.match(each)) for each in words.values()) * 2 > len(own)
    has_text = {index: _has_text(blocks, index, level) for index in own}
    asks = {
        index: (has_text[index] or _asks(text))
        and not _is_beside(blocks[index], blocks, index)
        and (not lettered or bool(_Q.match(text)))
        and (lettered or not numbered or bool(_NUMBER.match(text) or _MARKS.search(text)))
        for index, text in words.items()
    }
    # Of headings of this level that do not ask, those with nothing below begin a part of the file; others are inside.
    inner = {index for index in own if not asks[index] and (lettered or numbered) and has_text[index]}
    ends = [index for index, rank in enumerate(ranks) if 0 < rank <= level and index not in inner]
    above: list[tuple[int, str]] = []
    for index, following in zip(ends, [*ends[1:], len(blocks)], strict=True):
        rank, text = ranks[index], text_of(blocks[index].children)
        if rank < level or not asks[index]:
            above = [each for each in above if each[0] < rank]
            if not _is_beside(blocks[index], blocks, index):
                above.append((rank, _NUMBER.sub("", text.lstrip("# "), count=1) or text))
        else:
            yield PageQuestion(tuple(each for _, each in above), (blocks[index],), tuple(blocks[index + 1 : following]))


def _has_text(blocks: Sequence[Element], index: int, level: int) -> bool:
    """Return whether something stands below a heading that is no table of contents."""
    if _is_beside(blocks[index], blocks, index):
        return False
    return index + 1 < len(blocks) and not 0 < _rank(blocks[index + 1]) <= level


def _read_folded(blocks: Sequence[Element], folded: Sequence[Element]) -> Iterator[PageQuestion]:
    """Yield the questions whose answers can be unfolded."""
    labels = Counter(text_of(summary.children).lower() for each in folded if (summary := _find_summary(each)))
    above: list[tuple[int, str]] = []
    waiting: list[Element] = []
    for block in blocks:
        rank = _rank(block)
        if block.tag == "details":
            summary = _find_summary(block)
            label = text_of(summary.children) if summary else ""
            inside = tuple(_flat_inside(block, summary))
            is_label = not label or labels[label.lower()] > 1 or set(re.findall(r"\w+", label.lower())) <= _UNFOLDS
            if is_label and waiting:
                heading = waiting[0] if _rank(waiting[0]) else None
                kept = [each for each in above if heading is None or each[0] < _rank(heading)]
                yield PageQuestion(tuple(words for _, words in kept), tuple(waiting), inside)
            elif not is_label and summary:
                above = _add_headings(above, waiting)
                yield PageQuestion(
                    tuple(words for _, words in above), (Element("p", {}, summary.children, True),), inside
                )
            waiting = []
        elif block.tag == "hr":
            above = _add_headings(above, waiting)
            waiting = []
        elif rank and rank != _BOLD:
            above = _add_headings(above, waiting)
            waiting = [block]
        else:
            waiting.append(block)


def _add_headings(above: Sequence[tuple[int, str]], blocks: Sequence[Element]) -> list[tuple[int, str]]:
    found = list(above)
    for block in blocks:
        rank = _rank(block)
        if rank and rank != _BOLD:
            found = [each for each in found if each[0] < rank] + [(rank, text_of(block.children))]
    return found


def _find_summary(details: Element) -> Element | None:
    return next((each for each in details.children if isinstance(each, Element) and each.tag == "summary"), None)


def _flat_inside(details: Element, summary: Element | None) -> Iterator[Element]:
    yield from _flat(without(details, summary) if summary else details)


def _flat(element: Element) -> Iterator[Element]:
    yield from flatten(element.children)


def _read_lists(blocks: Sequence[Element]) -> Iterator[PageQuestion]:
    """Yield the questions that entries of lists ask, with what else stands in each."""
    above: list[tuple[int, str]] = []
    for block in blocks:
        above = _add_headings(above, (block,))
        if block.tag in ("ol", "ul"):
            yield from _list_entries(block, tuple(words for _, words in above))


def _list_entries(element: Element, above: tuple[str, ...]) -> Iterator[PageQuestion]:
    """Yield the questions of a list: entries whose first line asks, or is bold, and that go on behind it."""
    for item in element.children:
        if not isinstance(item, Element) or item.tag != "li":
            continue
        parts = list(_flat(item))
        if not parts or parts[0].tag != "p":
            continue
        asked, rest = _cut_line(parts[0])
        answer = (*((rest,) if rest else ()), *parts[1:])
        words = text_of(asked.children)
        if answer and (_MARKS.search(words) or (_rank(asked) == _BOLD and _asks(words))):
            yield PageQuestion(above, (asked,), answer)


def _cut_line(paragraph: Element) -> tuple[Element, Element | None]:
    """Return the first line of a paragraph, and what stands below it."""
    children = paragraph.children
    for index, each in enumerate(children):
        if isinstance(each, Element) and each.tag == "br":
            return _make(children[:index]), _make(children[index + 1 :])
        if isinstance(each, str) and "\n" in each:
            first, _, rest = each.partition("\n")
            head, below = [*children[:index], first], [rest, *children[index + 1 :]]
            if text_of(head) and text_of(below):
                return _make(head), _make(below)
    return paragraph, None


def _make(children: Sequence[Element | str]) -> Element:
    return Element("p", {}, list(children), has_blocks=True)


# --- what a question and an answer have around them


def _clean(question: PageQuestion) -> PageQuestion:
    """Return a question without its number, and without what only leads around in the file or says `Answer`."""
    asked = [_without_start(each, _NUMBER) if index == 0 else each for index, each in enumerate(question.asked)]
    asked = [_as_paragraph(each) if _rank(each) else each for each in asked]
    answer = [each for each in _unbold_all(question.answer) if not _leads_around(each)]
    while answer and (answer[-1].tag == "hr" or not _shows(answer[-1])):
        answer.pop()
    while answer and (answer[0].tag == "hr" or not _shows(answer[0])):
        answer.pop(0)
    words = text_of(answer[0].children) if answer else ""
    if answer and _rank(answer[0]) and _ANSWER.fullmatch(words):
        answer.pop(0)
    elif answer and _rank(answer[0]) and (found := _OPTION.match(words)):
        answer[0] = _make([Element("strong", {}, _cut(answer[0].children, found.end())[0])])
    elif answer and answer[0].tag == "p":
        answer[0] = _without_start(answer[0], _ANSWER_BEFORE)
        if not _shows(answer[0]):
            answer.pop(0)
    if len(asked) == 1:
        options, answer = _cut_options(answer)
        asked += options
    answer, sources = _cut_sources(answer)
    if answer and all(map(_leads_elsewhere, answer)):
        answer = []
    return PageQuestion(
        question.above,
        tuple(each for each in asked if _shows(each) and not _leads_around(each)),
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
        if (block.tag == "p" or _rank(block)) and (found := _OPTION.match(words)):
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
    return bool(links) and is_near and len(linked) * 10 >= 9 * len(re.sub(r"\W+", "", text_of((block,))))


def _shows(block: Element) -> bool:
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


def _leads_around(block: Element) -> bool:
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
        if not _rank(answer[index]):
            continue
        below = answer[index + 1 :]
        links = [each for block in below for each in walk((block,)) if each.tag == "a"]
        found = tuple((each.attributes.get("href", ""), text_of(each.children)) for each in links)
        is_all = len("".join(words for _, words in found)) * 10 >= 7 * len(text_of(below))
        is_web = all(re.match("https?://", address) for address, _ in found)
        if _SOURCES.fullmatch(text_of(answer[index].children)) and found and is_all and is_web:
            return answer[:index], found
        break
    return answer, ()
