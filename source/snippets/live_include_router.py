from fastapi import Depends, HTTPException
from fastapi.testclient import TestClient

# card:
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

app = FastAPI(openapi_url=None)
users = APIRouter(prefix="/users")
app.include_router(users, prefix="/v1")
app.include_router(users, prefix="/v2")

@app.get("/v1/users/me")
def from_app():
    return "app"

@users.get("/me")
def from_router():
    return "router"

def paths():
    return [r.path for r in iter_route_contexts(app.routes)]
# end

client = TestClient(app)
print(*paths(), sep="\n")
print("GET /v1/users/me:", client.get("/v1/users/me").json())
assert paths() == ["/v1/users/me", "/v2/users/me", "/v1/users/me"]
# Matching follows the place of `include_router`, not the moment at which the route was added.
assert client.get("/v1/users/me").json() == client.get("/v2/users/me").json() == "router"
assert client.get("/users/me").status_code == 404

# `app.routes` holds the included router as one entry, and that has no path.
included = app.routes[0]
assert not hasattr(included, "path") and not hasattr(included, "endpoint")
try:
    [route.path for route in app.routes]  # type: ignore[attr-defined]
except AttributeError:
    pass
else:
    raise AssertionError("every entry has a path")

# A route added while the app runs, a router nested later, and the arguments of include_router for both.
late = FastAPI(title="late")
teams = APIRouter()


def guard():
    raise HTTPException(401)


late.include_router(teams, prefix="/open")
late.include_router(teams, prefix="/guarded", dependencies=[Depends(guard)], tags=["guarded"])
late_client = TestClient(late)
assert late_client.get("/open/late").status_code == 404
assert list(late_client.get("/openapi.json").json()["paths"]) == []


@teams.get("/late")
def read_late():
    return "late"


nested = APIRouter(prefix="/nested")
teams.include_router(nested)


@nested.get("/late")
def read_nested():
    return "nested"


assert late_client.get("/open/late").json() == "late"
assert late_client.get("/open/nested/late").json() == "nested"
assert late_client.get("/guarded/late").status_code == 401
document = late_client.get("/openapi.json").json()["paths"]
assert set(document) == {"/open/late", "/open/nested/late", "/guarded/late", "/guarded/nested/late"}
assert document["/guarded/late"]["get"]["tags"] == ["guarded"]

# What is fixed when a route is declared: the router's own dependencies.
teams.dependencies.append(Depends(guard))


@teams.get("/later")
def read_later():
    return "later"


assert late_client.get("/open/late").status_code == 200
assert late_client.get("/open/later").status_code == 401
