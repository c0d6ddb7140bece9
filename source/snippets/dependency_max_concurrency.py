import threading
from collections.abc import AsyncIterable

import httpx2
from fastapi.testclient import TestClient

# card:
import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()
busy, seen = [], []

async def connection():
    busy.append("connection")
    seen.append(len(busy))
    yield
    busy.pop()

Conn = Annotated[None, Depends(connection, max_concurrency=2)]

@app.get("/a")
@app.get("/b")
async def read(conn: Conn):
    await asyncio.sleep(0.01)
# end


async def get(*paths: str) -> list[int]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        responses = await asyncio.wait_for(asyncio.gather(*(client.get(path) for path in paths)), 5)
    return [response.status_code for response in responses]


def run(*paths: str) -> tuple[set[int], int]:
    """The statuses, and how many connections were in use at most."""
    seen.clear()
    return set(asyncio.run(get(*paths))), max(seen)


for name, paths in [("6 x /a", ["/a"] * 6), ("3 x /a and 3 x /b", ["/a", "/b"] * 3)]:
    statuses, most = run(*paths)
    print(f"{name}: {statuses}, at most {most} connections")
    assert (statuses, most) == ({200}, 2)


# Another `Depends` object has another limit, even for the same function.
@app.get("/own")
async def own(conn: Annotated[None, Depends(connection, max_concurrency=2)]):
    await asyncio.sleep(0.01)


assert run(*["/a", "/own"] * 4) == ({200}, 4)

# With request scope the slot is held until the stream has ended, with function scope not.
held: list[int] = []


@app.get("/stream")
async def stream(conn: Conn) -> AsyncIterable[int]:
    for _ in range(3):
        await asyncio.sleep(0.002)
        held.append(len(busy))
        yield 1


Early = Annotated[None, Depends(connection, scope="function", max_concurrency=2)]


@app.get("/stream-early")
async def stream_early(conn: Early) -> AsyncIterable[int]:
    yield len(busy)


assert run(*["/stream"] * 4) == ({200}, 2) and set(held) <= {1, 2}
assert TestClient(app).get("/stream-early").text == "0\n"

# Without `yield` the slot is free again when the function returns: the endpoint is not limited.
inside: list[int] = []


async def checked():
    return None


@app.get("/plain", dependencies=[Depends(checked, max_concurrency=1)])
async def plain():
    inside.append(1)
    seen.append(len(inside))
    await asyncio.sleep(0.01)
    inside.pop()


assert run(*["/plain"] * 4) == ({200}, 4)

# A cached value takes no second slot. Two calls in one request need two, and with one slot they wait for ever.
One = Annotated[None, Depends(connection, max_concurrency=1)]
OneFresh = Annotated[None, Depends(connection, use_cache=False, max_concurrency=1)]


@app.get("/cached")
async def cached(a: One, b: One):
    return "ok"


@app.get("/stuck")
async def stuck(a: OneFresh, b: OneFresh):
    return "never"


async def times_out(path: str) -> bool:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        try:
            await asyncio.wait_for(client.get(path), 0.2)
        except TimeoutError:
            return True
    return False


assert run("/cached") == ({200}, 1)
assert asyncio.run(times_out("/stuck"))
busy.clear()

# A waiting call uses no worker thread: a plain `def` dependency waits before it is moved to one.
gate = threading.Event()
started: list[int] = []


def blocking():
    started.append(threading.get_ident())
    gate.wait(5)


@app.get("/blocking", dependencies=[Depends(blocking, max_concurrency=1)])
async def read_blocking():
    return "ok"


@app.get("/thread")
def read_thread():
    gate.set()
    return "ok"


async def fifty_and_one() -> None:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        waiting = [asyncio.create_task(client.get("/blocking")) for _ in range(50)]
        while not started:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        # All fifty have arrived. One of the forty threads is taken, so a `def` endpoint still gets one.
        assert len(started) == 1 and not gate.is_set()
        assert (await client.get("/thread")).status_code == 200
        assert {response.status_code for response in await asyncio.gather(*waiting)} == {200}


asyncio.run(fifty_and_one())
assert len(started) == 50

# An override keeps the limit of the declaration that it replaces.
extra: list[int] = []


async def replacement():
    extra.append(1)
    seen.append(len(extra))
    yield
    extra.pop()


app.dependency_overrides[connection] = replacement
assert run(*["/a"] * 6) == ({200}, 2)
app.dependency_overrides.clear()

for wrong in (0, -1, 2.5, True):
    try:
        Depends(connection, max_concurrency=wrong)  # type: ignore[arg-type]
    except ValueError:
        continue
    raise AssertionError(wrong)
