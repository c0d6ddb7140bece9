import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

# card:
from httpx2 import ASGITransport, AsyncClient
@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.jobs = asyncio.Queue()
    yield

app = FastAPI(lifespan=lifespan)
@app.get("/next")
async def next_job():
    return await app.state.jobs.get()
async def test_next_job():
    client = AsyncClient(
        transport=ASGITransport(app),
        base_url="http://test",
    )
    async with app.router.lifespan_context(app), client:
        get = client.get("/next")
        asked = asyncio.create_task(get)
        await app.state.jobs.put("pack")
        assert (await asked).json() == "pack"
# end

from fastapi import BackgroundTasks, Request, WebSocket
from fastapi.responses import RedirectResponse, StreamingResponse
from fastapi.testclient import TestClient

asyncio.run(test_next_job())
print("test_next_job passed")
log = []


@asynccontextmanager
async def logged(app: FastAPI):
    log.append("startup")
    app.state.name = "app.state"
    yield {"name": "request.state"}
    log.append("shutdown")


plain = FastAPI(lifespan=logged)


@plain.get("/loop")
async def loop():
    return id(asyncio.get_running_loop())


@plain.get("/names")
async def names(request: Request):
    return [getattr(state, "name", "missing") for state in (request.app.state, request.state)]


@plain.get("/old")
async def old():
    return RedirectResponse("/names")


@plain.get("/boom")
async def boom():
    raise KeyError("boom")


@plain.get("/tasks")
async def tasks(tasks: BackgroundTasks):
    tasks.add_task(log.append, "task")


@plain.get("/stream")
async def stream():
    async def parts():
        yield "a"
        log.append("after a")
        yield "b"

    return StreamingResponse(parts())


@plain.websocket("/ws")
async def ws(ws: WebSocket):
    await ws.accept()


def open_client(app=plain, **options) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app=app, **options), base_url="http://test")


async def main():
    here = id(asyncio.get_running_loop())
    async with open_client() as client:
        for name, same in (
            ("AsyncClient", (await client.get("/loop")).json() == here),
            ("TestClient", TestClient(plain).get("/loop").json() == here),
        ):
            print(f"{name} in the loop of the test: {same}")
            assert same == (name == "AsyncClient")

        # No lifespan, no redirects followed, exceptions raised, background tasks awaited.
        assert (await client.get("/names")).json() == ["missing", "missing"] and log == []
        assert (await client.get("/old")).status_code == 307
        assert (await client.get("/old", follow_redirects=True)).status_code == 200
        try:
            await client.get("/boom")
            raise AssertionError
        except KeyError:
            pass
        await client.get("/tasks")
        assert log == ["task"]
        # The response is there when the app has sent all of it, so an endless stream never comes back.
        log.clear()
        async with client.stream("GET", "/stream"):
            assert log == ["after a"]
        # There is no way to a WebSocket.
        assert not hasattr(client, "websocket_connect")
    async with open_client(raise_app_exceptions=False) as client:
        assert (await client.get("/boom")).status_code == 500

    # Entering lifespan_context runs the lifespan, but what it yields does not reach request.state by itself.
    log.clear()
    async with plain.router.lifespan_context(plain) as state, open_client() as client:
        found = (await client.get("/names")).json()
        print("after lifespan_context:", found)
        assert found == ["app.state", "missing"]

        async def with_state(scope, receive, send):
            await plain({**scope, "state": dict(state)}, receive, send)

        async with open_client(with_state) as stateful:
            assert (await stateful.get("/names")).json() == ["app.state", "request.state"]
    assert log == ["startup", "shutdown"]

    # TestClient works inside an async test, and stops the test's loop until its answer is there.
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    task = asyncio.create_task(tick())
    await asyncio.sleep(0)
    before = len(ticks)
    assert TestClient(plain).get("/loop").status_code == 200 and len(ticks) == before
    task.cancel()

    # What belongs to the test's loop cannot be awaited in the other one.
    app.state.jobs = asyncio.Queue()
    waiting = asyncio.create_task(app.state.jobs.get())
    await asyncio.sleep(0)
    try:
        TestClient(app).get("/next")
        raise AssertionError
    except RuntimeError as error:
        assert "bound to a different event loop" in str(error)
    waiting.cancel()

    # The old shortcut is gone.
    try:
        AsyncClient(app=plain)
        raise AssertionError
    except TypeError:
        pass


asyncio.run(main())
