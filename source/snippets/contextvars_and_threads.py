# card:
from contextlib import asynccontextmanager
from contextvars import ContextVar
from anyio import to_thread
from fastapi import Depends, FastAPI

@asynccontextmanager
async def lifespan(app):
    limiter = to_thread.current_default_thread_limiter()
    limiter.total_tokens = 80
    yield

app = FastAPI(lifespan=lifespan)
user = ContextVar("user", default="nobody")
def in_thread(): user.set("ann")
async def on_loop(): user.set("bob")
@app.get("/def", dependencies=[Depends(in_thread)])
@app.get("/async", dependencies=[Depends(on_loop)])
def read():
    return user.get()
# end

import asyncio
from typing import Annotated

from anyio import NoEventLoopError
from anyio.to_thread import current_default_thread_limiter
from fastapi import BackgroundTasks
from fastapi.concurrency import run_in_threadpool
from fastapi.testclient import TestClient


@app.get("/threads")
async def threads():
    return current_default_thread_limiter().total_tokens


with TestClient(app) as client:
    print("set in a def dependency:      ", client.get("/def").json())
    print("set in an async def dependency:", client.get("/async").json())
    print("threads:", client.get("/threads").json())
    assert client.get("/def").json() == "nobody" and client.get("/async").json() == "bob"
    assert client.get("/threads").json() == 80
# The limiter belongs to an event loop: the next loop starts with 40 again, and outside a loop there is none.
client = TestClient(app)
assert client.get("/threads").json() == 40
try:
    current_default_thread_limiter()
    raise AssertionError
except NoEventLoopError:
    pass
assert user.get() == "nobody"

log = []


def change_and_read():
    before = user.get()
    user.set("thread")
    return before


@app.get("/pool", dependencies=[Depends(on_loop)])
async def pool():
    return [await run_in_threadpool(change_and_read), user.get()]


def yields():
    token = user.set("ann")
    yield
    try:
        user.reset(token)
    except ValueError:
        log.append("ValueError")


async def yields_async():
    token = user.set("bob")
    yield
    user.reset(token)
    log.append("reset")


@app.get("/yields", dependencies=[Depends(yields)])
@app.get("/yields-async", dependencies=[Depends(yields_async)])
def from_yield():
    return user.get()


@app.get("/tasks")
async def background(tasks: BackgroundTasks):
    user.set("endpoint")
    tasks.add_task(lambda: log.append(user.get()))


@app.get("/tasks-of-def")
def background_of_def(tasks: BackgroundTasks):
    user.set("endpoint")
    tasks.add_task(lambda: log.append(user.get()))


@app.get("/child")
async def child():
    async def change():
        user.set("child")

    user.set("endpoint")
    await asyncio.create_task(change())
    return user.get()


def later() -> str:
    return user.get()


@app.get("/later", dependencies=[Depends(on_loop)])
async def read_later(seen: Annotated[str, Depends(later)]):
    return seen


assert client.get("/later").json() == "bob"
# A thread gets a copy of the context: it reads what was set before, and what it sets stays there.
assert client.get("/pool").json() == ["bob", "bob"]
# A sync dependency with yield has another copy for its cleanup, so a token of the first part is refused.
assert client.get("/yields").json() == "nobody" and log == ["ValueError"]
log.clear()
assert client.get("/yields-async").json() == "bob" and log == ["reset"]
# Background tasks, the sync ones too, see what an `async def` endpoint has set, and not what a `def` one has: that was
# set in a copy. An asyncio task gets a copy, like a thread.
log.clear()
client.get("/tasks")
assert log == ["endpoint"]
log.clear()
client.get("/tasks-of-def")
assert log == ["nobody"]
assert client.get("/child").json() == "endpoint"

# An HTTP middleware's value reaches endpoint and dependencies; the endpoint's does not come back to it.
outer = FastAPI()


@outer.middleware("http")
async def middleware(request, call_next):
    user.set("middleware")
    response = await call_next(request)
    response.headers["X-After"] = user.get()
    return response


@outer.get("/")
async def endpoint():
    before = user.get()
    user.set("endpoint")
    return before


response = TestClient(outer).get("/")
assert response.json() == "middleware" and response.headers["X-After"] == "middleware"
