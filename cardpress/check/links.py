"""Rules on addresses: those of the deck, those in `sources`, and those that Markdown texts link to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.markdown import signs
from cardpress.markdown.entities import unescape
from cardpress.markdown.tree import Link
from cardpress.markdown.web_addresses import is_web_address
from cardpress.note_types import Holds
from cardpress.source.addresses import HOST, MAIL, cut_mistyped_scheme
from cardpress.source.bank import Bank
from cardpress.source.texts import list_markdown_texts

_SCRIPT_SCHEMES = ("javascript:", "vbscript:", "data:")
_HELP = "write the whole address: `https://example.org/page`"
# Characters. Help lines do not quote a longer address.
_QUOTABLE = 120


def check_addresses(bank: Bank) -> Iterator[Diagnostic]:
    """The deck's own addresses and every source are web addresses."""
    if bank.info:
        if bank.info.homepage:
            yield from _address(bank.info.homepage.value, bank.info.homepage.span)
        if bank.info.report_url:
            report_url = bank.info.report_url
            filled = report_url.value.replace("{id}", "id").replace("{version}", "1.0.0")
            if "{" in filled or "}" in filled:
                message = "`report_url` knows `{id}` and `{version}` and nothing else in braces"
                yield Diagnostic("bad-url", report_url.span, message, "remove the other braces")
            else:
                yield from _address(filled, report_url.span)
    if bank.wanted.address:
        yield from _address(bank.wanted.address.value, bank.wanted.address.span)
    for note in bank.notes():
        for _, links in note.each(Holds.LINKS):
            for link in links:
                if link.url:
                    yield from _address(link.url.value, link.url.span, "; of a book, write the title alone")


def check_text_links(bank: Bank) -> Iterator[Diagnostic]:
    """Links in texts are web addresses. A relative link would lead nowhere from a card."""
    for text in list_markdown_texts(bank):
        if not signs.may_hold_links(text.value):
            continue
        links = {node.address_place: node for node in text.document.walk() if isinstance(node, Link)}
        for place, link in links.items():  # a definition that several links refer to is reported once
            yield from _address(link.address, text.find(place))


def _address(url: str, span: Span, otherwise: str = "") -> Iterator[Diagnostic]:
    """Yield what is wrong with an address. `otherwise` is added where nothing says what was meant."""
    # Browsers drop white space and control characters and decode entities before they read the scheme.
    plain = re.sub(r"[\x00-\x20]+", "", unescape(url)).lower()
    if plain.startswith(_SCRIPT_SCHEMES):
        message = f"`{url[:40]}` runs a script or carries a document instead of leading to a page"
        yield Diagnostic("unsafe-html", span, message, _HELP)
    elif not is_web_address(url):
        hint = _find_meant(url)
        hint = f"write `{hint}`" if hint else _HELP + otherwise
        yield Diagnostic("bad-url", span, f"`{url[:80]}` is not a web address", hint)


def _find_meant(url: str) -> str | None:
    """Return the address that was meant, where only its beginning is wrong; None for any other."""
    if len(url) < _QUOTABLE:
        rest = cut_mistyped_scheme(url) or url
        if HOST.fullmatch(rest) or rest.startswith("www."):
            return f"https://{rest}" if is_web_address(f"https://{rest}") else None
        if MAIL.fullmatch(url):
            return f"mailto:{url}"
    return None
