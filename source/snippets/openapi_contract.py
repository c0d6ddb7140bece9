from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from pydantic import BaseModel, computed_field

# card:
class Track(BaseModel):
    title: str

    @computed_field
    def slug(self) -> str: return self.title.lower()

app = FastAPI()

@app.post("/tracks")
def add_track(track: Track) -> Track: return track

@app.websocket("/live")
async def live(ws: WebSocket): await ws.accept()

doc = TestClient(app).get("/openapi.json").json()
post = doc["paths"]["/tracks"]["post"]
print(doc["openapi"], list(doc["paths"]))
print(post["operationId"], list(post["responses"]))
schemas = doc["components"]["schemas"]
print([name for name in schemas if "Track" in name])
# end

client = TestClient(app)
assert doc["openapi"] == "3.1.0" and post["operationId"] == "add_track_tracks_post"
assert list(post["responses"]) == ["200", "422"]
assert [list(schemas[f"Track-{side}"]["properties"]) for side in ("Input", "Output")] == [["title"], ["title", "slug"]]
assert client.post("/tracks", json={"title": "So What"}).json() == {"title": "So What", "slug": "so what"}

# Built when somebody asks for it, then kept.
fresh = FastAPI()
assert fresh.openapi_schema is None
built = TestClient(fresh).get("/openapi.json").json()
assert fresh.openapi_schema == built and fresh.openapi() is fresh.openapi()

# WebSocket routes and mounted apps are absent, a route added later is present.
assert "/live" not in doc["paths"]
mounted = FastAPI()


@mounted.get("/inside")
def inside(): ...


app.mount("/sub", mounted)


@app.get("/late/{n}")
def late(n: int):
    from fastapi import HTTPException

    raise HTTPException(404)


paths = client.get("/openapi.json").json()["paths"]
assert list(paths) == ["/tracks", "/late/{n}"]

# The document lists 422 where there is something to validate, and no error that the code raises.
assert list(paths["/late/{n}"]["get"]["responses"]) == ["200", "422"]
assert client.get("/late/1").status_code == 404


@app.get("/plain", responses={404: {"description": "Gone"}})
def plain(): ...


assert list(app.openapi()["paths"]["/plain"]["get"]["responses"]) == ["200", "404"]

# Without a parameter, a body or a dependency that has one, there is no 422. A string in the path is enough for it.
from fastapi import Depends, Request


def paging(page: int = 1): ...


bare = FastAPI()


@bare.get("/request")
def with_request(request: Request): ...


@bare.get("/text/{name}")
def with_text(name: str): ...


@bare.get("/dependency", dependencies=[Depends(paging)])
def with_dependency(): ...


listed = {path: list(operations["get"]["responses"]) for path, operations in bare.openapi()["paths"].items()}
assert listed == {"/request": ["200"], "/text/{name}": ["200", "422"], "/dependency": ["200", "422"]}

# A default value alone does not split a model; a computed field, an alias on one side, or a Decimal does.
from decimal import Decimal

from pydantic import Field


class WithDefault(BaseModel):
    title: str
    note: str | None = None


class WithAlias(BaseModel):
    title: str = Field(validation_alias="name")


class WithDecimal(BaseModel):
    price: Decimal


def names(model, **options):
    one = FastAPI(**options)

    @one.post("/x")
    def x(body: model) -> model: ...

    return [n.removeprefix(model.__name__) for n in one.openapi()["components"]["schemas"] if "Valid" not in n]


# A model on one side alone has one schema.
one_side = FastAPI()


@one_side.get("/track")
def track() -> Track: ...


assert list(one_side.openapi()["components"]["schemas"]) == ["Track"]
assert names(WithDefault) == [""]
assert names(Track) == names(WithAlias) == names(WithDecimal) == ["-Input", "-Output"]
assert names(WithDecimal, separate_input_output_schemas=False) == [""]

# Generated clients name their methods after operationId; both ways to set it.
short = FastAPI(generate_unique_id_function=lambda route: route.name)
short.get("/a")(inside)
short.get("/b", operation_id="chosen")(plain)
assert [short.openapi()["paths"][p]["get"]["operationId"] for p in ("/a", "/b")] == ["inside", "chosen"]

# Models are JSON Schema, and the address of the document can move.
assert schemas["Track-Input"] == {
    "type": "object",
    "title": "Track",
    "properties": {"title": {"type": "string", "title": "Title"}},
    "required": ["title"],
}
moved = TestClient(FastAPI(openapi_url="/contract.json"))
assert moved.get("/contract.json").status_code == 200 and moved.get("/openapi.json").status_code == 404
