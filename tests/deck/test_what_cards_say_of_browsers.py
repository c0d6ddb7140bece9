"""What the cards say of browsers is what Chromium does: preflights, cookies, event streams, WebSockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

import pytest
import uvicorn
from fastapi import FastAPI, Header, Response, WebSocket, sse
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Page
from starlette.types import Receive, Scope, Send

# Chromium takes every name below `localhost` for the machine itself. To it, `shop.localhost` and `evil.localhost` are
# two sites, and `blog.shop.localhost` is of the first one.
SHOP, BLOG, EVIL, FRONT = "shop.localhost", "blog.shop.localhost", "evil.localhost", "front.localhost"


@dataclass(frozen=True)
class Asked:
    """A request that reached the server, before any middleware."""

    method: str
    content_type: str | None
    cookies: frozenset[str]
    origin: str | None


@dataclass
class Server:
    """A real Uvicorn with a shop that one front end may call, and what reached it."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    last_event_ids: list[str | None] = field(default_factory=list)
    feeds: list[tuple[str | None, frozenset[str]]] = field(default_factory=list)

    def address(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def take(self) -> list[Asked]:
        """Return what was asked since the last call."""
        taken, self.asked = self.asked, []
        return taken


def names(cookie: str | None) -> frozenset[str]:
    return frozenset(each.partition("=")[0].strip() for each in (cookie or "").split(";") if each.strip())


def make_shop(server: Server) -> FastAPI:
    shop = FastAPI()

    @shop.get("/page")
    def page() -> Response:
        return HTMLResponse("<h1>page</h1>")

    @shop.get("/login")
    def log_in(response: Response) -> str:
        response.set_cookie("plain", "1")
        response.set_cookie("hidden", "1", httponly=True)
        response.set_cookie("strict", "1", samesite="strict")
        response.set_cookie("none", "1", samesite="none", secure=True)
        response.set_cookie("none-insecure", "1", samesite="none")
        return "in"

    @shop.get("/cart")
    @shop.post("/cart")
    @shop.put("/cart")
    def cart() -> Response:
        return HTMLResponse("done", headers={"X-Total-Count": "3"})

    @shop.get("/events", response_class=sse.EventSourceResponse)
    async def events(last_event_id: Annotated[str | None, Header()] = None) -> AsyncIterable[sse.ServerSentEvent]:
        server.last_event_ids.append(last_event_id)
        number = int(last_event_id or 0) + 1
        yield sse.ServerSentEvent(data=number, id=str(number), retry=20)

    @shop.websocket("/feed")
    async def feed(ws: WebSocket) -> None:
        server.feeds.append((ws.headers.get("origin"), names(ws.headers.get("cookie"))))
        await ws.accept()
        await ws.send_text("news")

    return shop


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    shop = make_shop(running)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/cart":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            seen = Asked(
                scope["method"], headers.get("content-type"), names(headers.get("cookie")), headers.get("origin")
            )
            running.asked.append(seen)
        await shop(scope, receive, send)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    running.port = listener.getsockname()[1]
    shop.add_middleware(CORSMiddleware, allow_origins=[running.address(FRONT, "")])
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    uvicorn_server = uvicorn.Server(config)
    thread = threading.Thread(target=uvicorn_server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not uvicorn_server.started:
            time.sleep(0.005)
        yield running
    finally:
        uvicorn_server.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()
    server.take()


def fetch(page: Page, server: Server, options: str = "{}") -> object:
    """Return what a script of the page gets from the shop: a status and a header, or that it failed."""
    script = """async ([url, options]) => {
        try {
            const response = await fetch(url, new Function(`return ${options}`)());
            return [response.status, response.headers.get("X-Total-Count")];
        } catch { return "failed"; }
    }"""
    return page.evaluate(script, [server.address(SHOP, "/cart"), options])


@pytest.mark.parametrize(
    "options",
    [
        '{method: "PUT"}',
        '{headers: {Authorization: "Bearer x"}}',
        '{method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"}',
    ],
    ids=["PUT", "Authorization", "JSON"],
)
def test_after_a_refused_preflight_the_browser_sends_nothing(page: Page, server: Server, options: str) -> None:
    page.goto(server.address(EVIL, "/page"))
    assert fetch(page, server, options) == "failed"
    (preflight,) = server.take()
    assert (preflight.method, preflight.cookies) == ("OPTIONS", frozenset())


@pytest.mark.parametrize(
    ("options", "method", "content_type"),
    [
        ("{}", "GET", None),
        ('{method: "POST", body: "text"}', "POST", "text/plain;charset=UTF-8"),
        ('{method: "POST", body: new Blob(["{}"])}', "POST", None),
        (
            '{method: "POST", body: new URLSearchParams("a=1")}',
            "POST",
            "application/x-www-form-urlencoded;charset=UTF-8",
        ),
    ],
    ids=["GET", "text", "no type", "form"],
)
def test_what_a_form_could_send_arrives_without_a_preflight(
    page: Page, server: Server, options: str, method: str, content_type: str | None
) -> None:
    page.goto(server.address(EVIL, "/page"))
    assert fetch(page, server, options) == "failed"
    (only,) = server.take()
    assert (only.method, only.content_type, only.origin) == (method, content_type, server.address(EVIL, ""))


def test_an_allowed_page_may_post_though_get_alone_is_listed_and_reads_few_headers(page: Page, server: Server) -> None:
    page.goto(server.address(FRONT, "/page"))
    assert fetch(page, server, '{method: "POST", body: "text"}') == [200, None]
    assert [asked.method for asked in server.take()] == ["POST"]
    assert fetch(page, server, '{method: "PUT"}') == "failed"


def submit_form(page: Page, server: Server) -> frozenset[str]:
    """Let the page send a form to the shop, and return the cookies that go along."""
    script = """url => {
        const form = document.body.appendChild(document.createElement("form"));
        Object.assign(form, {method: "post", action: url});
        form.submit();
    }"""
    with page.expect_navigation():
        page.evaluate(script, server.address(SHOP, "/cart"))
    (asked,) = server.take()
    assert asked.method == "POST"
    return asked.cookies


def follow_link(page: Page, server: Server) -> frozenset[str]:
    with page.expect_navigation():
        page.evaluate("url => { location.href = url }", server.address(SHOP, "/cart"))
    (asked,) = server.take()
    return asked.cookies


def test_cookies_go_along_by_site_and_not_by_origin(page: Page, server: Server) -> None:
    page.goto(server.address(SHOP, "/login"))
    # A script reads what is not `HttpOnly`; without `Secure`, `SameSite=None` is refused.
    readable = names(page.evaluate("document.cookie"))
    assert readable == {"plain", "strict", "none"}
    everything = readable | {"hidden"}
    for host, by_form, by_link in (
        (EVIL, {"none"}, {"plain", "hidden", "none"}),
        (BLOG, everything, everything),
        (SHOP, everything, everything),
    ):
        page.goto(server.address(host, "/page"))
        assert submit_form(page, server) == by_form, host
        page.goto(server.address(host, "/page"))
        assert follow_link(page, server) == by_link, host


def test_any_page_opens_a_websocket_and_one_of_the_same_site_brings_strict_cookies(page: Page, server: Server) -> None:
    page.goto(server.address(SHOP, "/login"))
    script = "url => new Promise(done => { new WebSocket(url).onmessage = event => done(event.data) })"
    for host in (EVIL, BLOG):
        page.goto(server.address(host, "/page"))
        assert page.evaluate(script, server.address(SHOP, "/feed").replace("http", "ws")) == "news"
    (from_evil, evil_cookies), (from_blog, blog_cookies) = server.feeds
    assert (from_evil, from_blog) == (server.address(EVIL, ""), server.address(BLOG, ""))
    assert blog_cookies == {"plain", "hidden", "strict", "none"}
    # Whether another site's page brings even `SameSite=None` depends on the browser's setting for third-party cookies.
    assert evil_cookies <= {"none"}


def test_an_event_source_that_reconnects_says_where_it_was(page: Page, server: Server) -> None:
    page.goto(server.address(SHOP, "/page"))
    script = """() => new Promise(done => {
        const source = new EventSource("/events");
        source.onmessage = event => { if (event.data === "3") { source.close(); done(event.lastEventId); } };
    })"""
    assert page.evaluate(script) == "3"
    assert server.last_event_ids == [None, "1", "2"]
