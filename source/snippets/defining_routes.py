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
print("GET /users/me", client.get("/users/me").status_code)
print("GET /teams/mine", client.get("/teams/mine").status_code)
print("GET /users/7/", client.get("/users/7/").status_code)
print("HEAD /users/7", client.head("/users/7").status_code)
print("POST /users/7", client.post("/users/7").status_code)
# end

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


@app.api_route("/both", methods=["GET", "HEAD"])
def both():
    return 1


assert client.get("/both").status_code == client.head("/both").status_code == 200


@app.get("/files/{path:path}")
def read_file(path: str):
    return path


assert client.get("/files/a/b.txt").json() == "a/b.txt"
