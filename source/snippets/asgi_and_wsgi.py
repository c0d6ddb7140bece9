# card:
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient

api = FastAPI()

@api.get("/hi")
async def hi(): return "hi"

@api.websocket("/live")
async def live(ws: WebSocket): await ws.accept()

async def spy(scope, receive, send):
    async def log(message):
        print(scope["type"], "sends", message["type"])
        await send(message)
    await api(scope, receive, log)

with TestClient(spy) as client:
    client.get("/hi")
    with client.websocket_connect("/live"): pass
# end

import asyncio
import contextlib
import inspect
import io
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx2
import uvicorn

# The call itself: ASGI is awaited with three arguments, WSGI is called with two and returns the body.
assert list(inspect.signature(FastAPI.__call__).parameters) == ["self", "scope", "receive", "send"]
assert inspect.iscoroutinefunction(FastAPI.__call__)
bare = FastAPI()
try:
    bare({"REQUEST_METHOD": "GET"}, lambda status, headers: None)
    raise AssertionError
except TypeError as error:
    assert "missing 1 required positional argument: 'send'" in str(error)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args): ...


@contextlib.contextmanager
def serving_wsgi(app):
    """Serve a WSGI app with the standard library's server, which calls it in one thread."""
    server = WSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(app)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def serving_asgi(app):
    """Serve an ASGI app with Uvicorn: one process, one event loop."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def five_at_once(address: str) -> list[int]:
    with httpx2.Client(base_url=address, trust_env=False) as client, ThreadPoolExecutor(5) as pool:
        return list(pool.map(lambda _: client.get("/").status_code, range(5)))


# One thread, five requests that wait: the WSGI call holds the thread, the ASGI call hands it on at its await.
inside, most = 0, {"wsgi": 0, "asgi": 0}


def wsgi_app(environ, start_response):
    global inside
    inside += 1
    most["wsgi"] = max(most["wsgi"], inside)
    time.sleep(0.02)
    inside -= 1
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


with serving_wsgi(wsgi_app) as address:
    assert five_at_once(address) == [200] * 5
assert most["wsgi"] == 1

waiting = FastAPI()
all_here = asyncio.Event()


@waiting.get("/")
async def wait():
    global inside
    inside += 1
    most["asgi"] = max(most["asgi"], inside)
    if inside == 5:
        all_here.set()
    await asyncio.wait_for(all_here.wait(), 10)


with serving_asgi(waiting) as address:
    assert five_at_once(address) == [200] * 5
assert most["asgi"] == 5

# A WSGI server cannot run a FastAPI app: the call has one argument too few.
with contextlib.redirect_stderr(io.StringIO()) as errors, serving_wsgi(bare) as address:
    assert httpx2.get(address, trust_env=False).status_code == 500
assert "missing 1 required positional argument: 'send'" in errors.getvalue()


# Uvicorn calls with the same messages as the test client.
seen = []


async def spy_again(scope, receive, send):
    async def log(message):
        seen.append((scope["type"], message["type"]))
        await send(message)

    await api(scope, receive, log)


with serving_asgi(spy_again) as address:
    assert httpx2.get(f"{address}/hi", trust_env=False).json() == "hi"
assert seen[:3] == [
    ("lifespan", "lifespan.startup.complete"),
    ("http", "http.response.start"),
    ("http", "http.response.body"),
]

# An answer may have more than one message with a part of the body.
from fastapi.responses import StreamingResponse


@api.get("/parts")
def parts():
    return StreamingResponse(iter("ab"))


seen.clear()
assert TestClient(spy_again).get("/parts").text == "ab"
assert [kind for _, kind in seen] == ["http.response.start"] + ["http.response.body"] * 3

# The way of a request: middleware, routing, dependencies, endpoint. Routing has not happened when the middleware begins.
from typing import Annotated

from fastapi import Depends, Request

way = []
layered = FastAPI()


@layered.middleware("http")
async def outer(request: Request, call_next):
    way.append(("middleware", "route" in request.scope))
    return await call_next(request)


def dependency(request: Request) -> None:
    way.append(("dependency", "route" in request.scope))


@layered.get("/")
async def endpoint(nothing: Annotated[None, Depends(dependency)]):
    way.append(("endpoint", True))


TestClient(layered).get("/")
assert way == [("middleware", False), ("dependency", True), ("endpoint", True)]
