# card:
import json, logging, uuid
from contextvars import ContextVar
from fastapi import FastAPI, Request

request_id = ContextVar("request_id", default=None)

class AsJson(logging.Formatter):
    def format(self, record):
        line = {"message": record.getMessage()}
        line["request_id"] = request_id.get()
        return json.dumps(line)

app = FastAPI()

@app.middleware("http")
async def mark(request: Request, call_next):
    request_id.set(uuid.uuid4().hex)
    response = await call_next(request)
    response.headers["X-Request-ID"] = request_id.get()
    return response
# end

import asyncio
import io
import sys
from unittest.mock import patch

import httpx2
from fastapi import WebSocket
from fastapi.testclient import TestClient

log = logging.getLogger("shop")
log.setLevel(logging.INFO)
stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(AsJson())
log.addHandler(handler)


@app.get("/def")
def in_thread():
    log.info("one\nline")


@app.get("/async")
async def on_loop():
    await asyncio.sleep(0.01)
    log.warning("paid %s", 3)


@app.get("/broken")
def broken():
    raise LookupError


def lines() -> list[dict[str, str]]:
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    stream.seek(0)
    stream.truncate()
    return found


with patch("uuid.uuid4") as made:
    made.return_value.hex = "5f0c"
    with TestClient(app) as client:
        header = client.get("/async").headers["X-Request-ID"]
print(stream.getvalue(), end="")
print("X-Request-ID:", header)
lines()

# The variable reaches `def` endpoints in their threads, too; a line end in a message stays in its line.
with TestClient(app) as client:
    header = client.get("/def").headers["X-Request-ID"]
assert lines() == [{"message": "one\nline", "request_id": header}]

# Outside of a request there is none.
log.info("start")
assert lines()[0]["request_id"] is None


# Requests at the same time do not mix.
async def both():
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        return await asyncio.gather(client.get("/async"), client.get("/async"))


headers = {answer.headers["X-Request-ID"] for answer in asyncio.run(both())}
assert len(headers) == 2 and {line["request_id"] for line in lines()} == headers

# The answer to an exception that nobody handled is made outside of this middleware: it has no such header.
answer = TestClient(app, raise_server_exceptions=False).get("/broken")
assert answer.status_code == 500 and "X-Request-ID" not in answer.headers

# A WebSocket does not pass through it.
@app.websocket("/socket")
async def over_socket(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_json(request_id.get())


with TestClient(app) as client, client.websocket_connect("/socket") as socket:
    assert socket.receive_json() is None

# Uvicorn's loggers have handlers of their own, unless it is told otherwise.
import uvicorn  # noqa: E402

assert uvicorn.config.LOGGING_CONFIG["loggers"]["uvicorn"]["handlers"] == ["default"]
assert uvicorn.config.LOGGING_CONFIG["loggers"]["uvicorn.access"]["handlers"] == ["access"]
assert uvicorn.Config(app, log_config=None).log_config is None
assert "fastapi" not in logging.root.manager.loggerDict or not logging.getLogger("fastapi").handlers
assert sys.stderr is not stream
