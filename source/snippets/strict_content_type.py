from typing import Annotated

from fastapi import Body, Request
from fastapi.testclient import TestClient

# card:
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

class Order(BaseModel):
    command: str

app = FastAPI()
old_clients = APIRouter(
    prefix="/old", strict_content_type=False
)

@app.post("/run")
@old_clients.post("/run")
def run(order: Order):
    return order.command

app.include_router(old_clients)
# end

client = TestClient(app)
body = '{"command": "stop"}'


def post(path: str, content_type: str | None, client: TestClient = client):
    return client.post(path, content=body, headers={} if content_type is None else {"Content-Type": content_type})


expected = [
    ("/run", "application/json", 200),
    ("/run", None, 422),
    ("/run", "text/plain", 422),
    ("/old/run", None, 200),
    ("/old/run", "text/plain", 422),
]
for path, content_type, status in expected:
    response = post(path, content_type)
    print(f"{path:8} {content_type or 'no type':16} {response.status_code}")
    assert response.status_code == status

# The text was not parsed: the validation sees it as it came.
(error,) = post("/run", None).json()["detail"]
assert (error["type"], error["loc"], error["input"]) == ("model_attributes_type", ["body"], body)
# Which types count as JSON.
for content_type in ("application/json; charset=utf-8", "APPLICATION/JSON", "application/problem+json"):
    assert post("/run", content_type).status_code == 200
for content_type in ("text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
    assert post("/run", content_type).status_code == 422

# The flag exists on the app and on a router, not on a route.
loose = FastAPI(strict_content_type=False)
loose.post("/run")(run)
assert post("/run", None, TestClient(loose)).status_code == 200
try:
    app.post("/route", strict_content_type=False)
except TypeError:
    pass
else:
    raise AssertionError("a route takes the flag")


# What the check does not cover: a raw `str` or `bytes` body, and a body that the endpoint reads itself.
@app.post("/raw")
def raw(command: Annotated[str, Body()]):
    return command


@app.post("/own")
async def own(request: Request):
    return (await request.json())["command"]


assert (post("/raw", None).status_code, post("/raw", None).json()) == (200, body)
assert (post("/own", None).status_code, post("/own", None).json()) == (200, "stop")

# A page on another origin that sets the header has to ask first, and this app allows nobody.
preflight = {
    "Origin": "https://evil.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}
refused = client.options("/run", headers=preflight)
assert refused.status_code == 405 and "access-control-allow-origin" not in refused.headers
