"""The local interface: what a browser asks for, and with which headers it is answered. It tells, and takes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from mimetypes import guess_type
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cardpress.anki.card_window import Device, Side, Window, show_card
from cardpress.disk.reading import UnreadableError, read_file
from cardpress.engine import ROOT
from cardpress.serve.announcing import Announcer
from cardpress.serve.outputs import OutputRoom
from cardpress.serve.state import State, Told, describe
from cardpress.source.media.formats import guess_media_type

_HOSTS = ("127.0.0.1", "localhost")
_SHELL = ROOT / "templates" / "serve"
_FONTS = ROOT / "templates" / "web" / "fonts"
# Names of files without folders, of the kinds that a page is made of.
_ASSET = re.compile(r"[a-z0-9][a-z0-9_.-]{0,60}\.(?:css|js|mjs|svg|png|woff2)")
_FONT = re.compile(r"[A-Za-z0-9-]{1,60}\.woff2")
# Of a card, as it is written in addresses.
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
# Runs in a card's own document.
_FRAME_SCRIPT = "frame.js"
_MEDIA = "/media/"
_API = "/api/"
_METHODS = ("GET", "HEAD")
_YES = ("1", "true")

_EVERYWHERE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Who may load an answer into a page.
_LOADED_BY = "Cross-Origin-Resource-Policy"
# What browsers send with what a page from elsewhere asks for. Those would hold the streams that the tool needs.
_STRANGERS = ("cross-site", "same-site")
_FRAMED = "frame-ancestors 'self'"
# Of the shell: it runs what is its own, and nothing else.
_SHELL_POLICY = f"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; {_FRAMED}"
# Of what is data, should somebody open it by itself: a drawing can hold script.
_DATA_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; sandbox; {_FRAMED}"
# Of a PDF, which a browser shows with a program of its own.
_PDF_POLICY = _FRAMED
# Of the page, which brings a policy of its own. Without the origin it reads nothing of the server, whatever an author's
# script in it tries.
_PAGE_POLICY = f"sandbox allow-scripts allow-popups allow-downloads allow-modals; {_FRAMED}"


def make_app(
    announcer: Announcer,
    project: str,
    port: int,
    name_commands: Callable[[str], str] = lambda text: text,
    root: str | None = None,
) -> ASGIApp:
    """Return the local interface to what the announcer holds.

    `project` is the name of the project's folder, `root` the whole path, if editors may be told it.
    """
    desk = _Desk(announcer, project, name_commands, root)
    routes = [
        Route("/", desk.shell),
        Route("/assets/{name}", desk.asset),
        Route("/assets/fonts/{name}", desk.font),
        Route("/api/state", desk.state),
        Route("/api/events", desk.events),
        Route("/card/{note}/{number}/{side}", desk.card),
        Route("/media/{name:path}", desk.media),
        Route("/outputs/page", desk.page),
        Route("/outputs/{name}", desk.sheet),
    ]
    return _Guard(Starlette(routes=routes), port)


class _Desk:
    """Answers each request. What is not `async` is answered in a thread, so that nobody waits for it."""

    def __init__(
        self, announcer: Announcer, project: str, name_commands: Callable[[str], str], root: str | None
    ) -> None:
        self._announcer = announcer
        self._project = project
        self._name_commands = name_commands
        self._root = root
        self._outputs = OutputRoom()
        self._told: Told = {}

    @property
    def _state(self) -> State:
        return self._announcer.state

    def shell(self, _: Request) -> Response:
        return _read_asset("index.html", "text/html; charset=utf-8")

    def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not _ASSET.fullmatch(name):
            return _missing()
        ending = name[name.rindex(".") :]
        return _read_asset(name, _TYPES.get(ending) or guess_type(name)[0] or "application/octet-stream")

    def font(self, request: Request) -> Response:
        name = request.path_params["name"]
        return _read_asset(name, "font/woff2", _FONTS) if _FONT.fullmatch(name) else _missing()

    def state(self, _: Request) -> Response:
        said = describe(self._state, self._project, self._name_commands, self._root, self._told)
        return _with_policy(JSONResponse(said), _DATA_POLICY)

    async def events(self, request: Request) -> Response:
        if self._announcer.is_full:
            return PlainTextResponse("too many listen already", 503)
        if request.method == "HEAD":  # which has no stream to follow
            return _with_policy(Response(media_type="text/event-stream"), _DATA_POLICY)
        return _with_policy(StreamingResponse(self._announcer.listen(), media_type="text/event-stream"), _DATA_POLICY)

    def card(self, request: Request) -> Response:
        asked, wanted = request.path_params, request.query_params
        shown = self._state.shown
        note = shown.find(asked["note"]) if shown else None
        if shown is None or note is None or asked["side"] not in tuple(Side) or not _NUMBER.fullmatch(asked["number"]):
            return _missing()
        number = int(asked["number"])
        card = next((each for each in shown.maker.make(note) if each.number == number), None)
        if card is None:
            return _missing()
        device = Device.PHONE if wanted.get("device") == Device.PHONE else Device.DESKTOP
        window = Window(wanted.get("night") in _YES, device, _MEDIA)
        document = _insert_script(show_card(shown.deck, card, Side(asked["side"]), window))
        return _with_policy(HTMLResponse(document), write_card_policy(request.headers["host"]))

    def media(self, request: Request) -> Response:
        shown = self._state.shown
        media = (*shown.deck.media, *shown.deck.media_of_anki) if shown else ()
        found = next((each for each in media if each.name == request.path_params["name"]), None)
        if found is None:
            return _missing()
        kind = guess_media_type(found.name) or "application/octet-stream"
        # Cards load them, which have no origin.
        headers = {_LOADED_BY: "cross-origin"}
        return _with_policy(Response(found.data, media_type=kind, headers=headers), _DATA_POLICY)

    async def page(self, _: Request) -> Response:
        made = await self._announcer.make_apart(partial(self._outputs.make_page, self._state.printed))
        if made is None:
            return _missing()
        if isinstance(made, str):
            return _explain(made)
        return _with_policy(Response(made, media_type="text/html; charset=utf-8"), _PAGE_POLICY)

    async def sheet(self, request: Request) -> Response:
        name = request.path_params["name"]
        made = await self._announcer.make_apart(partial(self._outputs.make_sheet, self._state.printed, name))
        if made is None:
            return _missing()
        if isinstance(made, str):
            return _explain(made)
        return _with_policy(Response(made, media_type="application/pdf"), _PDF_POLICY)


def write_card_policy(host: str) -> str:
    """Return the policy of a card, which may hold an author's script: it loads pictures and sounds, and nothing else.

    Without an origin, it is a stranger to this server, too.
    """
    media = f"http://{host}{_MEDIA}"
    loads = "; ".join(f"{kind} {media} data:" for kind in ("img-src", "media-src", "font-src"))
    runs = "script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    return (
        f"default-src 'none'; {runs}; {loads}; base-uri {media}; form-action 'none'; sandbox allow-scripts; {_FRAMED}"
    )


def _insert_script(document: str) -> str:
    """Return a card's document that tells the tool around it how high it is."""
    head, end, tail = document.rpartition("</body>")
    script = read_file(_SHELL / _FRAME_SCRIPT, _SHELL).decode().replace("</", "<\\/")
    return f"{head}<script>\n{script}</script>\n{end}{tail}"


