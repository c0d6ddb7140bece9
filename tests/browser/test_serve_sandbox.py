"""An author's script runs on its card in `serve`, and reaches neither the tool, nor the server, nor the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, expect

from cardpress.engine import ROOT
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.serving import Server, serving, tool

# Each of these tells in the document what came of it: `ran`, or the name of what stopped it.
TRIES = {
    "itself": "document.getElementById('answer')",
    "the tool's document": "parent.document.title",
    "the tool's storage": "parent.localStorage.length",
    "its own storage": "localStorage.length",
    "its cookies": "document.cookie",
    "another frame": "parent.frames[parent.frames[0] === window ? 1 : 0].document.title",
    "a window of its own": "if (!window.open('HOST/window')) throw new Error('no window')",
    "a dialog": "if (confirm('HOST') !== false) throw new Error('a dialog'); throw new Error('no dialog')",
    "the address of the tool": "top.location = 'HOST/top'",
}
# These begin something, and what they began tells: `yes` that it came about, `no` that it did not.
LOADS = {
    "the state": "fetch('/api/state').then(yes, no)",
    "the network": "fetch('HOST/fetch', {mode: 'no-cors'}).then(yes, no)",
    "a beacon": "navigator.sendBeacon('HOST/beacon'); setTimeout(no, 300)",
    "a socket": "const it = new WebSocket('ws://PLACE/'); it.onopen = yes; it.onerror = no",
    "a worker": "const it = new Worker('data:text/javascript,postMessage(1)'); it.onmessage = yes; it.onerror = no",
    "a picture": "const it = new Image(); it.onload = yes; it.onerror = no; it.src = 'HOST/i.png'",
    "the tool in a picture": "const it = new Image(); it.onload = yes; it.onerror = no; it.src = '/assets/icon.svg'",
    "a script": "const it = add('script'); it.onload = yes; it.onerror = no; it.src = 'HOST/s.js'",
    "a style": (
        "const it = add('link'); it.rel = 'stylesheet'; it.onload = yes; it.onerror = no; it.href = 'HOST/s.css'"
    ),
    "a frame": "add('iframe').src = 'HOST/frame'; setTimeout(no, 300)",
    "a form": "const it = add('form'); it.action = 'HOST/form'; it.submit(); setTimeout(no, 300)",
}
SCRIPT = """
<script>
window.came = {};
const tries = %s;
const loads = %s;
for (const [name, act] of Object.entries(tries)) {
  try { act(); came[name] = "ran"; } catch (error) { came[name] = "stopped"; }
}
const add = name => document.body.appendChild(document.createElement(name));
Promise.all(Object.entries(loads).map(([name, act]) => new Promise(done => {
  const yes = () => done("ran"), no = () => done("stopped");
  try { act(yes, no); } catch (error) { no(); }
}).then(what => { came[name] = what; }))).then(() => {
  for (const data of [null, 7, "x", {height: 9e9}, {cardpress: "height"}, {cardpress: "height", height: "9"},
    {cardpress: "height", height: NaN}, {cardpress: "height", height: -5}, {cardpress: "height", height: 1e9}]) {
    parent.postMessage(data, "*");
  }
  came.all = "done";
});
</script>
"""
# What waits for all of that: a policy against `eval` is one against Playwright's own way to wait.
DONE = "new Promise(done => { const look = () => came.all ? done() : setTimeout(look, 50); look(); })"


class Listener(BaseHTTPRequestHandler):
    """The network: it takes note of who asks it."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Take note."""
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        """Take note."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def network() -> Iterator[str]:
    Listener.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server(tmp_path: Path, network: str) -> Iterator[Server]:
    """A project that is trusted, whose recall cards try everything."""
    tries = "{" + ",".join(f'"{name}": () => {{ {act} }}' for name, act in TRIES.items()) + "}"
    loads = "{" + ",".join(f'"{name}": (yes, no) => {{ {act} }}' for name, act in LOADS.items()) + "}"
    script = (SCRIPT % (tries, loads)).replace("HOST", f"http://{network}").replace("PLACE", network)
    front = (ROOT / "templates" / "note-types" / "recall" / "front.html").read_text(encoding="utf-8")
    deck_from(
        tmp_path,
        {
            **EVERYTHING,
            "deck.yaml": f"trusted_templates: true\n{EVERYTHING['deck.yaml']!s}",
            "../templates/note-types/recall/front.html": front + script,
        },
    )
    with serving(tmp_path) as server:
        yield server


def test_an_authors_script_runs_on_its_card_and_reaches_nothing_else(browser: Browser, server: Server) -> None:
    with tool(browser, server, "#note=one-successor", asks_only=False) as seen:
        page = seen.page
        frame = seen.frame("desktop-day", "front", note="one-successor")
        frame.evaluate(DONE)
        came = frame.evaluate("came")
        assert {name: what for name, what in came.items() if what == "ran"} == {"itself": "ran"}
        assert set(came) == {*TRIES, *LOADS, "all"}
        # The tool is what it was.
        assert page.url == f"{server.address}#note=one-successor"
        assert page.context.pages == [page]
        page.keyboard.press("j")
        assert seen.chosen == "one-gaps"
        assert Listener.asked == []


def test_a_frame_that_lies_about_its_height_moves_no_other(browser: Browser, server: Server) -> None:
    with tool(browser, server, "#note=one-successor", asks_only=False) as seen:
        frame = seen.frame("desktop-day", "front", note="one-successor")
        frame.evaluate(DONE)
        seen.page.wait_for_timeout(200)
        heights = {
            side: seen.side("desktop-day", side).evaluate("each => each.clientHeight") for side in ("front", "back")
        }
        assert heights["front"] <= 20_000
        assert heights["back"] < 1000
        seen.page.evaluate("postMessage({cardpress: 'height', height: 5000}, '*')")
        seen.page.wait_for_timeout(100)
        assert seen.side("desktop-day", "back").evaluate("each => each.clientHeight") == heights["back"]


def test_every_frame_of_the_tool_is_a_sandbox_without_an_origin(browser: Browser, server: Server) -> None:
    with tool(browser, server, "#note=one-successor", asks_only=False) as seen:
        frame = seen.frame("desktop-day", "front", note="one-successor")
        assert frame.evaluate("origin") == "null"
        sandboxes = seen.page.locator("iframe").evaluate_all("all => all.map(each => each.getAttribute('sandbox'))")
        assert set(sandboxes) == {"allow-scripts"}
        # By itself, a card is a stranger to the server, too. This one has no script that leads elsewhere.
        alone = seen.page.context.new_page()
        alone.goto(f"{server.address}card/two/1/front?night=0&device=desktop")
        assert alone.evaluate("origin") == "null"


def test_a_card_that_sends_messages_without_end_is_taken_away_and_the_tool_goes_on(
    browser: Browser, server: Server
) -> None:
    with tool(browser, server, "#note=one-gaps", asks_only=False) as seen:
        frame = seen.frame("desktop-day", "front", note="one-gaps")
        frame.evaluate("() => { for (let count = 0; count < 50_000; count++) parent.postMessage({}, '*'); }")
        side = seen.side("desktop-day", "front")
        expect(side).to_have_attribute("data-state", "failed")
        expect(side.locator("iframe")).to_have_count(0)
        seen.page.keyboard.press("k")
        seen.choose("two")
        seen.frame("desktop-day", "front", note="two")
