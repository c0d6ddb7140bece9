import asyncio
import gc
import socket
import threading
import time
from collections.abc import AsyncIterable, Iterable
from contextlib import aclosing

import httpx2
import uvicorn
from fastapi import FastAPI, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

# card:
app = FastAPI()
made: list[str] = []

async def model(prompt: str):  # makes tokens for ever
    try:
        while True:
            await asyncio.sleep(0.01)
            made.append(f"{prompt}-{len(made)}")
            yield made[-1]
    finally:
        made.append("model stopped")

Events = AsyncIterable[ServerSentEvent]

@app.get("/chat", response_class=EventSourceResponse)
async def chat(prompt: str) -> Events:
    async with aclosing(model(prompt)) as tokens:
        async for token in tokens:
            yield ServerSentEvent(raw_data=token)
# end

log: list[str] = []


@app.get("/plain")
async def plain():
    await asyncio.sleep(0.1)
    log.append("plain ended")


@app.get("/polite")
async def polite(request: Request):
    while not await request.is_disconnected():
        await asyncio.sleep(0.01)
    log.append("polite noticed")


@app.get("/sync")
def sync() -> Iterable[int]:
    try:
        for n in range(1000):
            time.sleep(0.01)
            log.append(f"sync {n}")
            yield n
    finally:
        log.append("sync closed")


@app.get("/failing", response_class=EventSourceResponse)
async def failing() -> Events:
    yield ServerSentEvent(raw_data="a")
    try:
        raise ConnectionError("the model is gone")
    except ConnectionError:
        yield ServerSentEvent(event="error", raw_data="try again")


def wait_for(found) -> None:
    for _ in range(1000):
        if found():
            return
        time.sleep(0.005)
    raise AssertionError(log, made)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
url = f"http://127.0.0.1:{listener.getsockname()[1]}"
server = uvicorn.Server(uvicorn.Config(app, log_config=None))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
thread.start()
while not server.started:
    time.sleep(0.005)
try:
    # A client reads three tokens and leaves.
    with httpx2.stream("GET", f"{url}/chat?prompt=hi", trust_env=False) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        lines = (line for line in response.iter_lines() if line)
        for _ in range(3):
            print(next(lines))
    print("the client leaves")
    wait_for(lambda: made[-1] == "model stopped")
    print(made[-1])
    assert made[:3] == ["hi-0", "hi-1", "hi-2"] and len(made) < 20
    # An endpoint that does not stream runs to its end, unless it asks.
    for path, entry in (("/plain", "plain ended"), ("/polite", "polite noticed")):
        try:
            httpx2.get(url + path, timeout=0.05, trust_env=False)
            raise AssertionError(path)
        except httpx2.ReadTimeout:
            pass
        wait_for(lambda entry=entry: entry in log)
    # A plain `def` generator is not asked for its next item; what follows its `yield` runs once Python collects it.
    with httpx2.stream("GET", f"{url}/sync", trust_env=False) as response:
        next(response.iter_raw())
    time.sleep(0.1)
    seen = list(log)
    time.sleep(0.05)
    assert log == seen and "sync closed" not in log and len(log) < 10
    gc.collect()
    wait_for(lambda: log[-1] == "sync closed")
    # After the first token an error is an event; the status is out.
    failed = httpx2.get(f"{url}/failing", trust_env=False)
    assert (failed.status_code, failed.text) == (200, "data: a\n\nevent: error\ndata: try again\n\n"), failed.text
finally:
    server.should_exit = True
    thread.join()
