from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, Header, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
class Item(BaseModel): price: float
def paging(page: int): return page

app = FastAPI()

@app.put("/items/{item_id}")
def save(
    item_id: int,                    # named in the path
    item: Item,                      # a Pydantic model
    notify: bool,                    # a simple type
    x_key: Annotated[int, Header()], # as it is marked
    visit: Annotated[int, Cookie()], # as it is marked
    page: Annotated[int, Depends(paging)],
    request: Request,                # FastAPI gives it
): ...

client = TestClient(app)
for error in client.put("/items/x").json()["detail"]:
    print(*error["loc"])
# end

from fastapi import Body, File, Form, Query, Response, UploadFile

# A whole request, and where each value came from.
seen = {}


@app.post("/orders/{order_id}")
def order(
    order_id: int,
    item: Item,
    x_key: Annotated[int, Header()],
    visit: Annotated[int, Cookie()],
    page: Annotated[int, Depends(paging)],
    request: Request,
    response: Response,
    notify: bool = False,
    tags: Annotated[list[str], Query()] = [],
):
    seen.update(method=request.method, response=type(response).__name__)
    return [order_id, item.price, x_key, visit, page, notify, tags]


client.cookies.set("visit", "2")
url = "/orders/7?page=3&notify=on&tags=a&tags=b"
answer = client.post(url, json={"price": "2.5"}, headers={"X-Key": "5"})
assert answer.json() == [7, 2.5, 5, 2, 3, True, ["a", "b"]]
assert seen == {"method": "POST", "response": "Response"}
parameters = app.openapi()["paths"]["/orders/{order_id}"]["post"]["parameters"]
assert {p["name"]: p["in"] for p in parameters} == {
    "order_id": "path",
    "page": "query",
    "notify": "query",
    "tags": "query",
    "x-key": "header",
    "visit": "cookie",
}

# A mark goes before the rule: a simple type may come from the body, a model from the query.
rules = FastAPI()
c = TestClient(rules)


@rules.post("/marked")
def marked(filters: Annotated[Item, Query()], count: Annotated[int, Body()]):
    return [filters.price, count]


assert c.post("/marked?price=1.5", json=3).json() == [1.5, 3]


# Forms and files need their marks, too (or the type UploadFile).
@rules.post("/form")
def form(name: Annotated[str, Form()], photo: UploadFile, raw: Annotated[bytes, File()]):
    return [name, photo.size, len(raw)]


files = {"photo": ("a.png", b"abc"), "raw": ("b.png", b"de")}
assert c.post("/form", data={"name": "Ann"}, files=files).json() == ["Ann", 3, 2]


# A list without a mark is a body, as a dict is.
@rules.post("/list")
def numbers(ids: list[int]):
    return ids


assert c.post("/list?ids=1", json=[2]).json() == [2]


@rules.post("/dict")
def settings(options: dict[str, int]):
    return options


assert c.post("/dict", json={"a": 1}).json() == {"a": 1}


# What makes a parameter optional is its default, and a value that the path names has none.
@rules.get("/required")
def required(q: str | None):
    return q


@rules.get("/optional")
def optional(q: str | None = None):
    return q


assert c.get("/required").status_code == 422 and c.get("/required?q=a").json() == "a"
assert c.get("/optional").json() is None
# No query string makes it None.
assert [c.get("/required?" + query).json() for query in ("q", "q=", "q=null")] == ["", "", "null"]


# The name in the path counts, not the order of the parameters; who does not declare it, does not get it.
@rules.get("/{a}/{b}")
def swapped(b: str, a: str):
    return [a, b]


@rules.get("/{unused}")
def silent():
    return "ok"


assert c.get("/1/2").json() == ["1", "2"] and c.get("/x").json() == "ok"
