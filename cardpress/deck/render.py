"""Bank → Deck: every text rendered once, and not at all where the cache has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context

from cardpress.deck.assemble import assemble
from cardpress.deck.cache import RenderedTexts
from cardpress.deck.notes import Deck
from cardpress.markdown.to_html import guess_language, highlight, render_cloze, sanitize, to_html
from cardpress.source.bank import Bank
from cardpress.source.texts import list_markdown_texts

# Below this many new texts (about a second of work) one process is done before others have started and loaded.
_WORTH_A_PROCESS = 4000
_CHUNK = 150

# What is to be rendered: the kind (`markdown`, `cloze`, or a language's name after `code:`) and the text.
Request = tuple[str, str]


def render(bank: Bank, texts: RenderedTexts, jobs: int = 1) -> Deck:
    """Render a bank without errors. Fills `texts` with what was not in it; the deck is the same for any `jobs`."""
    missing = sorted({request for request in _requests(bank) if not _is_safe(texts.get(*request))})
    for (kind, text), html in zip(missing, _render_all(missing, jobs), strict=True):
        texts.put(kind, text, html)
    return assemble(bank, texts)


def _is_safe(html: str | None) -> bool:
    """Tell whether kept HTML can be used: a cache may have come with somebody else's deck, so it is not trusted."""
    return html is not None and sanitize(html) == html


def _requests(bank: Bank) -> Iterator[Request]:
    clozes = {id(recall.cloze) for question in bank.questions() for recall in question.recall if recall.cloze}
    for text in list_markdown_texts(bank):
        yield ("cloze" if id(text) in clozes else "markdown"), text.value
    for snippet in bank.snippets.values():
        yield f"code:{guess_language(snippet.name)}", snippet.shown


def _render_all(requests: Sequence[Request], jobs: int) -> Iterator[str]:
    if jobs < 2 or len(requests) < _WORTH_A_PROCESS:
        yield from map(_render_one, requests)
        return
    pending = iter(requests)
    chunks = iter(lambda: list(islice(pending, _CHUNK)), [])
    # Fresh processes, not copies of this one: a copy would carry locks that threads of this one hold.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from chain.from_iterable(pool.map(_render_chunk, chunks))


def _render_chunk(requests: Sequence[Request]) -> list[str]:
    return [_render_one(request) for request in requests]


def _render_one(request: Request) -> str:
    kind, text = request
    if kind == "markdown":
        return to_html(text)
    if kind == "cloze":
        return render_cloze(text)
    return sanitize(highlight(text, kind.removeprefix("code:")))
