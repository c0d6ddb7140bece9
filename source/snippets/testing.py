# card:
from contextlib import asynccontextmanager
from fastapi import FastAPI
from fastapi.testclient import TestClient

@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.greeting = "hello"
    yield

app = FastAPI(lifespan=lifespan)

@app.get("/greet/{name}")
def greet(name: str) -> str:
    return f"{app.state.greeting} {name}"

def test_greet():
    with TestClient(app) as client:
        response = client.get("/greet/Ann")
    assert response.status_code == 200
    assert response.json() == "hello Ann"
# end

import asyncio
import subprocess
import sys
from typing import Annotated
from unittest.mock import patch

import httpx2
from fastapi import BackgroundTasks, Cookie, Depends, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import RedirectResponse

# Without `with` the lifespan does not run: the endpoint fails, and the client raises the endpoint's own exception.
try:
    TestClient(app).get("/greet/Ann")
    outcome = "?"
except AttributeError:
    outcome = "AttributeError"

# No network: the test passes when sockets cannot connect or listen.
with patch("socket.socket.connect", side_effect=OSError), patch("socket.socket.listen", side_effect=OSError):
    test_greet()
print("with:    test_greet passed")
print("without:", outcome)
assert outcome == "AttributeError"


# raise_server_exceptions=False shows what a client would get.
app.state._state.clear()
response = TestClient(app, raise_server_exceptions=False).get("/greet/Ann")
assert (response.status_code, response.text) == (500, "Internal Server Error")

# An AsyncClient on ASGITransport does not run the lifespan either.


async def asynchronous() -> str:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        try:
            return (await client.get("/greet/Ann")).text
        except AttributeError:
            return "AttributeError"


assert asyncio.run(asynchronous()) == "AttributeError"

# A failing startup fails the test at the `with` line; leaving the block runs the shutdown part.
log: list[str] = []


@asynccontextmanager
async def logged(app: FastAPI):
    log.append("startup")
    if len(log) > 1:
        raise ConnectionError("no database")
    yield
    log.append("shutdown")


with TestClient(FastAPI(lifespan=logged)):
    assert log == ["startup"]
assert log == ["startup", "shutdown"]
try:
    with TestClient(FastAPI(lifespan=logged)):
        raise AssertionError
except ConnectionError:
    pass

plain = FastAPI()


def price() -> int:
    raise RuntimeError("calls the real service")


async def task():
    await asyncio.sleep(0.01)
    log.append("task")


@plain.get("/price")
def read_price(value: Annotated[int, Depends(price)]) -> int:
    return value


@plain.get("/old")
def old():
    return RedirectResponse("/task")


@plain.get("/task")
def run_task(tasks: BackgroundTasks) -> str:
    tasks.add_task(task)
    return "scheduled"


@plain.get("/login")
def login(response: Response):
    response.set_cookie("user", "ann")


@plain.get("/me")
def me(user: Annotated[str | None, Cookie()] = None) -> str | None:
    return user


@plain.websocket("/double")
async def double(ws: WebSocket, token: str):
    await ws.accept()
    await ws.send_json(2 * await ws.receive_json())


client = TestClient(plain)
assert isinstance(client, httpx2.Client)
# An override replaces the dependency, and stays until the test takes it back.
plain.dependency_overrides[price] = lambda: 5
assert client.get("/price").json() == TestClient(plain).get("/price").json() == 5
plain.dependency_overrides.clear()
try:
    client.get("/price")
    raise AssertionError
except RuntimeError:
    pass
# The call returns when the background tasks are done.
log.clear()
assert client.get("/task").json() == "scheduled" and log == ["task"]
# Redirects are followed unless told otherwise; cookies stay on the client.
assert client.get("/old").json() == "scheduled" and client.get("/old", follow_redirects=False).status_code == 307
client.get("/login")
assert client.get("/me").json() == "ann" and TestClient(plain).get("/me").json() is None
# WebSockets: a refused handshake raises at the `with` line.
with client.websocket_connect("/double?token=t") as ws:
    ws.send_json(21)
    assert ws.receive_json() == 42
try:
    with client.websocket_connect("/double"):
        raise AssertionError
except WebSocketDisconnect as error:
    assert error.code == 1008

# TestClient wants httpx2: a deprecation warning with httpx alone, an error with neither.
hide = "import sys, warnings; sys.modules.update({}); warnings.simplefilter('error'); import starlette.testclient"
for hidden, expected in (
    ("httpx2=None", "StarletteDeprecationWarning"),
    ("httpx2=None, httpx=None", "RuntimeError: The starlette.testclient module requires the httpx2 package"),
):
    code = hide.format(f"dict({hidden})")
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert run.returncode != 0
    assert expected in run.stderr or (hidden == "httpx2=None" and "requires the httpx2 package" in run.stderr)
