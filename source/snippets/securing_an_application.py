import re
import warnings
from pathlib import Path
from typing import Annotated

import fastapi
from fastapi import Depends, Form, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from fastapi.middleware import trustedhost
from pydantic import BaseModel, Field

app = FastAPI(max_body_size=1000)
app.add_middleware(
    trustedhost.TrustedHostMiddleware,
    allowed_hosts=["api.example"],
)

class Note(BaseModel):
    text: str = Field(max_length=20)

@app.post("/notes")
def add(note: Note) -> Note:
    return note
# end

client = TestClient(app, base_url="https://api.example")
note = {"text": "hello"}
responses = {
    "a note": client.post("/notes", json=note),
    "too long a text": client.post("/notes", json={"text": "x" * 21}),
    "no content type": client.post("/notes", content='{"text": "hello"}'),
    "a body of 2 kB": client.post("/notes", json={"text": "x" * 2000}),
    "unknown host": client.post("/notes", json=note, headers={"Host": "other.example"}),
}
for name, response in responses.items():
    print(f"{name}: {response.status_code}")
codes = {client.post("/notes", json=note).status_code for _ in range(200)}
print("200 more notes:", *codes)

assert [response.status_code for response in responses.values()] == [200, 422, 422, 413, 400]
assert codes == {200}


# A body in chunks, without a Content-Length header, is limited too.
def chunks():
    yield b'{"text": "'
    yield b"x" * 2000
    yield b'"}'


chunked = client.post("/notes", content=chunks(), headers={"Content-Type": "application/json"})
assert "content-length" not in chunked.request.headers and chunked.status_code == 413
# FastAPI adds no security header of its own.
assert set(responses["a note"].headers) == {"content-length", "content-type"}


# Without max_body_size there is no limit, and strict_content_type can be turned off.
loose = FastAPI(strict_content_type=False)
hits: list[str] = []


@loose.post("/size")
async def size(request: Request) -> int:
    return len(await request.body())


@loose.post("/notes")
def add_loose(note: Note) -> Note:
    return note


assert loose.user_middleware == []
assert TestClient(loose).post("/size", content=b"x" * 5_000_000).json() == 5_000_000
assert TestClient(loose).post("/notes", content='{"text": "hello"}').status_code == 200


# A route may have its own limit.
@app.post("/upload", max_body_size=5000)
async def upload(request: Request) -> int:
    return len(await request.body())


assert client.post("/upload", content=b"x" * 4000).json() == 4000
assert client.post("/upload", content=b"x" * 6000).status_code == 413


# CORS tells browsers what they may read. The endpoint runs all the same, for every origin.
open_app = FastAPI()
open_app.add_middleware(CORSMiddleware, allow_origins=["https://app.example"])


@open_app.post("/hit")
def hit():
    hits.append("ran")


other = TestClient(open_app).post("/hit", headers={"Origin": "https://evil.example"})
assert other.status_code == 200 and hits == ["ran"]
assert "access-control-allow-origin" not in other.headers
allowed = TestClient(open_app).post("/hit", headers={"Origin": "https://app.example"})
assert allowed.headers["access-control-allow-origin"] == "https://app.example"
preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
assert TestClient(open_app).options("/hit", headers=preflight).status_code == 400

# `*` together with credentials answers with whatever origin asks.
for credentials, origin in [(False, "*"), (True, "https://evil.example")]:
    wild = FastAPI()
    wild.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=credentials)
    answer = TestClient(wild).get("/", headers={"Origin": "https://evil.example"})
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers.get("access-control-allow-credentials") == ("true" if credentials else None)

# HTTPS: the middleware redirects, it does not encrypt.
secure = FastAPI()
secure.add_middleware(HTTPSRedirectMiddleware)
redirect = TestClient(secure, base_url="http://api.example").get("/x", follow_redirects=False)
assert (redirect.status_code, redirect.headers["location"]) == (307, "https://api.example/x")

# Form limits.
forms = FastAPI(form_limits={"max_fields": 2})


@forms.post("/")
def read_form(a: Annotated[str, Form()]):
    return a


assert TestClient(forms).post("/", data={"a": "1", "b": "2"}).status_code == 200
assert TestClient(forms).post("/", data={"a": "1", "b": "2", "c": "3"}).status_code == 400

# No rate limiter in the package; slowapi brings one.
source = "\n".join(file.read_text("utf-8") for file in Path(fastapi.__file__).parent.rglob("*.py"))
assert not re.search(r"rate[ _-]?limit|throttl|\b429\b", source, re.IGNORECASE)

with warnings.catch_warnings():
    # slowapi asks asyncio about coroutine functions in a way that Python 3.14 deprecates.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="slowapi")
    from slowapi import Limiter, _rate_limit_exceeded_handler
    from slowapi.errors import RateLimitExceeded
    from slowapi.util import get_remote_address

    limited = FastAPI()
    limited.state.limiter = limiter = Limiter(key_func=get_remote_address)
    limited.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)

    @limited.get("/")
    @limiter.limit("2/minute")
    def read_limited(request: Request):
        return "ok"

    # To count by account, a dependency puts the account into `request.state`: it runs before slowapi counts.
    def remember(request: Request, username: Annotated[str, Form()]):
        request.state.account = username

    by_account = Limiter(key_func=lambda request: request.state.account)

    @limited.post("/login", dependencies=[Depends(remember)])
    @by_account.limit("2/minute")
    def log_in(request: Request):
        return "in"

limited_client = TestClient(limited)
assert [limited_client.get("/").status_code for _ in range(3)] == [200, 200, 429]
limited.state.limiter = by_account
tries = [limited_client.post("/login", data={"username": name}).status_code for name in ("ada", "ada", "ada", "bob")]
assert tries == [200, 200, 429, 200]
