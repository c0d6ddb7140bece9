from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header
from fastapi.testclient import TestClient

# card:
def key(x_key: Annotated[str, Header()]): ...

app = FastAPI(dependencies=[Depends(key)])
v1 = APIRouter(prefix="/v1", deprecated=True)
v2 = FastAPI()

@v1.get("/users")
def users_v1(): return ["ada"]

@v2.get("/users")
def users_v2(): return [{"name": "ada"}]

app.include_router(v1)
app.mount("/v2", v2)

client = TestClient(app)
for url in ["/v1/users", "/v2/users"]:
    print(url, client.get(url).status_code)
for url in ["/openapi.json", "/v2/openapi.json"]:
    print(url, list(client.get(url).json()["paths"]))
# end

from contextlib import asynccontextmanager

from fastapi.responses import JSONResponse

# The prefix router: the app's dependency runs, and the app's document marks the operation.
assert client.get("/v1/users").json()["detail"][0]["loc"] == ["header", "x-key"]
answer = client.get("/v1/users", headers={"x-key": "k"})
assert answer.json() == ["ada"]
assert app.openapi()["paths"]["/v1/users"]["get"]["deprecated"] is True
# Nothing in the response tells the client about the deprecation.
assert set(answer.headers) == {"content-length", "content-type"}

# The mounted app has docs of its own, and its document names its base path.
assert client.get("/v2/docs").status_code == 200
assert client.get("/v2/openapi.json").json()["servers"] == [{"url": "/v2"}]

# One router can serve two versions.
shared = APIRouter()


@shared.get("/ping")
def ping():
    return "pong"


twice = FastAPI()
twice.include_router(shared, prefix="/v1", deprecated=True)
twice.include_router(shared, prefix="/v2")
paths = twice.openapi()["paths"]
assert [paths[p]["get"].get("deprecated") for p in ("/v1/ping", "/v2/ping")] == [True, None]

# Mounted: no inherited lifespan, exception handlers or overrides; the parent's middleware does run.
events = []


def lifespan(name):
    @asynccontextmanager
    async def run(app):
        events.append(name)
        yield

    return run


class Boom(Exception): ...


def who():
    return "real"


parent, child = FastAPI(lifespan=lifespan("parent")), FastAPI(lifespan=lifespan("child"))
router = APIRouter(lifespan=lifespan("router"))
parent.dependency_overrides[who] = lambda: "fake"


@parent.exception_handler(Boom)
async def handle(request, error):
    return JSONResponse("handled", status_code=418)


@parent.middleware("http")
async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-stamp"] = "1"
    return response


for target in (router, child):

    @target.get("/who")
    def read_who(name: Annotated[str, Depends(who)]):
        return name

    @target.get("/boom")
    def boom():
        raise Boom


parent.include_router(router, prefix="/v1")
parent.mount("/v2", child)
with TestClient(parent, raise_server_exceptions=False) as c:
    assert events == ["parent", "router"]
    assert (c.get("/v1/who").json(), c.get("/v2/who").json()) == ("fake", "real")
    assert (c.get("/v1/boom").status_code, c.get("/v2/boom").status_code) == (418, 500)
    assert c.get("/v2/who").headers["x-stamp"] == "1"

# A router's prefix is for its endpoints: a Starlette route that is added to it has none.
with_prefix = APIRouter(prefix="/v1")


async def bare(request):
    return JSONResponse("bare")


with_prefix.add_route("/bare", bare)
with_prefix.add_api_route("/ping", ping)
prefixed = FastAPI()
prefixed.include_router(with_prefix)
c = TestClient(prefixed)
assert [c.get(path).status_code for path in ("/v1/ping", "/ping", "/v1/bare", "/bare")] == [200, 404, 404, 200]

# Header versions: two functions on one path are no dispatch; one function that looks at the header is.
dispatch = FastAPI(version="2.3.0")


@dispatch.get("/users")
def read_users(x_api_version: Annotated[int, Header()] = 1):
    return {1: ["ada"], 2: [{"name": "ada"}]}[x_api_version]


@dispatch.get("/users")
def never():
    return "second"


c = TestClient(dispatch)
assert c.get("/users").json() == ["ada"]
assert c.get("/users", headers={"x-api-version": "2"}).json() == [{"name": "ada"}]
assert dispatch.openapi()["paths"]["/users"]["get"]["summary"] == "Never"
assert dispatch.openapi()["info"]["version"] == "2.3.0" and list(dispatch.openapi()["paths"]) == ["/users"]


# Since 0.137 a subclass of APIRouter may decide by a header whether it matches.
from starlette.routing import Match


class VersionRouter(APIRouter):
    def __init__(self, version: bytes):
        super().__init__()
        self.version = version

    def matches(self, scope):
        if dict(scope["headers"]).get(b"x-api-version", b"1") != self.version:
            return Match.NONE, {}
        return super().matches(scope)


by_header = FastAPI()
for version in (b"1", b"2"):
    versioned = VersionRouter(version)
    versioned.get("/users")(lambda version=version.decode(): int(version))
    by_header.include_router(versioned)
c = TestClient(by_header)
asked = [c.get("/users", headers={"x-api-version": version}) for version in ("1", "2", "3")]
assert [answer.status_code for answer in asked] == [200, 200, 404]
assert [answer.json() for answer in asked[:2]] == [1, 2] and c.get("/users").json() == 1
