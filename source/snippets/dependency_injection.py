import threading
from functools import lru_cache

from fastapi import Security
from fastapi.testclient import TestClient

# card:
from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()
numbers = count(1)

def ticket() -> int:
    return next(numbers)

Shared = Annotated[int, Depends(ticket)]
Fresh = Annotated[int, Depends(ticket, use_cache=False)]

@app.get("/")
def read(a: Shared, b: Shared, c: Fresh, d: Fresh):
    return {"cached": [a, b], "fresh": [c, d]}
# end

client = TestClient(app)
first = client.get("/").json()
print(first)

assert first == {"cached": [1, 1], "fresh": [2, 3]}
# The cache lives for one request: the next one starts with a new call.
assert client.get("/").json() == {"cached": [4, 4], "fresh": [5, 6]}


class Sized:
    def __call__(self, size: int = 10) -> int:
        return size


def total(size: Annotated[int, Depends(Sized())]) -> int:
    return size * 2


@app.get("/total")
def read_total(total: Annotated[int, Depends(total)]) -> int:
    return total


# A callable instance works, through a sub-dependency, and its parameter reaches the OpenAPI document.
assert client.get("/total", params={"size": 4}).json() == 8
assert [p["name"] for p in app.openapi()["paths"]["/total"]["get"]["parameters"]] == ["size"]


# The whole graph is resolved before the endpoint runs, and a shared sub-dependency runs once.
log: list[str] = []


def base():
    log.append("base")


def left(_: Annotated[None, Depends(base)]):
    log.append("left")


def right(_: Annotated[None, Depends(base)]):
    log.append("right")


@app.get("/graph", dependencies=[Depends(left), Depends(right)])
def read_graph():
    log.append("endpoint")


assert client.get("/graph").status_code == 200
assert log == ["base", "left", "right", "endpoint"]


# `def` runs in a worker thread, `async def` in the event loop's own thread.
def worker_thread() -> int:
    return threading.get_ident()


async def loop_thread() -> int:
    return threading.get_ident()


@app.get("/threads")
async def read_threads(a: Annotated[int, Depends(worker_thread)], b: Annotated[int, Depends(loop_thread)]):
    here = threading.get_ident()
    return [a == here, b == here]


assert client.get("/threads").json() == [False, True]


# A bad parameter keeps the endpoint from running, not its other dependencies.
@app.get("/invalid", dependencies=[Depends(base)])
def read_invalid(size: int):
    log.append("endpoint")


log.clear()
assert client.get("/invalid", params={"size": "x"}).status_code == 422
assert log == ["base"]


# A dependency whose own dependency has a bad parameter is not called; the others are.
def needs_size(size: int):
    log.append("needs_size")


def above(_: Annotated[None, Depends(needs_size)]):
    log.append("above")


@app.get("/invalid-below", dependencies=[Depends(above), Depends(base)])
def read_invalid_below():
    log.append("endpoint")


log.clear()
assert client.get("/invalid-below", params={"size": "x"}).status_code == 422
assert log == ["base"]


# A dependency in the decorator runs for its effect only; its value reaches nobody, not even a parameter of its name.
def check() -> str:
    log.append("check")
    return "ada"


@app.get("/decorator", dependencies=[Depends(check)])
def read_decorator(check: str = "nothing") -> str:
    return check


log.clear()
assert client.get("/decorator").json() == "nothing" and log == ["check"]


# One object per application: `lru_cache` on the dependency.
@lru_cache
def settings() -> int:
    return next(numbers)


@app.get("/settings")
def read_settings(value: Annotated[int, Depends(settings)]) -> int:
    return value


assert client.get("/settings").json() == client.get("/settings").json()


# Security scopes are part of the cache's key: other scopes mean another call.
def count_calls() -> int:
    log.append("count")
    return len(log)


@app.get("/scopes")
def read_scopes(
    a: Annotated[int, Depends(count_calls)],
    b: Annotated[int, Security(count_calls)],
    c: Annotated[int, Security(count_calls, scopes=["x"])],
):
    return [a, b, c]


log.clear()
assert client.get("/scopes").json() == [1, 1, 2]
