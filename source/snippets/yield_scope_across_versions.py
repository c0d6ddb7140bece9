import asyncio
from collections.abc import Iterable

from fastapi import HTTPException
from fastapi.testclient import TestClient

# card:
from typing import Annotated
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
def session():
    db = ["open"]
    yield db
    db[0] = "closed"

Late = Annotated[list, Depends(session)]
early = Depends(session, scope="function")
Early = Annotated[list, early]

@app.get("/rows")
def rows(a: Late, b: Early):
    def lines():
        yield f"request scope: {a[0]}\n"
        yield f"function scope: {b[0]}\n"
    return StreamingResponse(lines())
# end

client = TestClient(app, raise_server_exceptions=False)
text = client.get("/rows").text
print(text, end="")
assert text == "request scope: open\nfunction scope: closed\n"


# A `yield` endpoint behaves like the StreamingResponse.
@app.get("/lines")
def lines(a: Late, b: Early) -> Iterable[str]:
    yield a[0]
    yield b[0]


assert client.get("/lines").text == '"open"\n"closed"\n'

# The request-scoped session is held until the last byte, whether the stream reads from it or not.
log: list[str] = []


def held():
    log.append("opened")
    yield
    log.append("closed")


@app.get("/slow", dependencies=[Depends(held)])
@app.get("/slow-early", dependencies=[Depends(held, scope="function")])
def slow():
    return StreamingResponse(iter(["a", "b"]))


def run(path: str) -> list[str]:
    log.clear()

    async def receive():
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.body":
            log.append(message["body"].decode() or "end")

    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1"}
    scope |= {"method": "GET", "scheme": "http", "path": path, "raw_path": path.encode()}
    scope |= {"query_string": b"", "root_path": "", "headers": []}
    asyncio.run(app(scope, receive, send))
    return log


assert run("/slow") == ["opened", "a", "b", "end", "closed"]
assert run("/slow-early") == ["opened", "closed", "a", "b", "end"]


# A commit after `yield` that fails: too late by default, in time with function scope.
def commit():
    yield
    raise HTTPException(409, "conflict")


@app.post("/orders", dependencies=[Depends(commit)])
@app.post("/orders-early", dependencies=[Depends(commit, scope="function")])
def order():
    return "saved"


assert (client.post("/orders").status_code, client.post("/orders-early").status_code) == (200, 409)


# A stream can also open what it needs itself.
@app.get("/own")
def own() -> Iterable[str]:
    with_session = session()
    db = next(with_session)
    yield db[0]
    next(with_session, None)


assert client.get("/own").text == '"open"\n'
