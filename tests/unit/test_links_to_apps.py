"""Links to other apps stay in fields and card templates; those that run or read something here do not, in any form."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import product

import pytest

from cardpress.adopt.safe_templates import make_template_safe
from cardpress.markdown.safe_html import make_safe
from cardpress.markdown.web_addresses import leads_to_app

# As decks have them: dictionaries, notes, maps, messages, and what somebody registers tomorrow.
APPS = (
    "plecoapi://x-callback-url/s?q=犬&amp;a=b",
    "anki://x-callback-url/addnote",
    "AnkiDroid-2.x://browse",
    "goldendict://two words",
    "mkdictionaries:///?text=%E7%8A%AC",
    "eudic://dict/dog",
    "lingvo://dog",
    "obsidian://open?vault=a%20b&amp;file=c",
    "zotero://select/items/1",
    "geo:1,2",
    "sms:12",
    "spotify:track:1",
    "whatsapp://send?text=a",
    "never-heard-of+it:a",
)
RUNNING = (
    "javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "about:blank",
    "filesystem:https://example.org/x",
    "view-source:https://example.org",
    "jar:file:///x",
    "ms-officecmd:x",
    "search-ms:x",
    "intent://x#Intent;end",
    "x:javascript:alert(1)",
    "plecoapi: javascript:alert(1)",
)
# What a browser, an entity or a program could drop, or read as something else.
DISGUISES: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda url: url.swapcase().title(),
    lambda url: f" {url}",
    lambda url: f"\t\n{url}",
    lambda url: f"\x01{url}",
    lambda url: f"&#1;{url}",
    lambda url: f"&NewLine;{url}",
    lambda url: f"\N{NO-BREAK SPACE}{url}",
    lambda url: f"{url[:2]}\t{url[2:]}",
    lambda url: f"{url[:2]}\r\n{url[2:]}",
    lambda url: f"{url[:2]}&Tab;{url[2:]}",
    lambda url: f"{url[:2]}&#10;{url[2:]}",
    lambda url: f"{url[:2]}\x00{url[2:]}",
    lambda url: url.replace(":", "&colon;", 1),
    lambda url: url.replace(":", "&#58", 1),
    lambda url: url.replace(":", "\t:", 1),
    lambda url: f"&#{ord(url[0])};{url[1:]}",
)


def find_address(html: str) -> str:
    """Return what browsers read as the address of a link, without what they drop of it; nothing where there is none."""
    found = re.search(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", html)
    written = next(filter(None, found.groups()), "") if found else ""
    return re.sub(r"[\t\r\n]", "", unescape(written).strip("".join(map(chr, range(33)))))


@pytest.mark.parametrize("address", APPS)
def test_links_to_apps_stay_to_the_byte(address: str) -> None:
    link = f'<a href="{address}">a</a>'
    assert make_safe(link) == (link, ())
    for template in (f"{{{{Front}}}}{link}", f'{{{{Front}}}}<a href="{address}{{{{Front}}}}">a</a>'):
        assert make_template_safe(template, lambda _: ("a word",)) == (template, ())


@pytest.mark.parametrize(("address", "disguise"), [*product(RUNNING, DISGUISES)])
def test_links_that_run_or_read_something_here_go_in_any_form(address: str, disguise: Callable[[str], str]) -> None:
    link = f'<a href="{disguise(address)}">a</a>'
    field, told = make_safe(link)
    assert told
    template = make_template_safe(f"{{{{Front}}}}{link}", lambda _: ("a word",))
    assert template.dropped
    assert find_address(field) == ""
    assert find_address(template.text) == ""
    assert not leads_to_app(unescape(disguise(address)))


def test_a_link_to_an_app_stays_beside_what_has_to_go_in_a_text_of_many_words_with_colons() -> None:
    words = " ".join(f"a{chr(97 + place)}: b" for place in range(26))
    kept, told = make_safe(f'{words} <a href="plecoapi://x?q=a">犬</a><script>x()</script>')
    assert told == ("`<script>`",)
    assert 'href="plecoapi://x?q=a"' in kept
