# card:
from contextlib import asynccontextmanager
import httpx2
from fastapi import FastAPI, HTTPException, Request

@asynccontextmanager
async def lifespan(app: FastAPI):
    limit = httpx2.Timeout(0.5, connect=0.2)
    async with httpx2.AsyncClient(
        base_url=upstream, timeout=limit
    ) as client:
        yield {"client": client}

app = FastAPI(lifespan=lifespan)

@app.get("/price/{item}")
async def price(item: str, request: Request):
    try:
        return await ask(request.state.client, item)
    except httpx2.TimeoutException:
        raise HTTPException(504, "prices are late")
# end

import asyncio
import contextlib
import socket
import threading
import time

import uvicorn
from fastapi import Response
from fastapi.testclient import TestClient

prices = FastAPI()
calls: list[str] = []


@prices.get("/prices/{item}")
async def read_price(item: str):
    calls.append(item)
    if item == "late":
        await asyncio.sleep(2)
    if item == "busy" and len(calls) < 3:
        return Response(status_code=503)
    return {item: 5}


async def ask(client: httpx2.AsyncClient, item: str):
    """Ask up to three times, since a GET may be repeated; wait longer before each."""
    for wait in (0, 0.01, 0.02):
        await asyncio.sleep(wait)
        answer = await client.get(f"/prices/{item}")
        if answer.status_code != 503:
            return answer.json()
    raise HTTPException(502, "prices are down")


with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    upstream = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(prices, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        with TestClient(app) as client:
            for item in ("tea", "busy", "late"):
                calls.clear()
                answer = client.get(f"/price/{item}")
                print(item, answer.status_code, "calls:", len(calls))
    finally:
        server.should_exit = server.force_exit = True  # without waiting for the late answer
        thread.join()

# Nobody listens any more: that is an error of the transport, and no timeout.
with TestClient(app) as client:
    try:
        client.get("/price/tea")
    except httpx2.ConnectError as error:
        assert not isinstance(error, httpx2.TimeoutException)
    else:
        raise AssertionError


async def defaults():
    async with httpx2.AsyncClient() as client:
        assert client.timeout == httpx2.Timeout(5.0)
        pool = client._transport._pool
        assert (pool._max_connections, pool._max_keepalive_connections, pool._keepalive_expiry) == (100, 20, 5.0)
        assert pool._retries == 0


asyncio.run(defaults())
assert issubclass(httpx2.PoolTimeout, httpx2.TimeoutException)


# A timeout counts each step. A slow trickle lasts longer, unless `asyncio.timeout` limits the whole call.
async def trickle():
    async def handle(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\n")
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            for _ in range(8):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.06)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(trust_env=False, timeout=0.3) as client:
        started = time.monotonic()
        assert (await client.get(url)).text == "x" * 8
        assert time.monotonic() - started > 0.4
        try:
            async with asyncio.timeout(0.2):
                await client.get(url)
        except TimeoutError:
            pass
        else:
            raise AssertionError
    # Who waits too long for a connection of the pool gets an error as well.
    one = httpx2.Limits(max_connections=1)
    async with httpx2.AsyncClient(trust_env=False, limits=one, timeout=httpx2.Timeout(5, pool=0.1)) as client:
        got = await asyncio.gather(client.get(url), client.get(url), return_exceptions=True)
    assert {type(each) for each in got} == {httpx2.Response, httpx2.PoolTimeout}
    server.close()


asyncio.run(trickle())

# Nobody catches it here: FastAPI answers 500.
unhandled = FastAPI()


@unhandled.get("/")
async def late():
    raise httpx2.ReadTimeout("late")


assert TestClient(unhandled, raise_server_exceptions=False).get("/").status_code == 500


# A client of its own for each request opens a connection each time; a shared one keeps it.
async def count_connections():
    opened = []

    async def handle(reader, writer):
        opened.append(writer)
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def quiet(reader, writer):
        task = asyncio.create_task(handle(reader, writer))
        task.add_done_callback(lambda done: done.exception())

    server = await asyncio.start_server(quiet, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(trust_env=False) as client:
        for _ in range(3):
            await client.get(url)
    shared = len(opened)
    for _ in range(3):
        async with httpx2.AsyncClient(trust_env=False) as client:
            await client.get(url)
    await asyncio.sleep(0.05)
    for writer in opened:
        writer.close()
    server.close()
    return shared, len(opened) - shared


assert asyncio.run(count_connections()) == (1, 3)
