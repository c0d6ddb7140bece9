# card:
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()

class Item(BaseModel):
    name: str

class Problem(BaseModel):
    code: str

NO_ITEM = {"model": Problem, "description": "No item"}

@app.get("/items/{item_id}", responses={404: NO_ITEM})
def read(item_id: int) -> Item:
    if item_id != 1:
        problem = Problem(code="no_item")
        return JSONResponse(problem.model_dump(), 404)
    return Item(name="pen")
# end

from fastapi import APIRouter, HTTPException, Response
from fastapi.testclient import TestClient

client = TestClient(app)
for item_id in (1, 2):
    response = client.get(f"/items/{item_id}")
    print(response.status_code, response.text)
documented = app.openapi()["paths"]["/items/{item_id}"]["get"]["responses"]
for status, entry in documented.items():
    schema = entry["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    print(f"documented: {status} {schema}, {entry['description']}")
assert response.status_code == 404 and response.json() == {"code": "no_item"}
assert list(documented) == ["200", "404", "422"]
assert documented["404"]["description"] == "No item"


# Nothing checks an answer against the model: not a raised HTTPException, not a returned response.
@app.get("/raised", responses={404: NO_ITEM})
def raised() -> Item:
    raise HTTPException(404, "gone")


@app.get("/wrong", responses={404: NO_ITEM})
def wrong() -> Item:
    return JSONResponse({"cod": 1}, 404)


# Data that is returned beside a status of 404 is held against the return type, not against `Problem`.
@app.get("/data", responses={404: NO_ITEM})
def data(response: Response) -> Item:
    response.status_code = 404
    return {"name": "pen", "code": "no_item"}


assert client.get("/data").status_code == 404 and client.get("/data").json() == {"name": "pen"}
assert client.get("/raised").json() == {"detail": "gone"}
assert client.get("/wrong").json() == {"cod": 1}

# App, include_router, router and route are merged; for one status the route's entry counts.
layers = FastAPI(responses={500: {"description": "app"}})
router = APIRouter(responses={401: {"description": "router"}, 404: {"description": "router"}})


@router.get("/merged", responses={404: {"description": "route"}})
def merged():
    pass


# A 422 of your own replaces FastAPI's entry, and its schema leaves the document.
@router.get("/own-422/{number}", responses={422: {"model": Problem, "description": "mine"}})
def own_422(number: int):
    pass


@router.get("/ranges", responses={"4XX": {"description": "range"}, "default": {"description": "else"}})
def ranges():
    pass


# Either of the two keeps FastAPI's own 422 out of the document.
@router.get("/range/{number}", responses={"4XX": {"description": "range"}})
def a_range(number: int):
    pass


@router.get("/default/{number}", responses={"default": {"description": "else"}})
def a_default(number: int):
    pass


# Another media type beside the model, for one status.
@router.get("/image", responses={200: {"content": {"image/png": {}}}})
def image() -> Item:
    return Item(name="pen")


layers.include_router(router, responses={418: {"description": "include"}})
schema = layers.openapi()
found = {status: entry["description"] for status, entry in schema["paths"]["/merged"]["get"]["responses"].items()}
assert found == {
    "200": "Successful Response",
    "401": "router",
    "404": "route",
    "418": "include",
    "500": "app",
}
own = schema["paths"]["/own-422/{number}"]["get"]["responses"]["422"]
assert own["description"] == "mine" and own["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")
assert "HTTPValidationError" not in schema["components"]["schemas"]
# The answer itself is still FastAPI's.
assert "detail" in TestClient(layers).get("/own-422/x").json()
assert {"4XX", "default"} <= set(schema["paths"]["/ranges"]["get"]["responses"])
for key, path in (("4XX", "/range/{number}"), ("default", "/default/{number}")):
    listed = schema["paths"][path]["get"]["responses"]
    assert key in listed and "422" not in listed
content = schema["paths"]["/image"]["get"]["responses"]["200"]["content"]
assert set(content) == {"application/json", "image/png"}


# `model` is FastAPI's key and does not reach the document.
assert "model" not in documented["404"]


# A status that has no body takes no model.
def no_body():
    @app.get("/no-body", responses={204: {"model": Problem}})
    def empty():
        pass


try:
    no_body()
    raise RuntimeError
except AssertionError as error:
    assert "204 must not have a response body" in str(error)
