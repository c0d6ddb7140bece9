"""Rules on Markdown itself: closed fences in a known language, no accidental lists, no HTML that cards cannot show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.markdown import signs
from cardpress.markdown.entities import unescape
from cardpress.markdown.languages import PLAIN, find_lexer_name, list_languages
from cardpress.markdown.lexers import LONGEST_IN_SLOW, find_longest
from cardpress.markdown.lookalikes import TAGS_IN_TABLE, TAGS_IN_YAML, find_lookalikes
from cardpress.markdown.tree import INLINE_TAGS, CodeBlock, Deletion, List, Paragraph, RawTag, has_content
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, MarkdownText, Text
from cardpress.source.texts import list_markdown_texts, list_plain_texts

# Elements that run or load something, or that let a text change the page around it.
_UNSAFE = frozenset(
    "applet audio base body button canvas dialog embed fieldset form frame frameset head html iframe img input link "
    "math meta noscript object option param portal script select slot source style svg template textarea title track "
    "video".split()
)
_ACTIVE = _UNSAFE - {"body", "head", "html", "img", "title", "source", "track", "audio", "video", "canvas"}
# Elements of HTML that cards do not keep: all but those in `INLINE_TAGS`.
_KNOWN = _UNSAFE | frozenset(
    "a abbr address area article aside b bdi bdo big blockquote caption center cite code col colgroup data datalist dd "
    "del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins label legend "
    "li main map menu meter nav ol optgroup output p picture pre progress q rp rt ruby s samp search section small "
    "span strike strong summary table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
# Fences that other programs set as formulas.
_FORMULAS = frozenset({"math", "katex", "mathjax", "latexmath", "asciimath", "typst-math"})
# Two rows of a table, one below the other; in a quotation or a list, too.
_ROWS = re.compile(
    r"^(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*(\|[^\n]+\|)[ \t]*\n[ \t>]*\|[^\n]+\|[ \t]*$", re.MULTILINE
)
_BULLET = re.compile(r"\s*[-*+]\s")
_EVENT = re.compile(r"(?:^|[\s/\"'])on[a-z]+\s*=", re.IGNORECASE)
_SCRIPT_URL = re.compile(r"(?:javascript|vbscript):|data:text/html", re.IGNORECASE)


@cache
def _list_sorted() -> tuple[str, ...]:
    return tuple(sorted(list_languages()))


@lru_cache(maxsize=1024)
def _suggest_language(name: str) -> str | None:
    return find_closest(name, _list_sorted())


_NO_MARKDOWN = "this text is no Markdown: say it in other words"


def check_fences(bank: Bank) -> Iterator[Diagnostic]:
    """Code fences are closed, and name a language that can be highlighted."""
    for text in list_markdown_texts(bank):
        if signs.may_hold_fences(text.value) and not _has_known_fences(text):
            for block in text.document.walk():
                if isinstance(block, CodeBlock):
                    yield from _fence(text, block)


def _has_known_fences(text: MarkdownText) -> bool:
    """Return whether all fences of a text can be told without its tree, and are closed, known and short."""
    fences = None if text.with_deletions else signs.list_plain_fences(text.value)
    return fences is not None and all(
        not language
        or (
            language.lower() not in _FORMULAS
            and find_lexer_name(language) is not None
            and (len(code) <= LONGEST_IN_SLOW or not _is_too_long(code, language))
        )
        for language, code in fences
    )


def _fence(text: MarkdownText, block: CodeBlock) -> Iterator[Diagnostic]:
    if not block.is_closed:
        place = text.place(block.place.start, block.place.start + 3)
        yield Diagnostic("unclosed-fence", place, "this code fence is never closed", "add a line ``` after the code")
    if block.language_place and block.language.lower() in _FORMULAS:
        message = f"``` {block.language} ``` sets no formula: it is shown as typed"
        hint = r"write it between `\[` and `\]`, without the fence; or ```text to show it"
        yield Diagnostic("looks-like-math", text.find(block.language_place), message, hint)
    elif block.language_place and find_lexer_name(block.language) is None:
        close = _suggest_language(block.language.lower())
        hint = did_you_mean(block.language, close) if close else "write ```text for code without colors"
        message = f"no highlighter knows `{block.language}`, so the code has no colors"
        yield Diagnostic("unknown-language", text.find(block.language_place), message, hint)
    elif block.language_place and _is_too_long(block.text, block.language):
        yield _uncolored(block.language, len(block.text), text.find(block.language_place))


def check_snippet_lengths(bank: Bank) -> Iterator[Diagnostic]:
    """Snippets are short enough to be colored."""
    for name, snippet in sorted(bank.snippets.items()):
        if len(snippet.shown) > LONGEST_IN_SLOW and not name.endswith(".py"):
            from cardpress.markdown.highlighting import guess_language  # loads Pygments, which few decks need here

            language = guess_language(name)
            if _is_too_long(snippet.shown, language):
                yield _uncolored(language, len(snippet.shown), Span(snippet.file))


def _is_too_long(code: str, language: str) -> bool:
    return len(code) > find_longest(language) and find_lexer_name(language) != PLAIN


def _uncolored(language: str, length: int, place: Span) -> Diagnostic:
    longest = find_longest(language)
    message = f"{length:,} characters of {language}, of which {longest:,} would be colored, stay without colors"
    return Diagnostic("uncolored-code", place, message, "show less of it, or write ```text for no colors")


def check_markdown(bank: Bank) -> Iterator[Diagnostic]:
    """A text has no Markdown that means something else than it seems to, or that no output has."""
    for text in list_markdown_texts(bank):
        if not (text.with_deletions or signs.may_have_problems(text.value)):
            continue
        for problem in text.document.problems:
            if problem.code:
                is_row = text.span.file.is_table
                hint = problem.help.replace(TAGS_IN_YAML, TAGS_IN_TABLE) if is_row else problem.help
                yield Diagnostic(problem.code, text.find(problem.place), problem.message, hint)


def check_rows(bank: Bank) -> Iterator[Diagnostic]:
    """Rows of a table are a table: a line of dashes stands below the first one."""
    comparisons = {each.table.span for each in bank.info.comparisons} if bank.info else set()
    for text in list_markdown_texts(bank):
        if "|" not in text.value:
            continue
        if text.span in comparisons or not _ROWS.search(text.value):  # a comparison has a rule of its own
            continue
        for block in text.document.walk():
            if isinstance(block, Paragraph) and (rows := _ROWS.search(text.value[slice(*block.place)])):
                start, end = (block.place.start + each for each in rows.span(1))
                message = f"`{rows[1][:80]}` begins no table, and is shown as typed"
                hint = "write `|---|---|` as its second line, with a part for each column"
                yield Diagnostic("unsupported-markdown", text.place(start, end), message, hint)


def check_content(bank: Bank) -> Iterator[Diagnostic]:
    """Every text shows something. Learners of an adopted note type may have lines without anything, which stay."""
    adopted = (note for note in bank.notes() if note.note_type.is_adopted)
    ignored = {id(text) for note in adopted for text in note.markdown_texts()}
    for text in list_markdown_texts(bank):
        # A cloze text without a deletion, or with an empty one, is reported as that.
        if id(text) in ignored or text.with_deletions or not signs.may_show_nothing(text.value):
            continue
        if not has_content(text.document.blocks) and not any(each.code for each in text.document.problems):
            yield Diagnostic("empty-text", text.span, "this text shows nothing", "write something, or remove the key")


def check_plain_texts(bank: Bank) -> Iterator[Diagnostic]:
    """Titles and other plain texts have nothing that another program sets, plays or hides."""
    outputs = {output.span for note in bank.notes() for _, output in note.each(Holds.OUTPUT)}
    for text in list_plain_texts(bank):
        if text.span not in outputs and signs.may_have_problems(text.value):
            for lookalike, found in find_lookalikes(text.value):
                place = text.place(found.start(), found.end())
                message = f"`{found[0][:80]}` {lookalike.message}"
                yield Diagnostic(lookalike.code, place, message, _NO_MARKDOWN)


def check_labels_and_hints(bank: Bank) -> Iterator[Diagnostic]:
    """Labels, and hints of cloze deletions, have nothing of the sort either."""
    labels = (Text(label, place) for note_type in bank.note_types.values() for label, place in note_type.labels())
    for text in labels:
        for lookalike, found in find_lookalikes(text.value):
            place = text.place(found.start(), found.end())
            yield Diagnostic(lookalike.code, place, f"`{found[0][:80]}` {lookalike.message}", _NO_MARKDOWN)
    for cloze in (text for text in list_markdown_texts(bank) if text.with_deletions):
        reported = [problem.place for problem in cloze.document.problems if problem.code]
        for deletion in (node for node in cloze.document.walk() if isinstance(node, Deletion) and node.hint):
            start, end = deletion.place
            if not any(start <= each.start < end for each in reported):
                for lookalike, found in find_lookalikes(deletion.hint):
                    message = f"`{found[0][:80]}` in a hint {lookalike.message}"
                    yield Diagnostic(lookalike.code, cloze.find(deletion.place), message, "say it in other words")


def check_opening_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """No text becomes a list by accident because it begins with a number and a period: `401. The …`."""
    for text in list_markdown_texts(bank):
        if not signs.may_begin_with_number(text.value):
            continue
        first = next(iter(text.document.blocks), None)
        if isinstance(first, List) and first.first not in (None, 0, 1) and len(first.items) == 1:
            number = str(first.first)
            start = first.place.start
            typed = text.value[start : start + len(number) + 1]
            message = f"Markdown makes a list of this text, because it begins with `{typed}`"
            hint = f"write `{number}: …`, or begin with a word; a list begins with `1.`"
            place = text.place(start, start + len(number))
            yield Diagnostic("number-becomes-list", place, message, hint)


def check_bullets(bank: Bank) -> Iterator[Diagnostic]:
    """An entry of a list has the bullet of that list alone."""
    for note in bank.notes():
        lists = (note.gist, *(lines for _, lines in note.each(Holds.LINES)))
        for text in (each for lines in lists for each in lines):
            if not _BULLET.match(text.value):
                continue
            first = next(iter(text.document.blocks), None)
            if isinstance(first, List) and first.first is None:
                start = first.place.start
                sign = text.value[start : start + 1]
                message = "this entry begins with a bullet of its own, and has one without it"
                yield Diagnostic("doubled-bullet", text.place(start, start + 1), message, f"remove `{sign} `")


def check_raw_html(bank: Bank) -> Iterator[Diagnostic]:
    """No HTML can run or load something. HTML that a card would show as typed stands in backticks."""
    for text in list_markdown_texts(bank):
        if not signs.may_hold_tags(text.value):
            continue
        opened = set(_OF_RUBY) if "<ruby" in text.value.lower() else set()
        for tag in text.document.walk():
            is_reported = isinstance(tag, RawTag) and tag.name in opened and (tag.is_end or tag.name in _OF_RUBY)
            if isinstance(tag, RawTag) and not is_reported:  # at its start tag
                opened.add(tag.name)
                yield from _tag(text, tag)


def _tag(text: MarkdownText, tag: RawTag) -> Iterator[Diagnostic]:
    attributes = unescape(tag.attributes)
    active = tag.name in _ACTIVE or _EVENT.search(attributes) or _SCRIPT_URL.search(re.sub(r"\s", "", attributes))
    if active and (tag.name in _KNOWN or tag.is_complete):
        code = "unsafe-html"
        message = f"`<{tag.name}>` could run or load something on a learner's device"
        hint = f"remove it, or write `<{tag.name}>` in backticks to show it"
    elif tag.name in _KNOWN and tag.is_complete:
        code = "unsupported-html"
        message = f"cards do not carry the HTML element `<{tag.name}>`"
        hint = _INSTEAD.get(tag.name, "use Markdown, or put it in backticks to show it")
    elif tag.name in INLINE_TAGS and (tag.attributes or not tag.is_complete):
        code = "unsupported-html"
        message, hint = f"`<{tag.name}>` is carried without attributes only", f"write `<{tag.name}>`"
    elif signs.looks_marked_up(tag.attributes):
        code = "unsupported-markdown"
        message, hint = "this looks like a tag, and markup in a tag is none", "put it in backticks"
    else:
        return
    yield Diagnostic(code, text.find(tag.place), message, hint)


# What stands in `<ruby>`, which is reported for all.
_OF_RUBY = frozenset({"rb", "rp", "rt", "rtc"})
_INSTEAD = {
    "img": "write `![what it shows](picture.svg)`",
    "a": "write `[text](https://…)`",
    "b": "write `**bold**`",
    "strong": "write `**bold**`",
    "i": "write `*italic*`",
    "em": "write `*italic*`",
    "s": "write `~~struck~~`",
    "strike": "write `~~struck~~`",
    "del": "write `~~struck~~`",
    "code": "put it in backticks",
    "ruby": "write the reading in brackets behind it: `東京[とうきょう]`",
    "audio": "put the file in source/media/, and write `![how it sounds](word.mp3)`",
}
