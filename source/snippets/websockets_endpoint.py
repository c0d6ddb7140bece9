# card:
from fastapi import FastAPI, WebSocket
from fastapi import WebSocketDisconnect as Disconnect
from fastapi import WebSocketException

app = FastAPI()
log: list[str] = []

@app.websocket("/rooms/{room}")
async def chat(ws: WebSocket, room: int, token=""):
    await ws.accept()
    if token != "secret":
        raise WebSocketException(1008, "bad token")
    try:
        while True:
            said = await ws.receive_text()
            await ws.send_json([room, said])
    except Disconnect as gone:
        log.append(f"client left: {gone.code}")
# end

import logging
import socket
import threading
import time
from importlib.metadata import requires
from typing import Annotated

import uvicorn
from fastapi import Depends, HTTPException, Request, WebSocketDisconnect
from fastapi.requests import HTTPConnection
from fastapi.testclient import TestClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

client = TestClient(app)
with client.websocket_connect("/rooms/7?token=secret") as ws:
    ws.send_text("hello")
    first = ws.receive_json()
    print(first)
with client.websocket_connect("/rooms/7?token=guess") as ws:
    second = ws.receive()
    print(second["type"], second["code"], second["reason"])
print(log)

assert first == [7, "hello"]
assert second == {"type": "websocket.close", "code": 1008, "reason": "bad token"}
assert log == ["client left: 1000"]


def guard(token: str = "") -> str:
    if token != "secret":
        raise WebSocketException(code=1008)
    return token


async def resource():
    log.append("open")
    yield
    log.append("closed")


@app.websocket("/guarded")
async def guarded(ws: WebSocket, token: Annotated[str, Depends(guard)]):
    await ws.accept()
    await ws.send_text(token)
    await ws.close()


def with_request(request: Request) -> str:
    return "request"


def with_connection(connection: HTTPConnection) -> str:
    return connection.scope["type"]


@app.websocket("/with-request")
async def depends_on_request(ws: WebSocket, found: Annotated[str, Depends(with_request)]):
    await ws.accept()


@app.websocket("/with-connection")
async def depends_on_connection(ws: WebSocket, found: Annotated[str, Depends(with_connection)]):
    await ws.accept()
    await ws.send_text(found)


@app.websocket("/http-exception")
async def http_exception(ws: WebSocket):
    raise HTTPException(401, "who are you?")


@app.websocket("/http-exception-late")
async def http_exception_late(ws: WebSocket):
    await ws.accept()
    raise HTTPException(401, "who are you?")


@app.websocket("/no-accept")
async def no_accept(ws: WebSocket):
    for use in (ws.receive_text, lambda: ws.send_text("hello")):
        try:
            await use()
        except RuntimeError as error:
            log.append("accept" if "accept" in str(error) else "?")
    await ws.close()


@app.websocket("/silent")
async def silent(ws: WebSocket):
    await ws.accept()


@app.websocket("/plain-def")
def plain_def(ws: WebSocket):
    return None


@app.websocket("/held", dependencies=[Depends(resource)])
async def held(ws: WebSocket):
    await ws.accept()
    async for text in ws.iter_text():
        log.append(text)
    log.append("loop over")


@app.websocket("/crash")
async def crash(ws: WebSocket):
    await ws.accept()
    raise ValueError("bug")


logging.disable(logging.CRITICAL)


class Server:
    def __init__(self, **options):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None, **options))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *exc_info):
        self.server.should_exit = True
        self.thread.join()

    def refused(self, path: str) -> tuple[int, str]:
        try:
            connect(f"ws://{self.url}{path}").close()
        except InvalidStatus as error:
            return error.response.status_code, bytes(error.response.body or b"").decode()
        raise AssertionError("accepted")

    def closed_with(self, path: str) -> int:
        with connect(f"ws://{self.url}{path}") as ws:
            try:
                while True:
                    ws.recv()
            except ConnectionClosed as error:
                return error.rcvd.code if error.rcvd else 1006


with Server() as server:
    # After accept, the close code reaches the client. Before it, the client sees a refused handshake: HTTP 403.
    assert server.closed_with("/rooms/7") == 1008
    assert server.refused("/guarded")[0] == 403
    assert server.closed_with("/guarded?token=secret") == 1000
    # The same refusal for a parameter that does not validate, and for a path that does not exist.
    assert server.refused("/rooms/lobby")[0] == 403
    assert server.refused("/nowhere")[0] == 403
    # HTTPException before accept is an HTTP answer to the handshake; after it, the connection ends without a code.
    assert server.refused("/http-exception") == (401, '{"detail":"who are you?"}')
    assert server.closed_with("/http-exception-late") == 1006
    # A plain `def` endpoint is called and its result awaited: the handshake fails.
    assert server.refused("/plain-def")[0] == 500
    # An unhandled exception, or an endpoint that returns without close(): no close frame.
    assert server.closed_with("/crash") == 1006
    assert server.closed_with("/silent") == 1006
    # Nothing works before accept.
    log.clear()
    assert server.refused("/no-accept")[0] == 403
    assert log == ["accept", "accept"]
    # A dependency with `yield` stays open as long as the connection.
    log.clear()
    with connect(f"ws://{server.url}/held") as ws:
        ws.send("one")
        ws.send("two")
    for _ in range(400):
        if "closed" in log:
            break
        time.sleep(0.005)
    assert log == ["open", "one", "two", "loop over", "closed"]

# Without a WebSocket library, uvicorn treats the handshake as a plain GET: no such route.
with Server(ws="none") as server:
    assert server.refused("/guarded?token=secret")[0] == 404

# In the TestClient a refused handshake raises WebSocketDisconnect from websocket_connect.
for path in ("/guarded", "/rooms/lobby"):
    try:
        with client.websocket_connect(path):
            raise AssertionError("accepted")
    except WebSocketDisconnect as error:
        assert error.code == 1008

# A dependency that asks for a Request gets none on a WebSocket; HTTPConnection is there for both.
with client.websocket_connect("/with-connection") as ws:
    assert ws.receive_text() == "websocket"
try:
    with client.websocket_connect("/with-request"):
        raise AssertionError("accepted")
except TypeError as error:
    assert "missing 1 required positional argument: 'request'" in str(error)

# fastapi[standard] asks for uvicorn[standard], which asks for websockets; bare uvicorn does not.
assert any(name.startswith("uvicorn[standard]") and "standard" in name.split(";")[1] for name in requires("fastapi"))
needs = [name for name in requires("uvicorn") if name.startswith("websockets")]
assert needs and all("extra ==" in name for name in needs)
