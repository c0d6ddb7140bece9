from fastapi import Form
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
from typing import Annotated

from fastapi import Body, FastAPI

app = FastAPI()
Limit = Annotated[int | None, Body(embed=True)]

@app.put("/default")
def default(limit: Limit = 10):
    return limit

@app.put("/required")
def required(limit: Limit):
    return limit

@app.put("/not-null")
def not_null(limit: Annotated[int, Body(embed=True)] = 10):
    return limit
# end

client = TestClient(app)
expected = {
    ("/default", "{}"): (200, 10),
    ("/default", '{"limit": null}'): (200, None),
    ("/required", "{}"): (422, "missing"),
    ("/required", '{"limit": null}'): (200, None),
    ("/not-null", "{}"): (200, 10),
    ("/not-null", '{"limit": null}'): (422, "int_type"),
}
json_type = {"Content-Type": "application/json"}
for (path, body), (status, result) in expected.items():
    response = client.put(path, content=body, headers=json_type)
    answer = response.json() if response.is_success else response.json()["detail"][0]["type"]
    print(f"{path:9} {body:15} {response.status_code}", "null" if answer is None else answer)
    assert (response.status_code, answer) == (status, result)


# The whole body: missing, null, and an empty object.
class Change(BaseModel):
    note: str | None = "draft"


@app.put("/nullable")
def nullable(change: Change | None):
    return change


@app.put("/defaulted")
def defaulted(change: Change | None = Change(note="default")):  # noqa: B008
    return change


@app.put("/plain")
def plain(change: Change):
    return change


def put(path: str, body: str | None):
    response = client.put(path, content=body, headers={} if body is None else json_type)
    return response.json() if response.is_success else response.json()["detail"][0]["type"]


assert [put("/nullable", body) for body in (None, "null", "{}")] == ["missing", None, {"note": "draft"}]
assert [put("/defaulted", body) for body in (None, "null", "{}")] == [{"note": "default"}, None, {"note": "draft"}]
assert [put("/plain", body) for body in (None, "null", "{}")] == [
    "missing",
    "model_attributes_type",
    {"note": "draft"},
]
# With an embedded parameter the body has to be an object: null is not the same as nothing.
assert put("/default", None) == 10 and put("/default", "null") == "missing"


# PATCH: with the default None a parameter cannot tell the two apart. A model can.
@app.patch("/parameter")
def by_parameter(note: Annotated[str | None, Body(embed=True)] = None):
    return note


@app.patch("/model")
def by_model(change: Change):
    return sorted(change.model_fields_set)


assert client.patch("/parameter", json={}).json() is client.patch("/parameter", json={"note": None}).json() is None
assert client.patch("/model", json={}).json() == []
assert client.patch("/model", json={"note": None}).json() == ["note"]


# A form has no null: an empty field counts as missing.
@app.post("/form")
def form(limit: Annotated[int | None, Form()] = 10):
    return limit


assert client.post("/form", data={"limit": ""}).json() == 10

# The document says what may be null.
schemas = app.openapi()["components"]["schemas"]
assert schemas["Body_default_default_put"]["properties"]["limit"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]
