from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from starlette.applications import Starlette

app = FastAPI()

@app.get("/items/{item_id}")
def read_item(item_id: int):
    return {"next": item_id + 1}

print("is a Starlette app:", isinstance(app, Starlette))
client = TestClient(app)
print("/items/7", client.get("/items/7").json())
print("/items/x", client.get("/items/x").status_code)
# end

import asyncio
from importlib.metadata import requires

from pydantic import BaseModel

assert isinstance(app, Starlette)
assert client.get("/items/7").json() == {"next": 8}
assert client.get("/items/x").status_code == 422

# Python itself does not enforce the type hint: the plain function takes any number.
assert read_item(0.5) == {"next": 1.5}

# The same signature reaches the OpenAPI document, and the docs page is served.
parameter = app.openapi()["paths"]["/items/{item_id}"]["get"]["parameters"][0]
assert parameter["schema"]["type"] == "integer"
assert client.get("/docs").status_code == 200


# Starlette's routes, mounts and middleware work in it.
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route


async def plain(request):
    return PlainTextResponse("text" * 500)


mixed = FastAPI(routes=[Route("/plain", plain), Mount("/sub", routes=[Route("/plain", plain)])])
mixed.add_middleware(GZipMiddleware)
for path in ("/plain", "/sub/plain"):
    answer = TestClient(mixed).get(path)
    assert answer.text == "text" * 500 and answer.headers["content-encoding"] == "gzip"


# ASGI: the app is an awaitable call with scope, receive and send.
async def call_by_hand() -> list[str]:
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": "/items/7", "raw_path": b"/items/7", "query_string": b"", "root_path": "", "headers": []}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    await app(scope, receive, send)
    return sent


assert asyncio.run(call_by_hand()) == ["http.response.start", "http.response.body"]

# Plain fastapi needs Starlette and Pydantic, and brings no server, ORM or template engine; the extra adds a server.
needs = [line.split(";") for line in requires("fastapi")]
base = " ".join(parts[0].lower() for parts in needs if len(parts) == 1)
standard = " ".join(parts[0].lower() for parts in needs if parts[-1].strip() == 'extra == "standard"')
assert "starlette" in base and "pydantic" in base
assert not any(name in base for name in ("uvicorn", "sqlalchemy", "django", "jinja2", "python-multipart"))
assert "uvicorn" in standard and "sqlalchemy" not in standard
assert client.get("/admin").status_code == 404


# Pydantic raises an error that has no status; FastAPI's handler makes the 422 of it.
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

try:
    TypeAdapter(int).validate_python("x")
    raise AssertionError
except ValidationError as error:
    assert not hasattr(error, "status_code") and not isinstance(error, RequestValidationError)
assert app.exception_handlers[RequestValidationError].__module__ == "fastapi.exception_handlers"

# Endpoints may be def or async def, and data arrives as Pydantic models.
class Order(BaseModel):
    quantity: int


@app.post("/orders")
async def create_order(order: Order):
    return order.quantity


assert client.post("/orders", json={"quantity": "3"}).json() == 3
