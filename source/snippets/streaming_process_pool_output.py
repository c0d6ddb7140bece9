import asyncio
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app: FastAPI):
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        app.state.pool = pool
        yield


# card:
app = FastAPI(lifespan=lifespan)

def infer() -> int:  # computes for long
    return os.getpid()

@app.get("/")
async def read():
    loop = asyncio.get_running_loop()
    pool = app.state.pool  # of processes
    call = loop.run_in_executor(
        pool, infer)
    return await call == os.getpid()
# end

if __name__ == "__main__":
    with TestClient(app) as client:
        response = client.get("/")
        print(response.text)
        assert response.text == "false"
