# card:
import asyncio, time
from contextlib import asynccontextmanager
from fastapi import FastAPI

async def watch_loop(every=0.05, limit=0.25):
    while True:
        before = time.perf_counter()
        await asyncio.sleep(every)
        late = time.perf_counter() - before - every
        if late > limit:
            print("loop was blocked")

@asynccontextmanager
async def lifespan(app: FastAPI):
    watching = asyncio.create_task(watch_loop())
    yield
    watching.cancel()

app = FastAPI(lifespan=lifespan)
# end

import logging
import os
import socket
import statistics
import subprocess
import sys

import httpx2
import uvicorn
from fastapi.testclient import TestClient


@app.get("/blocks")
async def blocks():
    time.sleep(0.4)


@app.get("/waits")
async def waits(seconds: float = 0.4):
    await asyncio.sleep(seconds)


@app.get("/thread")
def thread():
    time.sleep(0.4)


@app.get("/blocks-briefly")
async def blocks_briefly():
    time.sleep(0.15)


with TestClient(app) as client:
    client.get("/waits")
    print("after /waits")
    client.get("/thread")
    print("after /thread")
    client.get("/blocks")
    client.get("/waits?seconds=0.1")
    print("after /blocks")

# asyncio's debug mode names the task that held the loop for more than 0.1 s.
records: list[str] = []


class Keep(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage())


logger = logging.getLogger("asyncio")
logger.addHandler(Keep())
logger.propagate = False


async def call(path: str):
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        pass

    await asyncio.create_task(app(scope, receive, send))


asyncio.run(call("/blocks-briefly"), debug=True)
assert any(each.startswith("Executing <Task") and "seconds" in each for each in records), records
records.clear()
asyncio.run(call("/blocks-briefly"), debug=False)
assert records == []


# Under Uvicorn the task that it names is Uvicorn's own.
async def serve_and_call():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.005)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/blocks-briefly"
        async with httpx2.AsyncClient(trust_env=False) as other:
            await other.get(url)
        server.should_exit = True
        await serving


asyncio.run(serve_and_call(), debug=True)
(slow,) = (each for each in records if "run_asgi" in each and "seconds" in each)
assert "blocks" not in slow
# The variable switches it on for a whole process.
code = "import asyncio\nasync def main(): print(asyncio.get_running_loop().get_debug())\nasyncio.run(main())"
env = os.environ | {"PYTHONASYNCIODEBUG": "1"}
assert subprocess.check_output([sys.executable, "-c", code], env=env, text=True) == "True\n"


async def get_limit():
    return asyncio.get_running_loop().slow_callback_duration


assert asyncio.run(get_limit()) == 0.1  # seconds

# The average of two slow requests in a hundred hides them, the 99th percentile does not.
durations = [5.0] * 2 + [0.02] * 98
assert round(statistics.mean(durations), 2) == 0.12
assert statistics.quantiles(durations, n=100, method="inclusive")[98] == 5.0
