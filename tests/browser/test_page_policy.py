"""The page's policy holds in a real browser: what slips into a page cannot run, what is trusted does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from playwright.sync_api import Browser

from cardpress.source.templates import template_html
from cardpress.source.templates.template_html import Findings
from cardpress.writers.page import judging
from tests.conftest import ROOT
from tests.helpers.browser_pages import opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING

OUR_PAGE = (ROOT / "templates" / "web" / "page.html").read_text(encoding="utf-8")
EVIL = (
    "<script>window.evil = 1</script><script src='data:text/javascript,window.evil=2'></script>"
    "<img src=x onerror='window.evil=3'><svg onload='window.evil=4'></svg>"
    "<iframe srcdoc='<script>parent.evil=5</script>'></iframe><a id='slip' href='javascript:window.evil=6'>x</a>"
    "<p style='background: url(http://HOST/a.png)'>x</p><img src='http://HOST/b.png'>"
    "<link rel='stylesheet' href='http://HOST/a.css'><iframe src='http://HOST/a.html'></iframe>"
    "<base href='http://HOST/'>"
)
PLACES = {
    "at the end": OUR_PAGE.replace("</body>", f"{EVIL}</body>"),
    "in the head": OUR_PAGE.replace("<head>", f"<head>{EVIL}"),
    "before the head": OUR_PAGE.replace("<head>", f"{EVIL}<head>"),
    "first of all": EVIL + OUR_PAGE,
    "on the root": OUR_PAGE.replace("<html", "<html onclick='window.evil=7'"),
    "in a page without a head": f"<p>x</p>{EVIL}",
    "with another policy": f"<meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline'\">{EVIL}",
}


class Listener(BaseHTTPRequestHandler):
    """Records what it is asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Return the address of a server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("place", PLACES)
def test_what_slips_through_cannot_run(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, host: str
) -> None:
    monkeypatch.setattr(judging, "read_html", lambda html, **_: Findings())  # nothing is found
    template = PLACES[place].replace("HOST", host)
    with opened(browser, page_of(tmp_path, {**EVERYTHING, "../templates/web/page.html": template})) as reader:
        reader.page.wait_for_timeout(300)
        reader.page.evaluate("document.documentElement.click()")
        if reader.page.locator("#slip").count():
            reader.page.evaluate("document.getElementById('slip').click()")
        reader.page.wait_for_timeout(100)
        assert reader.page.evaluate("window.evil") is None
    assert Listener.asked == []


def test_trusted_script_runs_and_no_other(browser: Browser, tmp_path: Path) -> None:
    own = "<script>window.mine = 1</script><p id='mine' onclick='window.mine = 2' style='color: rgb(1, 2, 3)'>x</p>"
    files = {
        **EVERYTHING,
        "deck.yaml": f"trusted_templates: true\n{EVERYTHING['deck.yaml']!s}",
        "../templates/web/page.html": OUR_PAGE.replace("</body>", f"{own}</body>"),
    }
    with opened(browser, page_of(tmp_path, files)) as reader:
        assert reader.page.evaluate("window.mine") == 1
        reader.page.locator("#mine").click()
        assert reader.page.evaluate("window.mine") == 2
        assert reader.page.locator("#mine").evaluate("each => getComputedStyle(each).color") == "rgb(1, 2, 3)"
        assert reader.page.evaluate("document.getElementById('page_search') !== null")
        script = (
            "const s = document.createElement('script'); s.textContent = 'window.mine = 3'; document.body.append(s)"
        )
        reader.page.evaluate(script)
        assert reader.page.evaluate("window.mine") == 2
    assert template_html.read_html(own).flaws


def test_a_page_of_ones_own_does_without_the_parts_that_it_lacks(browser: Browser, tmp_path: Path) -> None:
    newer = r' id="page_(?:results|open|zoom|grade\{\{ loop.index \}\}|boxes|standing|meter|then|shuffle|kind|on|over)"'
    template = re.sub(newer, "", OUR_PAGE)
    with opened(browser, page_of(tmp_path, {**EVERYTHING, "../templates/web/page.html": template})) as reader:
        page = reader.page
        page.locator("#one .reveal").click()
        assert page.locator("#one .answer").is_visible()
        page.locator("#page_search").fill("third")
        assert page.locator("#page_results a").count() == 1
        page.locator("#page_search").fill("")
        page.locator("#page_study").click()
        for key in " 3 1 3":
            page.keyboard.press(key)
        assert page.locator("#page_progress").inner_text().startswith("4 of 9 · Known: 2 · Missed: 1")
        page.keyboard.press("Escape")
        assert page.locator("#page_study").inner_text().startswith("Continue")
        assert reader.complaints == []
