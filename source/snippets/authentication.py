import json
import sys
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from importlib.metadata import requires
from pathlib import Path

import fastapi
from fastapi.testclient import TestClient

# card:
from typing import Annotated
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")
Token = Annotated[str, Depends(bearer)]
KEY = "for example only: keep it in settings"

def current_user(token: Token) -> str:
    try:
        return jwt.decode(token, KEY, ["HS256"])["sub"]
    except (jwt.InvalidTokenError, KeyError):
        challenge = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(401, "Bad token", challenge)

@app.get("/me")
def me(user: Annotated[str, Depends(current_user)]):
    return user
# end

client = TestClient(app)
now = datetime.now(UTC)


def token(key: str = KEY, algorithm: str = "HS256", **claims) -> str:
    return jwt.encode(claims, key, algorithm)


def get(path: str, authorization: str | None = None):
    return client.get(path, headers={"Authorization": authorization} if authorization is not None else {})


good = token(sub="ada", exp=now + timedelta(minutes=5))
for name, authorization, status, body in [
    ("no token", None, 401, {"detail": "Not authenticated"}),
    ("made up", "Bearer made-up", 401, {"detail": "Bad token"}),
    ("other key", "Bearer " + token(key="x" * 32, sub="ada"), 401, {"detail": "Bad token"}),
    ("expired", "Bearer " + token(sub="ada", exp=now - timedelta(minutes=5)), 401, {"detail": "Bad token"}),
    ("valid", "Bearer " + good, 200, "ada"),
]:
    response = get("/me", authorization)
    print(f"{name}: {response.status_code} {response.text}")
    assert (response.status_code, response.json()) == (status, body), name
    assert response.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None), name

# The token's header does not choose the algorithm: only the list does.
assert get("/me", "Bearer " + token(key=None, algorithm="none", sub="ada")).status_code == 401
assert get("/me", "Bearer " + token(key=KEY * 2, algorithm="HS512", sub="ada")).status_code == 401
assert get("/me", "Bearer " + token()).status_code == 401
assert get("/me", "Basic " + good).status_code == 401

# A JWT is signed, not encrypted: anybody can read the payload.
payload = good.split(".")[1]
assert json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"] == "ada"

# A class whose instances extract and document; they verify nothing.
from fastapi import Body  # noqa: E402
from fastapi.security import (  # noqa: E402
    APIKeyHeader,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBearer,
    OAuth2PasswordRequestForm,
)

assert isinstance(OAuth2PasswordBearer, type)
optional = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


@app.get("/raw")
def raw(token: Annotated[str, Depends(bearer)]):
    return token


@app.get("/optional")
def read_optional(token: Annotated[str | None, Depends(optional)]):
    return token


@app.get("/http-bearer")
def http_bearer(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]):
    return credentials.credentials


@app.get("/basic", dependencies=[Depends(HTTPBasic())])
@app.get("/key", dependencies=[Depends(APIKeyHeader(name="X-Key"))])
def allowed():
    return "allowed"


@app.post("/token")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return {"access_token": token(sub=form.username), "token_type": "bearer"}


@app.post("/amount", dependencies=[Depends(bearer)])
def save(amount: Annotated[int, Body()]):
    return amount


assert get("/raw", "Bearer made-up").json() == "made-up"
assert get("/raw", "Bearer").json() == ""
assert get("/optional").json() is None and get("/optional").status_code == 200
assert get("/optional", "Bearer made-up").json() == "made-up"
challenges = {path: get(path).headers["WWW-Authenticate"] for path in ["/raw", "/http-bearer", "/basic", "/key"]}
assert challenges == {"/raw": "Bearer", "/http-bearer": "Bearer", "/basic": "Basic", "/key": "APIKey"}
assert {get(path).status_code for path in challenges} == {401}

# The scheme is documented; the 401 is not.
openapi = app.openapi()
assert openapi["components"]["securitySchemes"]["OAuth2PasswordBearer"]["type"] == "oauth2"
assert openapi["paths"]["/me"]["get"]["security"] == [{"OAuth2PasswordBearer": []}]
assert "401" not in openapi["paths"]["/me"]["get"]["responses"]

# The login is form data.
ada = {"username": "ada", "password": "secret"}
assert client.post("/token", json=ada).status_code == 422
logged_in = client.post("/token", data=ada).json()
assert get("/me", "Bearer " + logged_in["access_token"]).json() == "ada"

# The body is parsed before the dependencies run, and validated after them.
json_type = {"Content-Type": "application/json"}
assert client.post("/amount", content="{", headers=json_type).status_code == 422
assert client.post("/amount", json="not a number").status_code == 401

# Passwords: pwdlib salts, so two hashes differ, and both verify.
from pwdlib import PasswordHash  # noqa: E402

hasher = PasswordHash.recommended()
hashed = hasher.hash("secret")
assert hashed.startswith("$argon2id$") and hasher.verify("secret", hashed) and not hasher.verify("guess", hashed)

# No trace of OAuthLib: not required, not imported, not named in the source.
assert not any("oauthlib" in requirement.lower() for requirement in requires("fastapi") or [])
assert not any("oauthlib" in name.lower() for name in sys.modules)
assert not any("oauthlib" in f.read_text("utf-8").lower() for f in Path(fastapi.__file__).parent.rglob("*.py"))
# Nor of a JWT library or a password hasher.
assert not any(r.lower().startswith(("pyjwt", "pwdlib", "python-jose", "passlib")) for r in requires("fastapi") or [])
