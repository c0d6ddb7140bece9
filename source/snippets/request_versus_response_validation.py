from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from pydantic import BaseModel

class Item(BaseModel):
    name: str
    price: float

app = FastAPI()
saved = []

@app.post("/items")
def create(item: Item) -> Item:
    saved.append(item.name)
    return {"name": item.name}

quiet = TestClient(app, raise_server_exceptions=False)
for body in dict(name="pen"), dict(name="pen", price=2):
    answer = quiet.post("/items", json=body)
    kind = answer.headers["content-type"].split(";")[0]
    print(answer.status_code, kind, saved)
# end

import warnings
from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, ValidationError

assert quiet.post("/items", json={"name": "pen"}).status_code == 422
assert saved == ["pen"]
assert answer.status_code == 500 and answer.text == "Internal Server Error"

# The default TestClient raises the exception; its loc starts with "response", and body is what was returned.
strict = TestClient(app)
try:
    strict.post("/items", json={"name": "ink", "price": 3})
except ResponseValidationError as error:
    assert [(e["type"], e["loc"]) for e in error.errors()] == [("missing", ("response", "price"))]
    assert error.body == {"name": "ink"}
    assert "price" in str(error)  # what the server logs
    assert (error.endpoint_function, error.endpoint_path) == ("create", "POST /items")
else:
    raise AssertionError("no ResponseValidationError")

# OpenAPI documents the 422 and not the 500.
assert set(app.openapi()["paths"]["/items"]["post"]["responses"]) == {"200", "422"}


# A model built by hand inside the endpoint raises Pydantic's own error: also a 500.
@app.get("/own")
def own() -> Item:
    return Item.model_validate({"name": "pen"})


assert quiet.get("/own").status_code == 500
try:
    strict.get("/own")
except ValidationError:
    pass
else:
    raise AssertionError("no ValidationError")


# Response validation converts as request validation does.
@app.get("/converted")
def converted() -> int:
    return "7"


assert quiet.get("/converted").text == "7"


# None is no Item, unless the annotation says so.
@app.get("/nothing")
def nothing() -> Item:
    return None


@app.get("/maybe")
def maybe() -> Item | None:
    return None


assert quiet.get("/nothing").status_code == 500
assert (quiet.get("/maybe").status_code, quiet.get("/maybe").text) == (200, "null")


# Without a declared type nothing is checked.
@app.get("/bare")
def bare():
    return {"name": "pen"}


assert quiet.get("/bare").status_code == 200


# An instance of the declared model is trusted: a bad value set after construction goes out, with a warning in the log.
@app.get("/changed")
def changed() -> Item:
    item = Item(name="pen", price=2)
    item.price = "free"
    return item


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    answer = quiet.get("/changed")
assert (answer.status_code, answer.json()) == (200, {"name": "pen", "price": "free"})
assert any("serializer" in str(w.message) for w in caught)



# revalidate_instances="always" takes that trust away.
class Checked(Item):
    model_config = ConfigDict(revalidate_instances="always")


@app.get("/revalidated")
def revalidated() -> Checked:
    item = Checked(name="pen", price=2)
    item.price = "free"
    return item


assert quiet.get("/revalidated").status_code == 500

# A yield dependency sees the error, in both scopes, so it can roll back.
log = []


def session():
    try:
        yield
    except ResponseValidationError:
        log.append("rollback")
        raise
    else:
        log.append("commit")


for path, scope in (("/request", "request"), ("/function", "function")):

    @app.get(path)
    def read(db: Annotated[None, Depends(session, scope=scope)]) -> Item:
        return {"name": "pen"}

    assert quiet.get(path).status_code == 500

assert log == ["rollback", "rollback"]

# A handler for the request's error does not catch the response's; that has a type of its own.
assert not issubclass(ResponseValidationError, RequestValidationError)


def build(*types: type[Exception]) -> TestClient:
    app = FastAPI()

    async def handle(request: Request, exc: Exception) -> JSONResponse:
        return JSONResponse({"handled": type(exc).__name__}, status_code=418)

    for kind in types:
        app.add_exception_handler(kind, handle)

    @app.post("/items")
    def create(item: Item) -> Item:
        return {}

    return TestClient(app, raise_server_exceptions=False)


good = {"name": "pen", "price": 2}
assert build(RequestValidationError).post("/items", json=good).status_code == 500
assert build(RequestValidationError).post("/items", json={}).status_code == 418
assert build(ResponseValidationError).post("/items", json=good).json() == {"handled": "ResponseValidationError"}
assert build(ResponseValidationError).post("/items", json={}).status_code == 422
