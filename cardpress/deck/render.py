"""Bank → Deck: renders each text once, unless the cache has it already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import assert_never

from cardpress.deck.assemble import assemble
from cardpress.deck.cache import Kind, RenderedTexts, RenderRequest
from cardpress.deck.notes import Deck
from cardpress.markdown.to_html import guess_language, highlight, render_cloze, sanitize, to_html
from cardpress.source.bank import Bank
from cardpress.source.texts import list_cloze_texts, list_markdown_texts

# New texts, about a second of work. With fewer, one process is done before others have started.
_WORTH_A_PROCESS = 4000
_CHUNK = 150


def render(bank: Bank, texts: RenderedTexts, jobs: int = 1) -> Deck:
    """Return the deck of a bank without errors. `jobs`, the number of processes, does not change it.

    Adds the texts that it renders to `texts`.
    """
    missing = sorted({request for request in _requests(bank) if not _is_safe(texts.get(request))})
    for request, html in zip(missing, _render_all(missing, jobs), strict=True):
        texts.put(request, html)
    return assemble(bank, texts)


def _is_safe(html: object) -> bool:
    """Return whether HTML from the cache can be used. It is not trusted: somebody else's deck may have brought it."""
    return isinstance(html, str) and sanitize(html) == html


def _requests(bank: Bank) -> Iterator[RenderRequest]:
    yield from (RenderRequest(Kind.MARKDOWN, text.value) for text in list_markdown_texts(bank, with_clozes=False))
    yield from (RenderRequest(Kind.CLOZE, text.value) for text in list_cloze_texts(bank))
    for snippet in bank.snippets.values():
        yield RenderRequest(Kind.CODE, snippet.shown, guess_language(snippet.name))


def _render_all(requests: Sequence[RenderRequest], jobs: int) -> Iterator[str]:
    if jobs < 2 or len(requests) < _WORTH_A_PROCESS:
        yield from map(_render_one, requests)
        return
    pending = iter(requests)
    chunks = iter(lambda: list(islice(pending, _CHUNK)), [])
    # Not `fork`: a forked process would inherit locks that other threads of this one hold.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from chain.from_iterable(pool.map(_render_chunk, chunks))


def _render_chunk(requests: Sequence[RenderRequest]) -> list[str]:
    return [_render_one(request) for request in requests]


def _render_one(request: RenderRequest) -> str:
    match request.kind:
        case Kind.MARKDOWN:
            return to_html(request.text)
        case Kind.CLOZE:
            return render_cloze(request.text)
        case Kind.CODE:
            return sanitize(highlight(request.text, request.language))
        case _:
            assert_never(request.kind)
