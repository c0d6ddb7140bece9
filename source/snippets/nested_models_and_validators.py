from typing import Self

from fastapi import FastAPI
from pydantic import BaseModel, Field, field_validator, model_validator

app = FastAPI()

# card:
class Line(BaseModel):
    sku: str
    qty: int = Field(ge=1)
    @field_validator("sku")
    @classmethod
    def upper(cls, sku: str) -> str:
        return sku.upper()

class Order(BaseModel):
    lines: list[Line]
    limit: int
    @model_validator(mode="after")
    def within_limit(self) -> Self:
        if sum(n.qty for n in self.lines) > self.limit:
            raise ValueError("over the limit")
        return self

@app.post("/orders")
def create(order: Order) -> Order:
    return order
# end

import asyncio
import threading
import warnings
from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.testclient import TestClient
from pydantic import ValidationError
from pydantic.warnings import PydanticDeprecatedSince20

client = TestClient(app)
bodies = (
    {"lines": [{"sku": "a1", "qty": 2}], "limit": 5},
    {"lines": [{"sku": "a1", "qty": 0}], "limit": -1},
    {"lines": [{"sku": "a1", "qty": 9}], "limit": 5},
)
for body in bodies:
    response = client.post("/orders", json=body)
    if response.status_code == 200:
        print(200, response.text)
    else:
        for e in response.json()["detail"]:
            print(response.status_code, e["type"], e["loc"])

# The second body breaks a field and the rule across fields: the model validator did not run.
assert [e["type"] for e in client.post("/orders", json=bodies[1]).json()["detail"]] == ["greater_than_equal"]
assert client.post("/orders", json=bodies[2]).json()["detail"][0]["msg"] == "Value error, over the limit"
# A field validator does not run on a value that its type or constraint refused.
assert [e["loc"] for e in client.post("/orders", json={"lines": [{"sku": 1, "qty": 1}], "limit": 1}).json()["detail"]] == [
    ["body", "lines", 0, "sku"]
]


# A list as the whole body, and a dict of models: each item is checked.
@app.post("/array")
def array(lines: list[Line]):
    return [line.sku for line in lines]


@app.post("/dict")
def named(lines: dict[str, Line]):
    return sorted(lines)


assert client.post("/array", json=[{"sku": "a1", "qty": 1}]).json() == ["A1"]
assert client.post("/array", json=[{"sku": "a1"}]).json()["detail"][0]["loc"] == ["body", 0, "qty"]
assert client.post("/dict", json={"x": {"sku": "a1"}}).json()["detail"][0]["loc"] == ["body", "x", "qty"]


# mode="before" gets the raw value; what a validator returns is what the field holds; a default is not validated.
class Tags(BaseModel):
    tags: list[str]
    note: str = "  "

    @field_validator("tags", mode="before")
    @classmethod
    def split(cls, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    @field_validator("note")
    @classmethod
    def forget(cls, value: str) -> str:
        pass


# In the default mode the type is checked first, so a string does not reach the validator.
class LateTags(BaseModel):
    tags: list[str]

    @field_validator("tags")
    @classmethod
    def split(cls, value: Any) -> Any:
        late.append(value)
        return value


late: list[Any] = []
try:
    LateTags(tags="a,b")
except ValidationError as error:
    assert [e["type"] for e in error.errors()] == ["list_type"] and late == []
else:
    raise RuntimeError("no ValidationError")
assert Tags(tags="a,b").tags == ["a", "b"] and Tags(tags=["a"]).tags == ["a"]
assert Tags(tags=[]).note == "  " and Tags(tags=[], note="x").note is None


# A discriminator picks one model of a union, so the errors are of that model alone.
class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    barks: bool


@app.post("/pets")
def tagged(pet: Annotated[Cat | Dog, Field(discriminator="kind")]):
    return type(pet).__name__


@app.post("/any-pet")
def untagged(pet: Cat | Dog):
    return type(pet).__name__


bad = {"kind": "cat", "lives": "many"}
assert client.post("/pets", json={"kind": "cat", "lives": 9}).json() == "Cat"
assert [e["loc"] for e in client.post("/pets", json=bad).json()["detail"]] == [["body", "cat", "lives"]]
assert len(client.post("/any-pet", json=bad).json()["detail"]) > 1

# Validators of a body run on the event loop's thread, whether the endpoint is `def` or `async def`,
# and again on a response that is returned as a dict.
threads: list[bool] = []
loop_thread: list[int] = []


class Watched(BaseModel):
    n: int

    @field_validator("n")
    @classmethod
    def look(cls, n: int) -> int:
        threads.append(threading.get_ident() == loop_thread[0])
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            threads[-1] = False
        return n


async def remember() -> None:
    loop_thread[:] = [threading.get_ident()]


watching = FastAPI(dependencies=[Depends(remember)])


@watching.post("/def")
def in_def(body: Watched):
    assert threading.get_ident() != loop_thread[0]


@watching.post("/async")
async def in_async(body: Watched):
    pass


@watching.post("/response")
async def in_response(body: Watched) -> Watched:
    return {"n": body.n}


client = TestClient(watching)
for path, expected in (("/def", [True]), ("/async", [True]), ("/response", [True, True])):
    threads.clear()
    assert client.post(path, json={"n": 1}).status_code == 200 and threads == expected, (path, threads)

# Version 1's name still works, with a warning.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from pydantic import validator

    class Old(BaseModel):
        n: int
        _check = validator("n")(lambda cls, n: n)


assert PydanticDeprecatedSince20 in [w.category for w in caught]
