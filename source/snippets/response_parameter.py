# card:
from fastapi import FastAPI, Response
from pydantic import BaseModel

app = FastAPI()
names: set[str] = set()

class Item(BaseModel):
    name: str

@app.put("/items/{name}")
def save(name: str, response: Response) -> Item:
    if name not in names:
        response.status_code = 201
        response.headers["Location"] = f"/items/{name}"
        names.add(name)
    return Item(name=name)

@app.delete("/items/{name}", status_code=204)
def delete(name: str) -> None:
    names.discard(name)
# end

from fastapi import Depends, HTTPException
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

client = TestClient(app)
for method in ("PUT", "PUT", "DELETE"):
    response = client.request(method, "/items/pen")
    print(method, response.status_code, response.headers.get("Location", "-"), repr(response.text))
assert response.status_code == 204 and response.content == b"" and "content-length" not in response.headers
response = client.put("/items/cup")
assert (response.status_code, response.json()) == (201, {"name": "cup"})
assert response.headers["Location"] == "/items/cup"


# The return value still goes through the response model.
class Secret(Item):
    pin: str


@app.get("/filtered")
def filtered(response: Response) -> Item:
    response.headers["X-A"] = "1"
    return Secret(name="pen", pin="1234")


response = client.get("/filtered")
assert response.json() == {"name": "pen"} and response.headers["X-A"] == "1"


# Dependencies can set them too. They share one object with the endpoint, which runs later.
def mark(response: Response):
    response.headers["X-A"] = "dependency"
    response.headers["X-B"] = "dependency"
    response.status_code = 202


@app.get("/marked", dependencies=[Depends(mark)])
def marked(response: Response):
    response.headers["X-A"] = "endpoint"
    return 1


response = client.get("/marked")
assert (response.status_code, response.headers["X-A"], response.headers["X-B"]) == (202, "endpoint", "dependency")


# A response that the endpoint returns is sent alone: what was set on the parameter is lost.
@app.get("/returned", dependencies=[Depends(mark)])
def returned(response: Response):
    response.set_cookie("user", "ann")
    return JSONResponse(1)


response = client.get("/returned")
assert response.status_code == 200 and not {"x-a", "x-b", "set-cookie"} & set(response.headers)


# So it is when the endpoint raises.
@app.get("/raised")
def raised(response: Response):
    response.set_cookie("user", "ann")
    raise HTTPException(400)


assert "set-cookie" not in client.get("/raised").headers


# Cookies: SameSite=lax and Path=/ by default; HttpOnly and Secure on request; one header for each cookie.
@app.get("/cookies")
def cookies(response: Response):
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", httponly=True, secure=True)


assert client.get("/cookies").headers.get_list("set-cookie") == [
    "a=1; Path=/; SameSite=lax",
    "b=2; HttpOnly; Path=/; SameSite=lax; Secure",
]


@app.get("/forget")
def forget(response: Response):
    response.delete_cookie("a")


assert "Max-Age=0" in client.get("/forget").headers["set-cookie"]


# 204: a declared body is refused when the route is declared; an undeclared one is dropped.
def declare_body():
    @app.delete("/declared", status_code=204)
    def declared() -> dict:
        return {}


try:
    declare_body()
    raise RuntimeError
except AssertionError as error:
    assert "204 must not have a response body" in str(error)


@app.delete("/dropped", status_code=204)
def dropped():
    return {"deleted": True}


assert client.delete("/dropped").content == b""


# `-> None` declares no body for the reader, and filters nothing.
@app.get("/none")
def none() -> None:
    return {"pin": "1234"}


@app.get("/null")
def null() -> None:
    pass


assert client.get("/none").json() == {"pin": "1234"}
assert client.get("/null").status_code == 200 and client.get("/null").text == "null"
assert app.openapi()["paths"]["/items/{name}"]["delete"]["responses"]["204"] == {"description": "Successful Response"}
# The document shows the status of the decorator, not the one that is set later.
assert set(app.openapi()["paths"]["/items/{name}"]["put"]["responses"]) == {"200", "422"}
