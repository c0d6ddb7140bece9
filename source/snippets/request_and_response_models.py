# card:
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
app = FastAPI()

class UserOut(BaseModel):
    name: str
    city: str | None = None

class UserIn(UserOut):
    password: str

@app.post("/users")
@app.post("/short", response_model_exclude_unset=True)
def create(user: UserIn) -> UserOut:
    return user

@app.post("/raw", response_model=UserOut)
def raw(user: UserIn):
    return JSONResponse(user.model_dump())
# end

import json
import sys
import typing
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import FastAPIError
from fastapi.testclient import TestClient
from pydantic import ConfigDict, SerializeAsAny
from pydantic.errors import PydanticUserError
from typing_extensions import TypedDict

client = TestClient(app)
body = {"name": "Ada", "password": "s3cret"}
print("sent  ", json.dumps(body, separators=(",", ":")))
for path in ("/users", "/short", "/raw"):
    print(path.ljust(6), client.post(path, json=body).text)

assert client.post("/users", json=body).json() == {"name": "Ada", "city": None}
assert client.post("/short", json=body).json() == {"name": "Ada"}
assert client.post("/raw", json=body).json() == {"name": "Ada", "city": None, "password": "s3cret"}

stored = UserIn(name="Ada", password="s3cret")
leak = {"name": "Ada", "city": None, "password": "s3cret"}
clean = {"name": "Ada", "city": None}


# The filter reaches into lists and nested models.
class Team(BaseModel):
    lead: UserOut
    members: list[UserOut]


@app.get("/team")
def team() -> Team:
    return Team(lead=stored, members=[stored])


assert client.get("/team").json() == {"lead": clean, "members": [clean]}


# response_model wins over the annotation, and None switches the model off.
@app.get("/both", response_model=UserOut)
def both() -> UserIn:
    return stored


@app.get("/off", response_model=None)
def off() -> UserOut:
    return stored


assert client.get("/both").json() == clean
assert client.get("/off").json() == leak


# No annotation, Any, or a plain dict: nothing is filtered.
@app.get("/bare")
def bare():
    return stored


@app.get("/any")
def anything() -> Any:
    return stored


@app.get("/dict")
def plain() -> dict:
    return stored.model_dump()


for path in ("/bare", "/any", "/dict"):
    assert client.get(path).json() == leak


# Types that are no Pydantic models filter as well.
@dataclass
class NameData:
    name: str


class NameDict(TypedDict):
    name: str


@app.get("/dataclass")
def as_dataclass() -> NameData:
    return stored.model_dump()


@app.get("/typeddict")
def as_typeddict() -> NameDict:
    return stored.model_dump()


assert client.get("/dataclass").json() == client.get("/typeddict").json() == {"name": "Ada"}


# Before Python 3.12 Pydantic refuses the TypedDict of `typing`.
if sys.version_info < (3, 12):

    class OldNameDict(typing.TypedDict):
        name: str

    try:

        @app.get("/old-typeddict")
        def as_old_typeddict() -> OldNameDict:
            return stored.model_dump()
    except PydanticUserError as error:
        assert error.code == "typed-dict-version"
    else:
        raise AssertionError("typing.TypedDict was accepted")


# A response model that allows extras lets unknown fields through.
class LooseOut(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


@app.get("/loose")
def loose() -> LooseOut:
    return stored.model_dump()


assert client.get("/loose").json()["password"] == "s3cret"


# A union that names the private model lets it through.
@app.get("/union")
def union() -> UserOut | UserIn:
    return stored


assert client.get("/union").json() == leak


# A field of SerializeAsAny is written by the type of its value.
class Shop(BaseModel):
    owner: SerializeAsAny[UserOut]


@app.get("/shop")
def shop() -> Shop:
    return Shop(owner=stored)


assert client.get("/shop").json()["owner"]["password"] == "s3cret"


# An object with attributes is read too, without from_attributes on the model.
class Row:
    def __init__(self) -> None:
        self.name, self.city, self.password = "Ada", None, "s3cret"


@app.get("/row", response_model=UserOut)
def row():
    return Row()


assert client.get("/row").json() == clean


# response_model_exclude removes the field from the response, but not from the schema.
@app.get("/excluded", response_model_exclude={"password"})
def excluded() -> UserIn:
    return stored


assert client.get("/excluded").json() == clean
schema = app.openapi()
ref = schema["paths"]["/excluded"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
assert "password" in schema["components"]["schemas"][ref.rsplit("/", 1)[1]]["properties"]

# The response documents UserOut, also on the path that returns a Response and bypasses it.
for path in ("/users", "/raw"):
    content = schema["paths"][path]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["$ref"].endswith("/UserOut")

# A Response as annotation is fine alone, but not in a union with data.
try:

    @app.get("/mixed")
    def mixed() -> JSONResponse | dict:
        return {}
except FastAPIError:
    pass
else:
    raise AssertionError("the union was accepted")
