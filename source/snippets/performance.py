# card:
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

class Point(BaseModel):
    x: int
    y: int

points = [Point(x=n, y=-n) for n in range(100)]

@app.get("/typed")
async def typed() -> list[Point]:
    return points

@app.get("/untyped")
async def untyped():
    return points
# end

import asyncio
import inspect
import warnings
from importlib.metadata import requires
from unittest.mock import patch

import pydantic_core
import uvicorn
from fastapi import APIRouter
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import FastAPIDeprecationWarning
from fastapi.responses import JSONResponse, ORJSONResponse, UJSONResponse
from fastapi.routing import ModelField
from fastapi.testclient import TestClient
from starlette.applications import Starlette

client = TestClient(app)
bodies, calls = {}, {}
for path in ("/typed", "/untyped"):
    with (
        patch("fastapi.encoders.jsonable_encoder", wraps=jsonable_encoder) as counter,
        patch("fastapi.routing.jsonable_encoder", counter),
    ):
        bodies[path] = client.get(path).content
    calls[path] = counter.call_count
    print(f"{path:<9} {len(bodies[path])} bytes, jsonable_encoder: {calls[path]} calls")

assert bodies["/typed"] == bodies["/untyped"]
assert calls["/typed"] == 0 and calls["/untyped"] > 100


# An explicit response_class, even the default one, gives up the direct way to JSON bytes.
@app.get("/explicit", response_class=JSONResponse)
async def explicit() -> list[Point]:
    return points


def ways(path: str) -> tuple[int, int]:
    with (
        patch.object(ModelField, "serialize_json", autospec=True, side_effect=ModelField.serialize_json) as to_bytes,
        patch.object(ModelField, "serialize", autospec=True, side_effect=ModelField.serialize) as to_python,
    ):
        assert client.get(path).content == bodies["/typed"]
    return to_bytes.call_count, to_python.call_count


# So does a default_response_class, of the app or of a router.
router = APIRouter(prefix="/router", default_response_class=JSONResponse)


@router.get("/typed")
async def typed_in_router() -> list[Point]:
    return points


app.include_router(router)
assert ways("/router/typed") == (0, 1)
assert ways("/typed") == (1, 0)
assert ways("/explicit") == (0, 1)
assert ways("/untyped") == (0, 0)

# FastAPI is a layer on Starlette; uvloop and httptools come with uvicorn's standard extra; Pydantic's core is compiled.
assert issubclass(FastAPI, Starlette)
standard = [name for name in requires("uvicorn") if 'extra == "standard"' in name.replace("'", '"')]
assert any(name.startswith("uvloop") for name in standard) and any(name.startswith("httptools") for name in standard)
assert not any(name.startswith("uvloop") and "extra" not in name for name in requires("uvicorn"))
assert not pydantic_core._pydantic_core.__file__.endswith(".py")
# One process by default; more are an option.
assert uvicorn.Config(app).workers == 1 and "workers" in inspect.signature(uvicorn.run).parameters
# The faster-JSON response classes are deprecated.
for response_class in (ORJSONResponse, UJSONResponse):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            response_class({"a": 1})
        except (AssertionError, RuntimeError):
            pass  # ujson or orjson is not installed
    assert any(issubclass(warning.category, FastAPIDeprecationWarning) for warning in caught)
# A returned Response is neither validated nor serialized.


@app.get("/raw")
async def raw() -> list[Point]:
    return JSONResponse({"not": "a list"})


assert client.get("/raw").json() == {"not": "a list"}

# Two awaits in a row take turns; gather lets them overlap.
order: list[str] = []


async def part(name: str):
    order.append(f"{name} in")
    await asyncio.sleep(0.01)
    order.append(f"{name} out")


@app.get("/gathered")
async def gathered():
    order.clear()
    await asyncio.gather(part("a"), part("b"))
    return order


assert client.get("/gathered").json() == ["a in", "b in", "a out", "b out"]
