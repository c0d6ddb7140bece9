from fastapi import APIRouter, BackgroundTasks, HTTPException, Response, WebSocket
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
from fastapi import Depends, FastAPI, Request

app = FastAPI()

def add_layer(name: str):
    @app.middleware("http")
    async def layer(request: Request, call_next):
        print("in", name)
        response = await call_next(request)
        print("out", name)
        return response

add_layer("A")
add_layer("B")

guard = Depends(lambda: print("dependency"))

@app.get("/", dependencies=[guard])
def read():
    print("endpoint")
# end

client = TestClient(app)
assert client.get("/").status_code == 200
print("-- GET /missing:")
assert client.get("/missing").status_code == 404

# Nothing can be added after the first request.
try:
    add_layer("C")
except RuntimeError as error:
    assert "after an application has started" in str(error)
else:
    raise AssertionError("added after the start")

log: list[tuple[str, str]] = []


class Layer:
    def __init__(self, app, name: str):
        self.app = app
        self.name = name

    async def __call__(self, scope, receive, send):
        log.append((self.name, scope["type"]))
        await self.app(scope, receive, send)


# In the `middleware` argument, the first of the list is the outermost.
listed = FastAPI(middleware=[Middleware(Layer, name="first"), Middleware(Layer, name="second")])
mounted = FastAPI()
http_calls: list[str] = []


@listed.middleware("http")
async def count_http(request: Request, call_next):
    http_calls.append(request.url.path)
    return await call_next(request)


@listed.websocket("/ws")
async def echo(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


@mounted.get("/inside")
def inside():
    return "inside"


listed.mount("/sub", mounted)
assert TestClient(listed).get("/sub/inside").json() == "inside"
# The middleware of the main app runs for a mounted app too.
assert log == [("first", "http"), ("second", "http")] and http_calls == ["/sub/inside"]

# The HTTP kind skips WebSockets; an ASGI class sees them, and the lifespan as well.
log.clear()
http_calls.clear()
with TestClient(listed).websocket_connect("/ws") as websocket:
    assert websocket.receive_text() == "hello"
assert log == [("first", "websocket"), ("second", "websocket")] and http_calls == []
log.clear()
with TestClient(listed):
    pass
assert log == [("first", "lifespan"), ("second", "lifespan")]


# Exception handlers sit inside the middleware: they do not see what a middleware raises.
class Refused(Exception):
    pass


failing = FastAPI()
failing.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])


@failing.exception_handler(Refused)
async def handle_refused(request: Request, error: Refused):
    return Response(status_code=418)


@failing.middleware("http")
async def fail(request: Request, call_next):
    if request.url.path == "/http-exception":
        raise HTTPException(403)
    if request.url.path == "/refused":
        raise Refused
    if request.url.path == "/short":
        return Response(status_code=503)
    return await call_next(request)


@failing.get("/short")
@failing.get("/in-endpoint")
def raise_refused():
    raise Refused


@failing.get("/bug")
def bug():
    raise ValueError


failing_client = TestClient(failing, raise_server_exceptions=False)
assert failing_client.get("/http-exception").status_code == 500
assert failing_client.get("/refused").status_code == 500
assert failing_client.get("/in-endpoint").status_code == 418
# Without `call_next` the endpoint does not run.
assert failing_client.get("/short").status_code == 503

# The 500 of an unhandled error is made outside every middleware, so it has no CORS header. A 404 has one.
origin = {"Origin": "https://app.example"}
assert "access-control-allow-origin" not in failing_client.get("/bug", headers=origin).headers
assert failing_client.get("/missing", headers=origin).headers["access-control-allow-origin"] == "https://app.example"

# The one for `Exception` is outside: it sees what middleware raises, an HTTPException too.
outside = FastAPI()


@outside.exception_handler(Exception)
async def handle_all(request: Request, error: Exception):
    return Response(type(error).__name__, 503)


@outside.middleware("http")
async def refuse(request: Request, call_next):
    raise HTTPException(403)


answer = TestClient(outside, raise_server_exceptions=False).get("/")
assert (answer.status_code, answer.text) == (503, "HTTPException")

# A handler for all exceptions makes that 500, and makes it out there, too.
failing_too = FastAPI()
failing_too.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])


@failing_too.exception_handler(Exception)
async def handle_all(request: Request, error: Exception):
    return Response("mine", status_code=500)


@failing_too.get("/bug")
def bug_too():
    raise ValueError


answer = TestClient(failing_too, raise_server_exceptions=False).get("/bug", headers=origin)
assert answer.text == "mine" and "access-control-allow-origin" not in answer.headers

# What `call_next` returns has not been sent: background tasks and `yield` cleanup come later.
order: list[str] = []
timed = FastAPI()


def resource():
    yield
    order.append("dependency closed")


@timed.middleware("http")
async def timer(request: Request, call_next):
    response = await call_next(request)
    order.append("call_next returned")
    return response


@timed.get("/", dependencies=[Depends(resource)])
def with_task(tasks: BackgroundTasks):
    tasks.add_task(order.append, "background task")


for _ in range(20):
    order.clear()
    TestClient(timed).get("/")
    assert order == ["call_next returned", "background task", "dependency closed"]

# A router has no middleware.
assert not hasattr(APIRouter(), "middleware") and not hasattr(APIRouter(), "add_middleware")
