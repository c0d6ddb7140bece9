from fastapi.testclient import TestClient

# card:
from typing import Annotated
from fastapi import Depends, FastAPI, Header
from fastapi import HTTPException, Response
from fastapi.security import APIKeyCookie

app = FastAPI()
cookie = APIKeyCookie(name="session")
FLAGS = dict(httponly=True, secure=True, samesite="lax")

@app.post("/login", status_code=204)
def log_in(response: Response):
    response.set_cookie("session", "s1", **FLAGS)

def own(origin: Annotated[str, Header()] = ""):
    if origin != "https://shop.example":
        raise HTTPException(403, "Wrong origin")

@app.post("/orders", dependencies=[Depends(own)])
def order(session: Annotated[str, Depends(cookie)]):
    return "ordered"
# end

client = TestClient(app, base_url="https://shop.example")
login = client.post("/login")
print(login.headers["Set-Cookie"])
assert login.headers["Set-Cookie"] == "session=s1; HttpOnly; Path=/; SameSite=lax; Secure"
assert client.cookies.get("session") == "s1"


def post(origin: str | None, with_cookie: bool = True):
    headers = {} if origin is None else {"Origin": origin}
    page = TestClient(app, cookies={"session": "s1"} if with_cookie else {})
    return page.post("/orders", headers=headers)


results = [
    ("own page", post("https://shop.example"), 200),
    ("other page", post("https://evil.example"), 403),
    ("own page, no cookie", post("https://shop.example", with_cookie=False), 401),
]
for name, response, status in results:
    print(f"{name}: {response.status_code}")
    assert response.status_code == status
# Without the header, from a sandboxed frame (`null`), and from a subdomain, the answer is 403, too.
for origin in (None, "null", "https://blog.shop.example", "http://shop.example"):
    assert post(origin).status_code == 403

# What set_cookie does without being told: neither HttpOnly nor Secure, SameSite=lax.
plain = FastAPI()


@plain.post("/login")
def plain_log_in(response: Response):
    response.set_cookie("session", "s1")


@plain.post("/logout")
def log_out(response: Response):
    response.delete_cookie("session")


# The cookie alone is what is asked: FastAPI compares no origin.
@plain.post("/orders")
def plain_order(session: Annotated[str, Depends(cookie)]):
    return "ordered"


plain_client = TestClient(plain)
assert plain_client.post("/login").headers["Set-Cookie"] == "session=s1; Path=/; SameSite=lax"
assert plain_client.post("/orders", headers={"Origin": "https://evil.example"}).json() == "ordered"
assert "Max-Age=0" in plain_client.post("/logout").headers["Set-Cookie"]

# Deleting wants the same path (and domain) as setting: a cookie for another path is another cookie.
paths = FastAPI()


@paths.post("/auth/login")
def path_log_in(response: Response):
    response.set_cookie("refresh", "r1", path="/auth")


@paths.post("/auth/wrong")
def wrong(response: Response):
    response.delete_cookie("refresh")


@paths.post("/auth/right")
def right(response: Response):
    response.delete_cookie("refresh", path="/auth")


path_client = TestClient(paths)
path_client.post("/auth/login")
path_client.post("/auth/wrong")
assert path_client.cookies.get("refresh") == "r1"
path_client.post("/auth/right")
assert path_client.cookies.get("refresh") is None
