from typing import Annotated

# card:
from fastapi import Depends, FastAPI
from fastapi import Header, HTTPException

app = FastAPI()
Role = Annotated[str, Header()]

class Require:
    def __init__(self, role: str):
        self.role = role

    def __call__(self, x_role: Role):
        if x_role != self.role:
            raise HTTPException(403, f"not {self.role}")
        return x_role

admin = Require("admin")

@app.get("/reports")
def reports(role: Annotated[str, Depends(admin)]):
    return role
# end

import threading
from dataclasses import dataclass
from functools import partial

from fastapi.testclient import TestClient

client = TestClient(app, raise_server_exceptions=False)
for role in ("admin", "guest"):
    response = client.get("/reports", headers={"X-Role": role})
    print(role, response.status_code, response.text)
    assert response.status_code == (200 if role == "admin" else 403)
parameters = app.openapi()["paths"]["/reports"]["get"]["parameters"]
print("documented:", [p["name"] for p in parameters])
assert [p["name"] for p in parameters] == ["x-role"]
assert client.get("/reports").status_code == 422

# An override replaces one instance. Its class as a key does nothing.
app.dependency_overrides[Require] = lambda: "fake"
assert client.get("/reports", headers={"X-Role": "guest"}).status_code == 403
app.dependency_overrides = {admin: lambda: "fake"}
assert client.get("/reports").json() == "fake"
app.dependency_overrides.clear()

calls = []


class Log:
    def __init__(self, name: str):
        self.name = name

    def __call__(self):
        calls.append(self.name)


@dataclass(frozen=True)
class FrozenLog:
    name: str

    def __call__(self):
        calls.append(self.name)


@dataclass
class PlainDataclass:
    name: str

    def __call__(self):
        return self.name


class Counter:
    def __init__(self):
        self.n = 0

    def __call__(self) -> int:
        self.n += 1
        return self.n


class Session:
    async def __call__(self):
        calls.append("open")
        yield threading.get_ident()
        calls.append("close")


def rows(limit: int):
    def dependency(page: int = 0):
        return [limit, page]

    return dependency


def window(size: int, start: int = 0):
    return [size, start]


same = Log("same")


@app.get("/same", dependencies=[Depends(same), Depends(same)])
@app.get("/two", dependencies=[Depends(Log("x")), Depends(Log("x"))])
@app.get("/frozen", dependencies=[Depends(FrozenLog("x")), Depends(FrozenLog("x")), Depends(FrozenLog("y"))])
@app.get("/dataclass", dependencies=[Depends(PlainDataclass("x"))])
def done():
    pass


@app.get("/counter")
def counter(n: Annotated[int, Depends(Counter())]):
    return n


@app.get("/session")
async def session(thread: Annotated[int, Depends(Session())]):
    return thread == threading.get_ident()


@app.get("/closure")
def closure(value: Annotated[list, Depends(rows(5))]):
    return value


@app.get("/partial")
def from_partial(value: Annotated[list, Depends(partial(window, 5))]):
    return value


# The cache compares the callables: one instance runs once, two run twice, equal frozen dataclasses once.
for path, expected in (("/same", ["same"]), ("/two", ["x", "x"]), ("/frozen", ["x", "y"])):
    calls.clear()
    assert client.get(path).status_code == 200 and calls == expected, path
# An ordinary dataclass has no hash, so it cannot be looked up in that cache.
assert client.get("/dataclass").status_code == 500
try:
    TestClient(app).get("/dataclass")
    raise AssertionError
except TypeError as error:
    assert "unhashable" in str(error)
# The instance is made once and shared by all requests.
assert [client.get("/counter").json(), client.get("/counter").json()] == [1, 2]
# __call__ may be async and may yield.
calls.clear()
assert client.get("/session").json() is True and calls == ["open", "close"]
# A closure or a partial does the same job; what is left of the signature comes from the request.
assert client.get("/closure?page=2").json() == [5, 2]
assert client.get("/partial?start=3").json() == [5, 3]
assert [p["name"] for p in app.openapi()["paths"]["/partial"]["get"]["parameters"]] == ["start"]
