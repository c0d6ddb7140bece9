# card:
import time

from fastapi import FastAPI

app = FastAPI()
log: list[str] = []

def nap():
    log.append("in")
    time.sleep(0.2)
    log.append("out")

@app.get("/async-def")
async def on_the_event_loop():
    nap()

@app.get("/def")
def in_the_threadpool():
    nap()
# end

import asyncio
import threading
from typing import Annotated

import anyio.to_thread
import httpx2
from fastapi import Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

gate = threading.Event()


@app.get("/rescued")
async def rescued():
    await run_in_threadpool(nap)


@app.get("/await")
async def awaits():
    log.append("in")
    await asyncio.sleep(0.05)
    log.append("out")


@app.get("/file")
async def file():
    return FileResponse(__file__)


@app.get("/gate")
def wait_at_the_gate():
    gate.wait(10)


def where_am_i() -> int:
    return threading.get_ident()


async def where_am_i_async() -> int:
    return threading.get_ident()


@app.get("/where")
async def where(
    plain: Annotated[int, Depends(where_am_i)], coroutine: Annotated[int, Depends(where_am_i_async)]
):
    return [plain, coroutine, threading.get_ident(), where_am_i()]


@app.get("/where-def")
def where_def():
    return threading.get_ident()


async def main():
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:

        async def twice(path: str) -> list[str]:
            log.clear()
            await asyncio.gather(client.get(path), client.get(path))
            return list(log)

        blocked, threaded = await twice("/async-def"), await twice("/def")
        print("2 x /async-def:", *blocked)
        print("2 x /def:      ", *threaded)
        assert blocked == ["in", "out", "in", "out"]
        assert threaded == ["in", "in", "out", "out"]
        assert await twice("/await") == ["in", "in", "out", "out"]
        # run_in_threadpool takes a blocking call off the loop, from inside `async def`.
        assert await twice("/rescued") == ["in", "in", "out", "out"]

        # `async def` (endpoint or dependency) runs on the loop's thread, and so does a helper that it calls itself.
        # Only what FastAPI calls (endpoint, dependency) with plain `def` goes to a worker thread.
        loop_thread = threading.get_ident()
        plain, coroutine, endpoint, helper = (await client.get("/where")).json()
        assert coroutine == endpoint == helper == loop_thread != plain
        assert (await client.get("/where-def")).json() != loop_thread

        # 40 threads: the 41st `def` request waits for one, is not refused, and the loop goes on serving.
        limiter = anyio.to_thread.current_default_thread_limiter()
        assert limiter.total_tokens == 40
        requests = [asyncio.create_task(client.get("/gate")) for _ in range(41)]
        while limiter.statistics().tasks_waiting < 1:
            await asyncio.sleep(0.001)
        assert limiter.statistics().borrowed_tokens == 40
        assert (await client.get("/await")).status_code == 200
        # A plain `def` dependency wants a thread from the same 40.
        where_task = asyncio.create_task(client.get("/where"))
        while limiter.statistics().tasks_waiting < 2:
            await asyncio.sleep(0.001)
        # So does the FileResponse of an `async def` endpoint, to open its file.
        file_task = asyncio.create_task(client.get("/file"))
        while limiter.statistics().tasks_waiting < 3:
            await asyncio.sleep(0.001)
        assert not where_task.done() and not file_task.done()
        gate.set()
        assert {r.status_code for r in await asyncio.gather(*requests, where_task, file_task)} == {200}


asyncio.run(main())
