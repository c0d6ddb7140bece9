# card:
from typing import Annotated

from fastapi import FastAPI, Form, Query
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()

class Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int = Field(10, le=100)
    tags: list[str] = []

@app.get("/query")
def query(filters: Annotated[Filters, Query()]):
    return filters

@app.post("/form")
def form(filters: Annotated[Filters, Form()]):
    return filters
# end

from fastapi import Cookie, Depends, Header
from fastapi.testclient import TestClient

client = TestClient(app)
print(client.get("/query?limit=5&tags=a&tags=b").text)
print(client.post("/form", data={"tags": ["a"]}).text)
for response in (client.get("/query?limt=5"), client.post("/form", data={"limt": 5})):
    error = response.json()["detail"][0]
    print(response.status_code, error["type"], error["loc"])
    assert response.status_code == 422 and error["type"] == "extra_forbidden"
assert client.get("/query?limit=5&tags=a&tags=b").json() == {"limit": 5, "tags": ["a", "b"]}
assert client.post("/form", data={"tags": ["a"]}).json() == {"limit": 10, "tags": ["a"]}
assert client.get("/query?limit=101").json()["detail"][0]["loc"] == ["query", "limit"]
assert client.post("/form", data={"limt": 5}).json()["detail"][0]["loc"] == ["body", "limt"]

# Each field is a parameter of its own, in the request and in the document.
assert [p["name"] for p in app.openapi()["paths"]["/query"]["get"]["parameters"]] == ["limit", "tags"]
# A JSON body is no form: nothing is read from it.
assert client.post("/form", json={"limit": 5}).json() == {"limit": 10, "tags": []}


class Headers(BaseModel):
    x_key: str
    x_tag: list[str] = []


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x_key: str


class Cookies(BaseModel):
    session: str


class Person(BaseModel):
    name: str
    note: str = "none"


@app.get("/headers")
def headers(h: Annotated[Headers, Header()]):
    return h


@app.get("/strict-headers")
def strict_headers(h: Annotated[Strict, Header()]):
    return h


@app.get("/cookies")
def cookies(c: Annotated[Cookies, Cookie()]):
    return c


@app.post("/person-form")
def person_form(p: Annotated[Person, Form()]):
    return p


@app.post("/person-json")
def person_json(p: Person):
    return p


@app.get("/page")
def page(filters: Annotated[Filters, Query()], page: int = 1):
    return page


@app.get("/depends")
def depends(filters: Annotated[Filters, Depends()]):
    return filters


@app.get("/set")
def fields_set(filters: Annotated[Filters, Query()]):
    return sorted(filters.model_fields_set)


@app.get("/bare")
def bare(filters: Filters):
    return filters


# Headers: the underscore becomes a hyphen, a repeated header a list.
sent = [("X-Key", "k"), ("X-Tag", "1"), ("X-Tag", "2")]
assert client.get("/headers", headers=sent).json() == {"x_key": "k", "x_tag": ["1", "2"]}
assert client.get("/headers").json()["detail"][0]["loc"] == ["header", "x-key"]
# extra="forbid" on headers refuses every ordinary request, which has a Host header at least.
refused = client.get("/strict-headers", headers={"X-Key": "k"})
assert refused.status_code == 422 and ["header", "host"] in [e["loc"] for e in refused.json()["detail"]]
# Cookies of others are ignored.
assert client.get("/cookies", headers={"Cookie": "session=s; other=1"}).json() == {"session": "s"}
# An empty form field counts as not sent; an empty JSON string is a value.
assert client.post("/person-form", data={"name": "a", "note": ""}).json()["note"] == "none"
assert client.post("/person-form", data={"name": ""}).json()["detail"][0]["type"] == "missing"
assert client.post("/person-json", json={"name": "", "note": ""}).json() == {"name": "", "note": ""}
# A list takes the empty field as an item.
assert client.post("/form", data={"tags": [""]}).json()["tags"] == [""]
# A model that forbids extras leaves no room for a parameter beside it.
assert client.get("/page?limit=5").status_code == 200
assert client.get("/page?limit=5&page=2").json()["detail"][0]["loc"] == ["query", "page"]
# Depends() on the model reads the plain parameters, without the model's config.
assert client.get("/depends?limit=5").json()["limit"] == 5
assert client.get("/depends?limt=5").json()["limit"] == 10
# Its list field is part of the body, and the operation has one in the document.
assert client.get("/depends?tags=a&tags=b").json()["tags"] == []
assert client.request("GET", "/depends", json=["a"]).json()["tags"] == ["a"]
paths = app.openapi()["paths"]
assert "requestBody" in paths["/depends"]["get"] and "requestBody" not in paths["/query"]["get"]
# What the client sent is known.
assert client.get("/set?limit=10").json() == ["limit"] and client.get("/set").json() == []
# Without Query() the model is a body, on GET too.
assert client.get("/bare?limit=5").json()["detail"][0]["loc"] == ["body"]
