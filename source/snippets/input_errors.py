from fastapi.testclient import TestClient

# card:
from typing import Annotated

from fastapi import FastAPI, Header
from pydantic import BaseModel, Field

class Line(BaseModel):
    sku: str
    count: int = Field(gt=0)

app = FastAPI()

@app.post("/shops/{id}")
def order(id: int, x_key: Annotated[str, Header()],
          lines: list[Line]):
    return "ok"

bad = [{"sku": "A1", "count": 1}, {"count": 0}]
answer = TestClient(app).post("/shops/x", json=bad)
for e in answer.json()["detail"]:
    print(e["type"], e["loc"], e["input"])
# end

from fastapi import Cookie, Depends, HTTPException, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator

assert answer.status_code == 422
errors = answer.json()["detail"]
assert [(e["type"], e["loc"], e["input"]) for e in errors] == [
    ("int_parsing", ["path", "id"], "x"),
    ("missing", ["header", "x-key"], None),
    ("missing", ["body", 1, "sku"], {"count": 0}),
    ("greater_than", ["body", 1, "count"], 0),
]
# Every error has these four keys; ctx comes with a constraint, and there is no url.
assert all(set(e) - {"ctx"} == {"type", "loc", "msg", "input"} for e in errors)
assert [e.get("ctx") for e in errors] == [None, None, None, {"gt": 0}]


class Login(BaseModel):
    user: str
    password: str = Field(min_length=8)


def even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


calls = []


def require_key() -> None:
    calls.append("dependency")
    raise HTTPException(401)


def needs_header(x_key: Annotated[str, Header()]) -> str:
    calls.append("needs_header")
    return x_key


def build() -> FastAPI:
    app = FastAPI()

    @app.post("/login")
    def login(login: Login, n: Annotated[int, Query(), AfterValidator(even)] = 0):
        return "ok"

    @app.post("/guarded", dependencies=[Depends(require_key)])
    def guarded(login: Login):
        return "ok"

    @app.post("/upload")
    def upload(file: UploadFile):
        return "ok"

    @app.get("/header")
    def header(key: Annotated[str, Depends(needs_header)], n: int):
        return "ok"

    @app.get("/cookie")
    def cookie(seat: Annotated[int, Cookie()]):
        return seat

    @app.get("/tags")
    def tags(tag: Annotated[list[int], Query(alias="tag-id")]):
        return tag

    return app


app = build()
client = TestClient(app)
JSON = {"content-type": "application/json"}

# The answer repeats what it refused: a short password, or the whole body when a key is missing.
short = client.post("/login", json={"user": "ada", "password": "s3cret"}).json()["detail"]
assert [(e["type"], e["input"]) for e in short] == [("string_too_short", "s3cret")]
lost = client.post("/login", json={"password": "long s3cret"}).json()["detail"]
assert [(e["type"], e["input"]) for e in lost] == [("missing", {"password": "long s3cret"})]

# Malformed JSON is a 422 as well, alone and before anything else: n is bad too, and no dependency runs.
broken = client.post("/login?n=x", content='{"user": ', headers=JSON)
assert broken.status_code == 422
assert [(e["type"], e["loc"][0]) for e in broken.json()["detail"]] == [("json_invalid", "body")]
assert client.post("/guarded", content="{", headers=JSON).status_code == 422
assert calls == []

# A body that cannot be read is a 400: JSON that cannot be decoded, a multipart form without a boundary. No dependency runs.
not_utf8 = client.post("/guarded", content=b'{"user": "\xff"}', headers=JSON)
assert (not_utf8.status_code, not_utf8.json()) == (400, {"detail": "There was an error parsing the body"})
assert calls == []
# Other Unicode encodings are recognized; a NaN that is refused cannot be repeated in JSON, which is a 500.
utf16 = client.post("/login", content='{"user": "ada"}'.encode("utf-16"), headers=JSON)
assert [e["type"] for e in utf16.json()["detail"]] == ["missing"]
nan = TestClient(app, raise_server_exceptions=False).post("/login", content='{"user": NaN}', headers=JSON)
assert nan.status_code == 500
no_boundary = client.post("/upload", content=b"x", headers={"content-type": "multipart/form-data"})
assert (no_boundary.status_code, no_boundary.json()) == (400, {"detail": "Missing boundary in multipart."})

# Well-formed JSON that breaks the model: the dependency runs first, and its 401 wins.
assert client.post("/guarded", json={}).status_code == 401
assert calls == ["dependency"]

# A dependency with bad parameters is not called; its errors join those of the endpoint.
joined = client.get("/header?n=x").json()["detail"]
assert [e["loc"] for e in joined] == [["header", "x-key"], ["query", "n"]]
assert calls == ["dependency"]

# No body at all, an alias, an index in a query list, and a validator's own error.
assert [(e["type"], e["loc"]) for e in client.post("/login").json()["detail"]] == [("missing", ["body"])]
assert client.get("/tags?tag-id=1&tag-id=x").json()["detail"][0]["loc"] == ["query", "tag-id", 1]
assert client.get("/cookie").json()["detail"][0]["loc"] == ["cookie", "seat"]
odd = client.post("/login?n=3", json={"user": "ada", "password": "long s3cret"}).json()["detail"][0]
assert (odd["type"], odd["msg"]) == ("value_error", "Value error, odd")

# Details are in ctx where there are any: a limit, or the validator's error.
assert [e["ctx"] for e in (short[0], odd)] == [{"min_length": 8}, {"error": {}}]

# OpenAPI documents the 422.
assert "422" in app.openapi()["paths"]["/login"]["post"]["responses"]

# A handler of your own replaces the payload and the status; exc.body holds what was sent.
app = build()


@app.exception_handler(RequestValidationError)
def quiet(request: Request, exc: RequestValidationError) -> JSONResponse:
    assert exc.body == {"password": "long s3cret"}
    return JSONResponse({"detail": [{"type": e["type"], "loc": e["loc"]} for e in exc.errors()]}, status_code=400)


answer = TestClient(app).post("/login", json={"password": "long s3cret"})
assert answer.status_code == 400
assert answer.json() == {"detail": [{"type": "missing", "loc": ["body", "user"]}]}
# The OpenAPI document does not follow the handler: it still says 422.
assert set(app.openapi()["paths"]["/login"]["post"]["responses"]) == {"200", "422"}
