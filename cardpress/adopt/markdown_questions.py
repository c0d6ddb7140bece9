"""A Markdown file of questions and answers, as interview repositories have them → its questions.

Four forms are known: headings that ask, with what stands below them; `<details>`, which unfolds the answer; lines that
begin with `Q:` and `A:`; and bold lines or entries of a list that ask. That form is taken by which most is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from cardpress.adopt.lettered_questions import read_lines
from cardpress.adopt.markdown_pages import check_size, flatten, read_page, text_of, walk, without
from cardpress.adopt.page_questions import (
    BOLD,
    MOST_QUESTIONS,
    NUMBER,
    PASSED_CONTENTS,
    PASSED_EMPTY,
    PASSED_START,
    PASSED_TEXT,
    PageQuestion,
    QuestionPage,
    clean,
    cut_title,
    find_summary,
    get_rank,
    is_label,
    leads_around,
    make_paragraph,
    shows,
)
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
_Q = re.compile(r"\s*Q(?:uestion)?\s*\d{0,4}\s*[.:)]", re.IGNORECASE)
# A label with the answer on it.
_ANSWERED = re.compile(r"(?:correct )?(?:answer|ans|solution|antwort|respuesta|réponse)\s*:", re.IGNORECASE)
# Headings of what is no question.
_BESIDE = re.compile(
    r"(?:table of contents?|contents?|index|toc|license|licence|contributing|contributors?|contribution|about|"
    r"acknowledge?ments?|credits|sponsors?|disclaimer|changelog|installation|usage|getting started|"
    r"related (?:topics|questions|interview questions|repositories)|inhalt(?:sverzeichnis)?|índice|оглавление|目录)\W*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of contents?|contents?|index|toc|inhalt(?:sverzeichnis)?|índice|оглавление|目录)\W*", re.IGNORECASE
)
# Headings of a level that ask, in whose place no bold lines are looked at.
_FEW = 3


def read_questions(text: str) -> QuestionPage:
    """Return the questions of a Markdown file, none where it asks nothing. Raises OriginalError for what is none."""
    check_size(text)
    if (page := read_lines(text)) is not None:
        return page
    blocks = read_page(text)
    title = _find_title(blocks)
    found = _read_blocks(blocks)
    if len(found) > MOST_QUESTIONS:
        raise OriginalError(f"a Markdown file with {len(found):,} questions; {MOST_QUESTIONS:,} are allowed")
    questions = [clean(each) for each in found]
    kept = tuple(each for each in questions if each.asked and each.answer)
    lost = tuple(each.words[:120] for each in questions if each.asked and not each.answer and _asks(each.words))
    above = (title,) if title else ()
    passed = tuple(_list_passed(blocks, found)) if kept else ()
    return QuestionPage(title, tuple(cut_title(each, above) for each in kept), lost, passed)


def _list_passed(blocks: Sequence[Element], questions: Sequence[PageQuestion]) -> Iterator[tuple[str, str]]:
    """Yield what is in no question: below which heading it stands, "" for none, and what it is."""
    used = {id(each) for question in questions for each in question.made_of}
    starts = [index for index, each in enumerate(blocks) if 0 < get_rank(each) < BOLD and id(each) not in used]
    for index in [-1, *starts]:
        below = list(takewhile(lambda each: not 0 < get_rank(each) < BOLD, blocks[index + 1 :]))
        said = [each for each in below if id(each) not in used and each.tag != "hr" and shows(each)]
        words = text_of(blocks[index].children) if index >= 0 else ""
        if said and (_CONTENTS.fullmatch(words) or _are_contents(said)):
            yield words, PASSED_CONTENTS
        elif not all(map(leads_around, said)):
            yield words, PASSED_TEXT if words else PASSED_START
        elif words and not any(id(each) in used for each in below):
            following = blocks[index + 1 + len(below) : index + 2 + len(below)]
            if not following or get_rank(following[0]) <= get_rank(blocks[index]):
                yield words, PASSED_EMPTY


def _find_title(blocks: Sequence[Element]) -> str:
    """Return the text of the only heading of the first level."""
    first = [each for each in blocks if each.tag == "h1"]
    return text_of(first[0].children) if len(first) == 1 else ""


def _asks(words: str) -> bool:
    """Return whether a text seems to be a question."""
    bare = NUMBER.sub("", words, count=1)
    return bool(_MARKS.search(words) or _Q.match(words) or _ASKS.match(bare) or (bare != words and len(bare) > 2))


# --- blocks


def _read_blocks(blocks: Sequence[Element]) -> list[PageQuestion]:
    folded = [each for each in blocks if each.tag == "details"]
    level, count = _choose_level(blocks)
    if folded and _asks_by_folding(folded, count):
        return list(_read_folded(blocks, folded))
    items = [each for each in blocks if each.tag in ("ol", "ul")]
    of_lists = [question for each in items for question in _list_entries(each, ()) if question.answer]
    if len(of_lists) > count:
        return list(_read_lists(blocks))
    return list(_read_headings(blocks, level)) if level else []


def _asks_by_folding(folded: Sequence[Element], count: int) -> bool:
    """Return whether what unfolds answers more than headings do, `count` of which ask."""
    labels = [text_of(summary.children) if (summary := find_summary(each)) else "" for each in folded]
    own = sum(not _is_of_answer(label) for label in labels)
    asking = sum(_asks(label) for label in labels if not _is_of_answer(label))
    return asking * 2 >= count if asking else len(folded) - own > count or (count == 0 and own > 0)


def _is_of_answer(label: str) -> bool:
    """Return whether a label is of an answer, whose question stands above it."""
    return is_label(label) or _ANSWERED.match(label) is not None


def _choose_level(blocks: Sequence[Element]) -> tuple[int, int]:
    """Return the level of headings that ask most, 0 for none, and how many of them ask and are answered."""
    asking: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for index, block in enumerate(blocks):
        level = get_rank(block)
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if not level or following is None or 0 < get_rank(following) <= level or _is_beside(block, blocks, index):
            continue
        words = text_of(block.children)
        answered[level] += 1
        asking[level] += bool(_MARKS.search(words) or _Q.match(words)) if level == BOLD else _asks(words)
    # Among answers bold lines are headings, too.
    if sum(count for level, count in asking.items() if level != BOLD) >= _FEW:
        del asking[BOLD]
    if asking.total():
        level = max(asking, key=lambda each: (asking[each], -each))
        if asking[level]:
            return level, asking[level]
    headings = {level: count for level, count in answered.items() if level != BOLD and count > 1}
    if not headings:
        return 0, 0
    return max(headings, key=lambda each: (headings[each], each)), 0


def _is_beside(heading: Element, blocks: Sequence[Element], index: int) -> bool:
    """Return whether a heading stands above what is no question, such as a table of contents."""
    words = text_of(heading.children)
    if _BESIDE.fullmatch(words):
        return True
    level = get_rank(heading)
    return _are_contents(list(takewhile(lambda each: not 0 < get_rank(each) <= level, blocks[index + 1 : index + 50])))


def _are_contents(below: Sequence[Element]) -> bool:
    """Return whether blocks are a table of contents: mostly links to headings of the same file."""
    links = [each for block in below for each in walk((block,)) if each.tag == "a"]
    inner = sum(each.attributes.get("href", "").startswith("#") for each in links)
    linked = sum(len(text_of(each.children)) for each in links)
    return inner > 2 and inner * 2 > len(links) and linked * 2 > len(text_of(below))


def _read_headings(blocks: Sequence[Element], level: int) -> Iterator[PageQuestion]:
    """Yield the questions that headings of a level ask, with what stands below each."""
    ranks = [get_rank(each) for each in blocks]
    own = [index for index, rank in enumerate(ranks) if rank == level]
    words = {index: text_of(blocks[index].children) for index in own}
    lettered = sum(bool(_Q.match(each)) for each in words.values()) * 2 >= len(own)
    numbered = sum(bool(NUMBER.match(each)) for each in words.values()) * 2 > len(own)
    has_text = {index: _has_text(blocks, index, level) for index in own}
    asks = {
        index: (has_text[index] or _asks(text))
        and not _is_beside(blocks[index], blocks, index)
        and (not lettered or bool(_Q.match(text)))
        and (lettered or not numbered or bool(NUMBER.match(text) or _MARKS.search(text)))
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
                above.append((rank, NUMBER.sub("", text.lstrip("# "), count=1) or text))
        else:
            asked, answer = _part_at_answer(blocks[index + 1 : following])
            whole = tuple(blocks[index:following])
            yield PageQuestion(tuple(each for _, each in above), (blocks[index], *asked), answer, made_of=whole)


def _part_at_answer(below: Sequence[Element]) -> tuple[tuple[Element, ...], tuple[Element, ...]]:
    """Return what of the blocks below a question belongs to it: all above an answer that unfolds; and the answer."""
    for index, block in enumerate(below):
        if block.tag == "details":
            summary = find_summary(block)
            label = text_of(summary.children) if summary else ""
            is_answer = is_label(label, of_answer=True) or _ANSWERED.match(label)
            return (tuple(below[:index]), tuple(below[index:])) if is_answer else ((), tuple(below))
    return (), tuple(below)


def _has_text(blocks: Sequence[Element], index: int, level: int) -> bool:
    """Return whether something stands below a heading that is no table of contents."""
    if _is_beside(blocks[index], blocks, index):
        return False
    return index + 1 < len(blocks) and not 0 < get_rank(blocks[index + 1]) <= level


def _read_folded(blocks: Sequence[Element], folded: Sequence[Element]) -> Iterator[PageQuestion]:
    """Yield the questions whose answers can be unfolded."""
    labels = Counter(text_of(summary.children).lower() for each in folded if (summary := find_summary(each)))
    above: list[tuple[int, str]] = []
    waiting: list[Element] = []
    for block in blocks:
        rank = get_rank(block)
        if block.tag == "details":
            summary = find_summary(block)
            label = text_of(summary.children) if summary else ""
            is_of_answer = _is_of_answer(label) or labels[label.lower()] > 1
            if is_of_answer and waiting:
                heading = waiting[0] if get_rank(waiting[0]) else None
                kept = [each for each in above if heading is None or each[0] < get_rank(heading)]
                words = tuple(words for _, words in kept)
                # Without its label, whatever that says: it is the same of several.
                inside = (block,) if _is_of_answer(label) else tuple(_flat_inside(block, summary))
                yield PageQuestion(words, tuple(waiting), inside, made_of=(*waiting, block))
            elif not is_of_answer and summary:
                above = _add_headings(above, waiting)
                asked, inside = (make_paragraph(summary.children),), tuple(_flat_inside(block, summary))
                yield PageQuestion(tuple(words for _, words in above), asked, inside, made_of=(block,))
            waiting = []
        elif block.tag == "hr":
            above = _add_headings(above, waiting)
            waiting = []
        elif rank and rank != BOLD:
            above = _add_headings(above, waiting)
            waiting = [block]
        else:
            waiting.append(block)


def _add_headings(above: Sequence[tuple[int, str]], blocks: Sequence[Element]) -> list[tuple[int, str]]:
    found = list(above)
    for block in blocks:
        rank = get_rank(block)
        if rank and rank != BOLD:
            found = [each for each in found if each[0] < rank] + [(rank, text_of(block.children))]
    return found


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
        if _MARKS.search(words) or (answer and get_rank(asked) == BOLD and _asks(words)):
            yield PageQuestion(above, (asked,), answer, made_of=(element,))


def _cut_line(paragraph: Element) -> tuple[Element, Element | None]:
    """Return the first line of a paragraph, and what stands below it."""
    children = paragraph.children
    for index, each in enumerate(children):
        if isinstance(each, Element) and each.tag == "br":
            return make_paragraph(children[:index]), make_paragraph(children[index + 1 :])
        if isinstance(each, str) and "\n" in each:
            first, _, rest = each.partition("\n")
            head, below = [*children[:index], first], [rest, *children[index + 1 :]]
            if text_of(head) and text_of(below):
                return make_paragraph(head), make_paragraph(below)
    return paragraph, None
