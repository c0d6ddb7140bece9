# card:
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()
Limit = Annotated[int, Query(ge=1, le=100)]

@app.get("/old")
def old(limit: int = Query(10, ge=1, le=100)):
    return limit

@app.get("/new")
def new(limit: Limit = 10):
    return limit

@app.get("/small")
def small(limit: Annotated[Limit, Query(le=20)]):
    return limit
# end

from fastapi import Depends, Path
from fastapi.testclient import TestClient

client = TestClient(app)
print("requests:", client.get("/old").text, client.get("/new").text)
print("calls:   ", type(old()).__name__, new())
print("/small?limit=0: ", client.get("/small?limit=0").status_code)
print("/small?limit=21:", client.get("/small?limit=21").status_code)
assert client.get("/old").json() == client.get("/new").json() == 10
assert type(old()).__name__ == "Query" and new() == 10
# An alias carries its metadata along, and more can be added around it: `ge` is kept, `le` is the new one.
for value, status in ((0, 422), (1, 200), (20, 200), (21, 422)):
    assert client.get("/small", params={"limit": value}).status_code == status
schema = app.openapi()["paths"]["/small"]["get"]["parameters"][0]["schema"]
assert (schema["minimum"], schema["maximum"]) == (1, 20)
# Both styles give the same document.
parameters = {p: app.openapi()["paths"][p]["get"]["parameters"] for p in ("/old", "/new")}
assert parameters["/old"] == parameters["/new"]


def refuses(declare, text: str):
    try:
        declare()
    except (AssertionError, SyntaxError) as error:
        assert text in str(error), error
    else:
        raise RuntimeError("accepted")


# The default stands after `=`, not inside Annotated.
def default_inside():
    @app.get("/inside")
    def inside(limit: Annotated[int, Query(10)]):
        return limit


refuses(default_inside, "cannot be set in `Annotated`")


# One place for Depends, not both.
def dependency() -> int:
    return 5


def both_places():
    @app.get("/both")
    def both(value: Annotated[int, Depends(dependency)] = Depends(dependency)):
        return value


refuses(both_places, "`Depends` in `Annotated` and default value together")


# A path parameter has no default, in either style.
def path_default():
    @app.get("/items/{item_id}")
    def item(item_id: Annotated[int, Path()] = 1):
        return item_id


def path_default_old():
    @app.get("/items/{item_id}")
    def item(item_id: int = Path(1)):
        return item_id


refuses(path_default, "default value")
refuses(path_default_old, "default value")

# In the default style a required parameter after an optional one is a syntax error; with Annotated it keeps its place.
refuses(lambda: compile("def f(a: int = Query(), b: int): ...", "-", "exec"), "non-default argument follows")
compile("def f(a: Annotated[int, Query()], b: int): ...", "-", "exec")
compile("def f(*, a: int = Query(), b: int): ...", "-", "exec")


# Called directly, an Annotated dependency is an ordinary required argument; the default style hands out the marker.
def new_style(value: Annotated[int, Depends(dependency)]) -> int:
    return value


def old_style(value: int = Depends(dependency)) -> int:
    return value


assert new_style(7) == 7 and type(old_style()).__name__ == "Depends"
try:
    new_style()
    raise AssertionError
except TypeError:
    pass


# An endpoint with every kind of parameter, in both styles: the same answers, the same document.
from fastapi import Body, Cookie, Header
from pydantic import BaseModel


class Model(BaseModel):
    x: int = 1


default_style, annotated_style = FastAPI(), FastAPI()


@default_style.post("/{p}")
def endpoint(
    p: int = Path(ge=1),
    q: list[int] = Query([1]),
    h: str = Header("a"),
    c: str | None = Cookie(None),
    b: Model = Body(Model()),
    d: int = Depends(dependency),
):
    return [p, q, h, c, b, d]


@annotated_style.post("/{p}")
def endpoint(
    p: Annotated[int, Path(ge=1)],
    d: Annotated[int, Depends(dependency)],
    q: Annotated[list[int], Query()] = [1],
    h: Annotated[str, Header()] = "a",
    c: Annotated[str | None, Cookie()] = None,
    b: Annotated[Model, Body()] = Model(),
):
    return [p, q, h, c, b, d]


assert default_style.openapi() == annotated_style.openapi()
for url in ("/2", "/0", "/2?q=3&q=4", "/2?q=x"):
    answers = [TestClient(one).post(url, headers={"h": "b"}).text for one in (default_style, annotated_style)]
    assert answers[0] == answers[1]

# A default that must be computed for each request goes inside, as default_factory.
numbers = iter(range(1, 9))


@app.get("/factory")
def factory(number: Annotated[int, Query(default_factory=lambda: next(numbers))]):
    return number


assert [client.get("/factory").json(), client.get("/factory").json()] == [1, 2]
