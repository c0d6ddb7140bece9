import asyncio
import threading
import time
from collections.abc import AsyncIterable

import httpx2
import uvicorn
from fastapi import Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

# card:
from collections.abc import Iterable

from fastapi import FastAPI, sse
from pydantic import BaseModel

class Step(BaseModel):
    done: int

app = FastAPI()
@app.get("/lines")
def lines() -> Iterable[Step]:
    yield Step(done=1)
    yield {"done": "2", "secret": "s"}

@app.get(
    "/events", response_class=sse.EventSourceResponse
)
def events() -> Iterable[sse.ServerSentEvent]:
    yield sse.ServerSentEvent(data={"done": 1}, id="1")
    yield sse.ServerSentEvent(raw_data="[DONE]")
# end

client = TestClient(app, raise_server_exceptions=False)
for path in ("/lines", "/events"):
    response = client.get(path)
    print(response.headers["content-type"].split(";")[0])
    print(response.text.strip())

assert client.get("/lines").text == '{"done":1}\n{"done":2}\n'
assert client.get("/events").text == 'data: {"done": 1}\nid: 1\n\ndata: [DONE]\n\n'
headers = client.get("/events").headers
assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-cache", "no")
assert "content-length" not in client.get("/lines").headers

# The item type is documented as the schema of one item.
paths = app.openapi()["paths"]
content = paths["/lines"]["get"]["responses"]["200"]["content"]
assert content == {"application/jsonl": {"itemSchema": {"$ref": "#/components/schemas/Step"}}}
assert "itemSchema" in paths["/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]

# FastAPI sends a comment when an event stream has been silent for 15 seconds.
assert sse._PING_INTERVAL == 15.0 and sse.KEEPALIVE_COMMENT == b": ping\n\n"

threads: list[int] = []


@app.get("/sync")
def sync() -> Iterable[int]:
    threads.append(threading.get_ident())
    yield 1


@app.get("/async")
async def not_sync() -> AsyncIterable[int]:
    threads.append(threading.get_ident())
    yield 1


@app.get("/returned")
def returned() -> Iterable[Step]:
    return [Step(done=1)]


@app.get("/untyped")
def untyped():
    yield {"text": "two\nlines"}


@app.get("/strings", response_class=sse.EventSourceResponse)
@app.post("/strings", response_class=sse.EventSourceResponse)
def strings() -> Iterable[str]:
    yield "hi"


# `return` gives one JSON array; without a return type the lines are still JSON Lines.
assert client.get("/returned").text == '[{"done":1}]'
assert client.get("/untyped").headers["content-type"] == "application/jsonl"
assert client.get("/untyped").text == '{"text": "two\\nlines"}\n'
# Strings are JSON too, and SSE works with any method.
assert client.get("/strings").text == client.post("/strings").text == 'data: "hi"\n\n'

# Errors. In the generator they come after the status; in a dependency they come before it.
ended: list[str] = []


def known(n: int):
    if n != 1:
        raise HTTPException(404)


@app.get("/middle")
def middle() -> Iterable[Step]:
    try:
        yield Step(done=1)
        yield {"done": "x"}
    finally:
        ended.append("middle")


@app.get("/first")
def first(n: int = 0) -> Iterable[Step]:
    known(n)
    yield Step(done=n)


@app.get("/checked", dependencies=[Depends(known)])
def checked(n: int) -> Iterable[Step]:
    yield Step(done=n)


behind = FastAPI()
behind.get("/middle")(middle)


@behind.middleware("http")
async def pass_on(request: Request, call_next):
    return await call_next(request)


app.mount("/behind", behind)


@app.get("/failing-events", response_class=sse.EventSourceResponse)
async def failing_events() -> AsyncIterable[Step]:
    yield Step(done=1)
    await asyncio.sleep(0.02)
    raise HTTPException(404)


# A default_response_class is a response class: the generator goes to it as it is.
with_class = FastAPI(default_response_class=JSONResponse)
with_class.get("/untyped")(untyped)
try:
    TestClient(with_class).get("/untyped")
    raise AssertionError
except TypeError as error:
    assert "generator is not JSON serializable" in str(error)

server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
thread = threading.Thread(target=server.run)
thread.start()
while not server.started:
    time.sleep(0.005)
base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


def fetch(path: str) -> tuple[int, bytes, bool]:
    """The status, the bytes that arrived, and whether the transfer ended as HTTP says it should."""
    received = b""
    with httpx2.stream("GET", base + path, trust_env=False) as response:
        try:
            for chunk in response.iter_raw():
                received += chunk
        except httpx2.RemoteProtocolError:
            return response.status_code, received, False
        return response.status_code, received, True


try:
    assert fetch("/lines") == (200, b'{"done":1}\n{"done":2}\n', True)
    assert fetch("/middle") == (200, b'{"done":1}\n', False)
    assert fetch("/first") == (200, b"", False)
    # An HTTP middleware ends the response of a failed stream properly, and event streams may end so, too.
    assert fetch("/behind/middle") == (200, b'{"done":1}\n', True)
    assert fetch("/failing-events") == (200, b'data: {"done":1}\n\n', True)
    assert fetch("/checked?n=2") == (404, b'{"detail":"Not Found"}', True)
    threads.clear()
    assert fetch("/sync")[1] == fetch("/async")[1] == b"1\n"
    assert threads[0] != thread.ident and threads[1] == thread.ident
finally:
    server.should_exit = True
    thread.join()
