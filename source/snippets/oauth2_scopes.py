from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

KEY = "an example key of more than 32 bytes"

SCOPES = {"notes": "All"}
CHALLENGE = {"WWW-Authenticate": "Bearer"}

# card:
app = FastAPI()
bearer = OAuth2PasswordBearer("token", scopes=SCOPES)
Token = Annotated[str, Depends(bearer)]

def user(needed: SecurityScopes, token: Token) -> str:
    must = {"require": ["exp", "sub"]}
    try:
        claims = jwt.decode(token, KEY, ["HS256"], must)
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Invalid", CHALLENGE)
    held = claims.get("scope", "").split()
    if not set(needed.scopes) <= set(held):
        raise HTTPException(403, needed.scope_str)
    return claims["sub"]

Me = Annotated[str, Security(user, scopes=["notes"])]
@app.get("/notes")
def notes(me: Me):
    return me
# end

import warnings
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.security import OAuth2PasswordRequestForm
from fastapi.testclient import TestClient

client = TestClient(app)
soon = datetime.now(UTC) + timedelta(minutes=5)


def get(path: str, scope: str = "", key: str | None = KEY, algorithm: str = "HS256", **claims):
    token = jwt.encode({"sub": "ada", "exp": soon, "scope": scope} | claims, key, algorithm)
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


for scope in ("mail", "mail notes"):
    response = get("/notes", scope)
    print(f"scope {scope!r}: {response.status_code} {response.text}")
    assert response.status_code == (200 if "notes" in scope else 403)
assert get("/notes", "mail").json() == {"detail": "notes"}

# Only the algorithm of the list, only this key, only with an expiry that lies ahead.
for response in (
    get("/notes", "notes", key=None, algorithm="none"),
    get("/notes", "notes", key=KEY * 2, algorithm="HS512"),
    get("/notes", "notes", key="x" * 32),
    get("/notes", "notes", exp=datetime.now(UTC) - timedelta(minutes=5)),
    client.get("/notes", headers={"Authorization": "Bearer " + jwt.encode({"sub": "ada"}, KEY, "HS256")}),
):
    assert (response.status_code, response.json()) == (401, {"detail": "Invalid"})
# PyJWT takes a token without `exp` unless it is required, and wants the list of algorithms.
endless = jwt.encode({"sub": "ada"}, KEY, "HS256")
assert jwt.decode(endless, KEY, algorithms=["HS256"]) == {"sub": "ada"}
try:
    jwt.decode(endless, KEY)
    raise AssertionError
except jwt.DecodeError as error:
    assert "algorithms" in str(error)
# A key for HS256 has 32 bytes or more; below, PyJWT warns.
for size in (31, 32):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        jwt.encode({}, "k" * size, "HS256")
    assert [w.category.__name__ for w in caught] == (["InsecureKeyLengthWarning"] if size == 31 else [])

# FastAPI collects the scopes on the way from the endpoint inward, and documents them.
seen = []


def collect(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]):
    seen.append((needed.scopes, needed.scope_str))


def middle(_: Annotated[None, Security(collect, scopes=["me"])]):
    pass


router = APIRouter()


@router.get("/nested", dependencies=[Security(middle, scopes=["notes"])])
@router.get("/none", dependencies=[Depends(collect)])
@router.get("/twice", dependencies=[Security(collect, scopes=["a"]), Security(collect, scopes=["b"])])
@router.get("/once", dependencies=[Security(collect, scopes=["a"]), Security(collect, scopes=["a"])])
@router.get("/open", dependencies=[Security(bearer, scopes=["notes"])])
def done():
    return "done"


app.include_router(router)
for path, expected in (
    ("/nested", [(["notes", "me"], "notes me")]),
    ("/none", [([], "")]),
    # The cache of a request tells the scopes apart.
    ("/twice", [(["a"], "a"), (["b"], "b")]),
    ("/once", [(["a"], "a")]),
    # A security class with scopes checks none of them.
    ("/open", []),
):
    seen.clear()
    response = client.get(path, headers={"Authorization": "Bearer made-up"})
    assert response.status_code == 200 and seen == expected, path
paths = app.openapi()["paths"]
assert paths["/notes"]["get"]["security"] == [{"OAuth2PasswordBearer": ["notes"]}]
assert paths["/open"]["get"]["security"] == [{"OAuth2PasswordBearer": ["notes"]}]
flow = app.openapi()["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]
assert flow["scopes"] == {"notes": "All"}


# The login form carries the scopes that the client asks for, whatever they are.
@app.post("/token")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return form.scopes


asked = {"username": "ada", "password": "secret", "scope": "notes admin"}
assert client.post("/token", data=asked).json() == ["notes", "admin"]