def _read_asset(name: str, kind: str, folder: Path = _SHELL) -> Response:
    try:
        data = read_file(folder / name, folder)
    except UnreadableError:
        return _missing()
    return _with_policy(Response(data, media_type=kind), _SHELL_POLICY)


def _with_policy(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    return response


def _missing() -> Response:
    return PlainTextResponse("there is nothing here", 404)


def _explain(why: str) -> Response:
    """Return an answer in place of what cannot be made: a report as in the terminal."""
    return PlainTextResponse(why, 422)


class _Guard:
    """Lets only requests through that are for this server and ask for something, and adds the headers of all answers.

    A page from elsewhere can have its name lead to 127.0.0.1; it cannot hide that name.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{host}:{port}" for host in _HOSTS} | (set(_HOSTS) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", _DATA_POLICY)
                headers.setdefault(_LOADED_BY, "same-origin")
            await send(message)

        told = Headers(scope=scope)
        hosts = told.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            await PlainTextResponse("this server has another name", 400)(scope, receive, send_with_headers)
        elif scope["method"] not in _METHODS:
            refusal = PlainTextResponse("this server only shows", 405, {"Allow": ", ".join(_METHODS)})
            await refusal(scope, receive, send_with_headers)
        elif scope["path"].startswith(_API) and told.get("sec-fetch-site") in _STRANGERS:
            await PlainTextResponse("this is for the tool alone", 403)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)
