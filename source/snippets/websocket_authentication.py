from typing import Annotated

# card:
from fastapi import Cookie, Depends, FastAPI
from fastapi import WebSocket, WebSocketException

app = FastAPI()
ORIGINS = {"https://shop.example"}
SESSIONS = {"a1b2": "ann"}
Session = Annotated[str, Cookie()]

def user(ws: WebSocket, session: Session = ""):
    if ws.headers.get("origin") not in ORIGINS:
        raise WebSocketException(1008, "origin")
    if session not in SESSIONS:
        raise WebSocketException(1008, "session")
    return SESSIONS[session]
User = Annotated[str, Depends(user)]

@app.websocket("/orders")
async def orders(ws: WebSocket, name: User):
    await ws.accept()
    await ws.send_text(f"orders of {name}")
# end

import asyncio

from fastapi import WebSocketDisconnect
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer
from fastapi.testclient import TestClient

client = TestClient(app)


def attempt(path: str, client: TestClient = client, **headers: str) -> str:
    try:
        with client.websocket_connect(path, headers=headers) as ws:
            return ws.receive_text()
    except WebSocketDisconnect as error:
        status = getattr(error, "status_code", None)
        return f"HTTP {status}" if status else f"refused: {error.reason}"


SHOP, EVIL = "https://shop.example", "https://evil.example"
for name, headers, expected in (
    ("shop, cookie:   ", {"Origin": SHOP, "Cookie": "session=a1b2"}, "orders of ann"),
    ("shop, no cookie:", {"Origin": SHOP}, "refused: session"),
    ("evil, cookie:   ", {"Origin": EVIL, "Cookie": "session=a1b2"}, "refused: origin"),
):
    result = attempt("/orders", **headers)
    print(name, result)
    assert result == expected

# CORSMiddleware does nothing for WebSockets: without a check of Origin, any site's page may connect.
open_app = FastAPI()
open_app.add_middleware(CORSMiddleware, allow_origins=[SHOP], allow_credentials=True)


@open_app.websocket("/cookie")
async def by_cookie(ws: WebSocket, session: Annotated[str, Depends(APIKeyCookie(name="session"))]):
    await ws.accept()
    await ws.send_text(session)


# Security classes work on WebSockets: without credentials the handshake is answered with 401, before the endpoint.
@open_app.websocket("/bearer")
async def by_header(ws: WebSocket, token: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]):
    await ws.accept()
    await ws.send_text(token.credentials)


@open_app.websocket("/oauth2")
async def by_oauth2(ws: WebSocket, token: Annotated[str, Depends(OAuth2PasswordBearer("token"))]):
    await ws.accept()
    await ws.send_text(token)


# The token as the first message: accept, wait for it with a time limit, close with a code that the page can read.
@open_app.websocket("/first-message")
async def by_message(ws: WebSocket):
    await ws.accept()
    async with asyncio.timeout(5):
        token = await ws.receive_text()
    if token != "good":
        raise WebSocketException(1008, "bad token")
    await ws.send_text("welcome")


# The subprotocol is a header that a page can set.
@open_app.websocket("/subprotocol")
async def by_subprotocol(ws: WebSocket):
    name, token = ws.scope["subprotocols"]
    await ws.accept(subprotocol=name)
    await ws.send_text(token)


opened = TestClient(open_app)
assert attempt("/cookie", opened, Origin=EVIL, Cookie="session=a1b2") == "a1b2"
for path in ("/cookie", "/bearer", "/oauth2"):
    assert attempt(path, opened, Origin=SHOP) == "HTTP 401"
for path in ("/bearer", "/oauth2"):
    assert attempt(path, opened, Authorization="Bearer made-up") == "made-up"
for token, expected in (("good", "welcome"), ("bad", 1008)):
    with opened.websocket_connect("/first-message") as ws:
        ws.send_text(token)
        try:
            assert ws.receive_text() == expected
        except WebSocketDisconnect as error:
            assert error.code == expected
with opened.websocket_connect("/subprotocol", subprotocols=["token", "t1"]) as ws:
    assert ws.accepted_subprotocol == "token" and ws.receive_text() == "t1"

# The check is made at the handshake only: a session that ends later leaves the connection open.
live = FastAPI()


@live.websocket("/echo")
async def echo(ws: WebSocket, name: Annotated[str, Depends(user)]):
    await ws.accept()
    async for text in ws.iter_text():
        await ws.send_text(f"{name}: {text}")


with TestClient(live).websocket_connect("/echo", headers={"Origin": SHOP, "Cookie": "session=a1b2"}) as ws:
    SESSIONS.clear()
    ws.send_text("still here")
    assert ws.receive_text() == "ann: still here"
