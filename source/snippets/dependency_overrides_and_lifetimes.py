import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi.exceptions import DependencyScopeError
from fastapi.testclient import TestClient

# card:
from fastapi import BackgroundTasks, Depends, FastAPI

def audit():
    yield
    print("request scope: audit closed")

def lock():
    yield
    print("function scope: lock released")

app = FastAPI(dependencies=[Depends(audit)])
early = Depends(lock, scope="function")

@app.get("/", dependencies=[early])
def read(tasks: BackgroundTasks):
    tasks.add_task(print, "background task")
    return {"ok": True}

def replace_audit():
    app.dependency_overrides[audit] = lambda: None
# end


def call(app: FastAPI, path: str) -> None:
    """Call the app as a server would, and print when the response is complete."""

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.body" and not message.get("more_body"):
            print("response sent")

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": []}
    asyncio.run(app(scope, receive, send))


call(app, "/")
replace_audit()
print("-- audit overridden:")
call(app, "/")


def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


# The key is the callable: a name does nothing, and a call outside `Depends` is not replaced.
keyed = FastAPI()


def get_name() -> str:
    return "real"


@keyed.get("/injected")
def injected(name: Annotated[str, Depends(get_name)]) -> str:
    return name


@keyed.get("/called")
def called() -> str:
    return get_name()


keyed.dependency_overrides["get_name"] = lambda: "fake"
assert client(keyed).get("/injected").json() == "real"
keyed.dependency_overrides = {get_name: lambda: "fake"}
assert client(keyed).get("/injected").json() == "fake"
assert client(keyed).get("/called").json() == "real"
# The override stays until somebody removes it, for every later client.
assert client(keyed).get("/injected").json() == "fake"
# It is a dependency in its own right, with its own parameters.
keyed.dependency_overrides[get_name] = lambda alias: alias
assert client(keyed).get("/injected", params={"alias": "ada"}).json() == "ada"
assert client(keyed).get("/injected").status_code == 422
keyed.dependency_overrides.clear()
assert client(keyed).get("/injected").json() == "real"


# The original's sub-dependencies do not run once it is overridden.
opened: list[str] = []


def get_connection():
    opened.append("connection")


def get_store(_: Annotated[None, Depends(get_connection)]):
    return "real"


@keyed.get("/store")
def read_store(store: Annotated[str, Depends(get_store)]):
    return store


keyed.dependency_overrides[get_store] = lambda: "fake"
assert client(keyed).get("/store").json() == "fake" and opened == []


# Dependencies of the app and the router run first, outermost first. A mounted app gets none of them, and no override.
log: list[str] = []


def note(name: str):
    def run():
        log.append(name)

    return run


main = FastAPI(dependencies=[Depends(note("app"))])
sub = FastAPI()


router = APIRouter(dependencies=[Depends(note("router"))])


@router.get("/here", dependencies=[Depends(note("route"))])
def here(name: Annotated[str, Depends(get_name)]) -> str:
    return name


@sub.get("/there")
def there(name: Annotated[str, Depends(get_name)]) -> str:
    return name


main.include_router(router)
main.mount("/sub", sub)
main.dependency_overrides[get_name] = lambda: "fake"
assert client(main).get("/here").json() == "fake" and log == ["app", "router", "route"]
log.clear()
assert client(main).get("/sub/there").json() == "real" and log == []
sub.dependency_overrides[get_name] = lambda: "fake"
assert client(main).get("/sub/there").json() == "fake"


# Exceptions: swallowed ones become 500 in either scope; translated ones reach the client.
def swallow():
    try:
        yield
    except Exception:
        pass


def translate():
    try:
        yield
    except KeyError:
        raise HTTPException(404, "gone")


def too_late():
    yield
    raise HTTPException(400, "late")


errors = FastAPI()


@errors.get("/swallowed", dependencies=[Depends(swallow)])
@errors.get("/swallowed-early", dependencies=[Depends(swallow, scope="function")])
def refuse():
    raise HTTPException(404)


@errors.get("/translated", dependencies=[Depends(translate)])
def fail():
    raise KeyError


@errors.get("/late", dependencies=[Depends(too_late)])
@errors.get("/early", dependencies=[Depends(too_late, scope="function")])
def succeed():
    return "ok"


assert client(errors).get("/swallowed").status_code == 500
assert client(errors).get("/swallowed-early").status_code == 500
assert client(errors).get("/translated").status_code == 404
assert client(errors).get("/late").status_code == 200
assert client(errors).get("/early").status_code == 400
try:
    TestClient(errors).get("/late")
except RuntimeError as error:
    assert "response already started" in str(error)
else:
    raise AssertionError("the server does not see the late exception")


# A request-scoped `yield` dependency cannot use a function-scoped one; the other way round is fine.
def function_scoped():
    yield


def request_scoped(_: Annotated[None, Depends(function_scoped, scope="function")]):
    yield


def fine(_: Annotated[None, Depends(function_scoped, scope="request")]):
    yield


try:
    errors.get("/bad", dependencies=[Depends(request_scoped)])(succeed)
except DependencyScopeError:
    pass
else:
    raise AssertionError("the scopes are not checked")
errors.get("/good", dependencies=[Depends(fine, scope="function")])(succeed)
assert client(errors).get("/good").status_code == 200


# Nested `yield` dependencies close in reverse order.
closed: list[str] = []


def outer():
    yield
    closed.append("outer")


def inner(_: Annotated[None, Depends(outer)]):
    yield
    closed.append("inner")


errors.get("/nested", dependencies=[Depends(inner)])(succeed)
assert client(errors).get("/nested").status_code == 200 and closed == ["inner", "outer"]

# A stream can read from a request-scoped dependency until its last chunk; a function-scoped one is closed before it.
from fastapi.responses import StreamingResponse  # noqa: E402

state: list[str] = []


def connection():
    state.append("open")
    yield
    state.append("closed")


@errors.get("/stream", dependencies=[Depends(connection)])
@errors.get("/stream-early", dependencies=[Depends(connection, scope="function")])
def stream():
    def rows():
        yield state[-1]

    return StreamingResponse(rows())


assert client(errors).get("/stream").text == "open"
assert client(errors).get("/stream-early").text == "closed"
