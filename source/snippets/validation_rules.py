from typing import Annotated

from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI, Path
from pydantic import AfterValidator, BaseModel, Field

def free(name: str) -> str:
    if name == "admin":
        raise ValueError("this name is taken")
    return name

Short = Field(max_length=9)
Name = Annotated[str, Short, AfterValidator(free)]
Id = Annotated[int, Path(ge=1)]
app = FastAPI()

class Change(BaseModel):
    name: Name | None = None
    town: str | None = Field(None, alias="homeTown")

@app.patch("/users/{id}")
def update(id: Id, change: Change):
    return change.model_dump(exclude_unset=True)
# end

import math

from fastapi import Body, HTTPException, Query
from pydantic import BeforeValidator, model_validator

client = TestClient(app, raise_server_exceptions=False)


def show(path: str, body: dict) -> None:
    data = client.patch(path, json=body).json()
    print(path, body)
    if "detail" not in data:
        print("  ", data)
    for e in data.get("detail", []):
        print("  ", e["type"], e["loc"])


show("/users/1", {})
show("/users/1", {"homeTown": None})
show("/users/0", {"name": "far too long"})
show("/users/1", {"name": "admin"})

assert client.patch("/users/1", json={}).json() == {}
assert client.patch("/users/1", json={"homeTown": None}).json() == {"town": None}
assert [e["type"] for e in client.patch("/users/0", json={"name": "far too long"}).json()["detail"]] == [
    "greater_than_equal",
    "string_too_long",
]
taken = client.patch("/users/1", json={"name": "admin"})
assert taken.status_code == 422
assert taken.json()["detail"][0]["msg"] == "Value error, this name is taken"

# Constraints reach the OpenAPI document, functions do not.
document = app.openapi()
schema = document["components"]["schemas"]["Change"]["properties"]
assert schema["name"]["anyOf"][0] == {"type": "string", "maxLength": 9}
assert "homeTown" in schema and "town" not in schema
assert document["paths"]["/users/{id}"]["patch"]["parameters"][0]["schema"]["minimum"] == 1


# One model is the whole body; two are keyed by parameter name, and so is one with embed=True.
class Item(BaseModel):
    name: str


class Shop(BaseModel):
    city: str


@app.post("/one")
def one(item: Item):
    return "ok"


@app.post("/two")
def two(item: Item, shop: Shop):
    return "ok"


@app.post("/embed")
def embed(item: Annotated[Item, Body(embed=True)]):
    return "ok"


assert client.post("/one", json={"name": "pen"}).status_code == 200
assert client.post("/two", json={"name": "pen", "city": "Rome"}).status_code == 422
assert client.post("/two", json={"item": {"name": "pen"}, "shop": {"city": "Rome"}}).status_code == 200
assert client.post("/embed", json={"name": "pen"}).status_code == 422
assert client.post("/embed", json={"item": {"name": "pen"}}).status_code == 200


# What a validator raises decides the answer: ValueError and AssertionError 422, HTTPException its own status, anything else 500.
def refuse(error: Exception):
    def check(value: int) -> int:
        raise error

    return AfterValidator(check)


for path, error, status in (
    ("/value", ValueError("no"), 422),
    ("/assertion", AssertionError("no"), 422),
    ("/http", HTTPException(404), 404),
    ("/key", KeyError("no"), 500),
):

    @app.get(path)
    def read(n: Annotated[int, refuse(error)]):
        return n

    assert client.get(path, params={"n": 1}).status_code == status


# AfterValidator sees the converted value, BeforeValidator the raw one.
seen = []


def look(value):
    seen.append(value)
    return value


@app.get("/order")
def order(n: Annotated[int, BeforeValidator(look), AfterValidator(look)]):
    return n


client.get("/order", params={"n": "7"})
assert seen == ["7", 7]


# A default is not checked against its own constraints.
@app.get("/default")
def default(page: Annotated[int, Query(ge=1)] = 0):
    return page


assert client.get("/default").json() == 0
assert client.get("/default", params={"page": 0}).status_code == 422


# validate_default=True checks it, so a request without the parameter fails.
@app.get("/checked-default")
def checked_default(page: Annotated[int, Query(ge=1, validate_default=True)] = 0):
    return page


answer = client.get("/checked-default")
assert answer.status_code == 422 and answer.json()["detail"][0]["loc"] == ["query", "page"]


# A pattern is a constraint; a rule over two fields is a model validator.
class Transfer(BaseModel):
    sku: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{4}$")]
    source: int
    target: int

    @model_validator(mode="after")
    def two_places(self) -> "Transfer":
        if self.source == self.target:
            raise ValueError("source and target are the same")
        return self


@app.post("/transfers")
def transfer(transfer: Transfer):
    return "ok"


for sku, target, types in (
    ("ABC-1234", 2, []),
    ("abc", 2, ["string_pattern_mismatch"]),
    ("ABC-1234", 1, ["value_error"]),
):
    answer = client.post("/transfers", json={"sku": sku, "source": 1, "target": target})
    assert [e["type"] for e in (answer.json()["detail"] if answer.status_code == 422 else [])] == types


# model_copy(update=...) does not validate.
assert Item(name="pen").model_copy(update={"name": 5}).name == 5


# Responses carry the alias by default, model_dump() the field name.
@app.get("/alias")
def alias() -> Change:
    return Change(homeTown="Rome")


@app.get("/name", response_model_by_alias=False)
def by_name() -> Change:
    return Change(homeTown="Rome")


assert client.get("/alias").json() == {"name": None, "homeTown": "Rome"}
assert client.get("/name").json() == {"name": None, "town": "Rome"}
assert Change(homeTown="Rome").model_dump() == {"name": None, "town": "Rome"}
assert Change(homeTown="Rome").model_dump(by_alias=True) == {"name": None, "homeTown": "Rome"}


# NaN is null with a return type. Without one the answer is a 500.
@app.get("/nan-typed")
def nan_typed() -> dict[str, float]:
    return {"v": math.nan}


@app.get("/nan-bare")
def nan_bare():
    return {"v": math.nan}


assert client.get("/nan-typed").json() == {"v": None}
assert client.get("/nan-bare").status_code == 500
