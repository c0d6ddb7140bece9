from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/users/{user_id}")
def read_user(user_id: int): return {"user": user_id}

@app.get("/users/me")
def read_me(): return {"user": "me"}

@app.get("/teams/{team_id:int}")
def read_team(team_id: int): return {"team": team_id}

@app.get("/teams/mine")
def read_my_team(): return {"team": "mine"}

client = TestClient(app, follow_redirects=False)
for request in [
    "GET /users/me", "GET /teams/mine", "GET /users/7/",
    "HEAD /users/7", "POST /users/7"]:
    response = client.request(*request.split())
    print(request, response.status_code)
# end

import warnings
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.routing import Route

# Order decides: the int route matched "me" and refused it, the convertor's route did not match "mine".
error = client.get("/users/me").json()["detail"][0]
assert (error["type"], error["loc"]) == ("int_parsing", ["path", "user_id"])
assert client.get("/teams/mine").json() == {"team": "mine"}
assert client.get("/users/7").json() == {"user": 7} and client.get("/teams/7").json() == {"team": 7}

# A trailing slash is a redirect to the declared path, unless it is switched off.
assert client.get("/users/7/").headers["location"].endswith("/users/7")
strict = FastAPI(redirect_slashes=False)
strict.get("/a")(read_me)
assert TestClient(strict).get("/a/").status_code == 404
slashed = FastAPI()
slashed.get("/a/")(read_me)
assert TestClient(slashed, follow_redirects=False).get("/a").status_code == 307

# HEAD: Starlette's routes add it to GET, FastAPI's do not.
assert Route("/x", lambda request: None).methods == {"GET", "HEAD"}
assert client.head("/users/7").headers["allow"] == "GET"
assert client.get("/nowhere").status_code == 404


class Order(BaseModel):
    item: str


router = APIRouter(prefix="/shop")


@router.post("/{shelf}")
def add(shelf: str, order: Order, gift: bool = False, tag: Annotated[list[str], Query()] = []):
    return [shelf, order.item, gift, tag]


# Not reachable before the router is included.
assert client.post("/shop/top", json={"item": "mug"}).status_code == 404
app.include_router(router)
response = client.post("/shop/top?gift=1&tag=a&tag=b", json={"item": "mug"})
assert response.json() == ["top", "mug", True, ["a", "b"]]


# HEAD beside GET: a decorator of its own, outside the document, leaves one operation there.
@app.head("/report", include_in_schema=False)
@app.get("/report")
def report():
    return "long"


assert client.get("/report").text == '"long"'
head = client.head("/report")
assert (head.status_code, head.text, head.headers["content-length"]) == (200, "", "6")
with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert list(app.openapi()["paths"]["/report"]) == ["get"]

# One api_route with both methods answers both, too, but gives two operations one id.
both = FastAPI()
both.api_route("/both", methods=["GET", "HEAD"])(report)
assert TestClient(both).get("/both").status_code == TestClient(both).head("/both").status_code == 200
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    operations = both.openapi()["paths"]["/both"]
assert len({operation["operationId"] for operation in operations.values()}) == 1 < len(operations)
assert "Duplicate Operation ID" in str(caught[0].message)

# The method is part of a match: a later route with the right one answers.
later = FastAPI()
later.get("/users/{user_id}")(read_user)
later.post("/users/me")(read_me)
assert TestClient(later).post("/users/me").json() == {"user": "me"}
assert TestClient(later).put("/users/me").status_code == 405

# A route of a router has the router's place, even if it is added after `include_router` and a route of the app.
placed, shelf = FastAPI(), APIRouter()
placed.include_router(shelf)
placed.get("/users/{user_id}")(read_user)
shelf.get("/users/me")(read_me)
assert TestClient(placed).get("/users/me").json() == {"user": "me"}


@app.get("/files/{path:path}")
def read_file(path: str):
    return path


assert client.get("/files/a/b.txt").json() == "a/b.txt"
