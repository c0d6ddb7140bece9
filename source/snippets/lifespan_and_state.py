# card:
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request

log = []

@asynccontextmanager
async def lifespan(app: FastAPI):
    log.append("startup")
    yield {"hits": 0, "seen": []}
    log.append("shutdown")

app = FastAPI(lifespan=lifespan)

@app.get("/{name}")
def read(name: str, request: Request):
    request.state.hits += 1
    request.state.seen.append(name)
    return [request.state.hits, request.state.seen]
# end

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from fastapi import APIRouter, WebSocket
from fastapi.testclient import TestClient

with TestClient(app) as client:
    for name in ("a", "b"):
        response = client.get(f"/{name}")
        print(f"GET /{name}:", response.text)
        log.append(response.json())
print(log[0], "once,", log[-1], "once")

# Startup before the first request, shutdown after the last. The request gets a shallow copy of the state:
# the number starts at 0 each time, the list is one and the same.
assert log == ["startup", [1, ["a"]], [1, ["a", "b"]], "shutdown"]

# Event handlers are skipped when there is a lifespan, and nothing says so at startup.
for given in ({"lifespan": lifespan}, {}):
    log.clear()
    handlers = FastAPI(on_startup=[lambda: log.append("handler")], **given)
    with TestClient(handlers):
        pass
    assert log == (["startup", "shutdown"] if given else ["handler"])

log.clear()
decorated = FastAPI(lifespan=lifespan)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    decorated.on_event("startup")(lambda: log.append("handler"))
assert {w.category for w in caught} == {DeprecationWarning}
with TestClient(decorated):  # warnings are errors here, and none comes
    pass
assert log == ["startup", "shutdown"]


# An included router's handlers run all the same.
log.clear()
with_router = FastAPI(lifespan=lifespan, on_startup=[lambda: log.append("app's handler")])
with_router.include_router(APIRouter(on_startup=[lambda: log.append("router's handler")]))
with TestClient(with_router):
    pass
assert log == ["startup", "router's handler", "shutdown"]


# A mounted app's lifespan does not run, an included router's does, inside the app's own.
def named(name: str, **state):
    @asynccontextmanager
    async def run(app: FastAPI):
        log.append(f"{name} up")
        yield state or None
        log.append(f"{name} down")

    return run


child = FastAPI(lifespan=named("child", own="child"))
router = APIRouter(lifespan=named("router", both="router", extra="router"))
parent = FastAPI(lifespan=named("parent", both="parent"))


@child.get("/state")
@router.get("/state")
def state(request: Request):
    return dict(sorted(request.state._state.items()))


@parent.websocket("/ws")
async def ws(ws: WebSocket):
    await ws.accept()
    await ws.send_text(ws.state.both)


parent.include_router(router)
parent.mount("/child", child)
log.clear()
with TestClient(parent) as client:
    # The app's value wins over the router's; the mounted app's requests see the parent's state, not its own.
    assert client.get("/state").json() == {"both": "parent", "extra": "router"}
    assert client.get("/child/state").json() == {"both": "parent", "extra": "router"}
    with client.websocket_connect("/ws") as socket:
        assert socket.receive_text() == "parent"
assert log == ["parent up", "router up", "router down", "parent down"]


# The parent can run it: enter the child's lifespan context in its own.
@asynccontextmanager
async def both(app: FastAPI):
    async with child.router.lifespan_context(child) as child_state:
        yield child_state


outer = FastAPI(lifespan=both)
outer.mount("/child", child)
log.clear()
with TestClient(outer) as client:
    assert client.get("/child/state").json() == {"own": "child"}
assert log == ["child up", "child down"]


# A startup that raises keeps the app from serving.
@asynccontextmanager
async def failing(app: FastAPI):
    raise ConnectionError("no database")
    yield


try:
    with TestClient(FastAPI(lifespan=failing)):
        raise AssertionError
except ConnectionError:
    pass

# The real server says so and exits.
MODULE = """
from contextlib import asynccontextmanager
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    raise ConnectionError("no database")
    yield

app = FastAPI(lifespan=lifespan)
"""
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "failing_app.py").write_text(MODULE, "utf-8")
    command = [sys.executable, "-m", "uvicorn", "failing_app:app", "--app-dir", folder, "--port", "0"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
assert run.returncode == 3, run.stderr
assert "no database" in run.stderr and "Application startup failed" in run.stderr
assert "Uvicorn running" not in run.stderr
