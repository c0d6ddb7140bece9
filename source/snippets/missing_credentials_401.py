from typing import Annotated

from fastapi.security import HTTPBasic, HTTPDigest, OAuth2PasswordBearer, OpenIdConnect
from fastapi.testclient import TestClient

# card:
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import APIKeyHeader, HTTPBearer

class OldBearer(HTTPBearer):
    def make_not_authenticated_error(self):
        return HTTPException(403, "Not authenticated")

app = FastAPI()
schemes = {
    "/bearer": HTTPBearer(),
    "/key": APIKeyHeader(name="X-Key"),
    "/old": OldBearer(),
}

for path, scheme in schemes.items():
    @app.get(path, dependencies=[Depends(scheme)])
    def read():
        return "ok"
# end

client = TestClient(app)
found = {}
for path in schemes:
    response = client.get(path)
    found[path] = (response.status_code, response.headers.get("WWW-Authenticate"))
    print(f"{path:8}", *found[path])
    assert response.json() == {"detail": "Not authenticated"}
assert found == {"/bearer": (401, "Bearer"), "/key": (401, "APIKey"), "/old": (403, None)}

# The other classes, and what they announce.
more = {
    "/basic": (HTTPBasic(), "Basic"),
    "/realm": (HTTPBasic(realm="shop"), 'Basic realm="shop"'),
    "/digest": (HTTPDigest(), "Digest"),
    "/oauth2": (OAuth2PasswordBearer(tokenUrl="token"), "Bearer"),
    "/oidc": (OpenIdConnect(openIdConnectUrl="https://login.example"), "Bearer"),
}
for path, (scheme, challenge) in more.items():
    app.get(path, dependencies=[Depends(scheme)])(read)
    response = client.get(path)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, challenge)

# A header with another scheme counts as missing, and says so in the same words.
response = client.get("/bearer", headers={"Authorization": "Token abc"})
assert (response.status_code, response.json()) == (401, {"detail": "Not authenticated"})
assert response.headers["WWW-Authenticate"] == "Bearer"
assert client.get("/bearer", headers={"Authorization": "Bearer abc"}).json() == "ok"

# The OpenAPI document mentions neither status.
assert not {"401", "403"} & set(app.openapi()["paths"]["/bearer"]["get"]["responses"])


# A check of your own that raises 403 for a known user is not affected.
def editor(_: Annotated[object, Depends(HTTPBearer())]):
    raise HTTPException(403, "not an editor")


app.get("/edit", dependencies=[Depends(editor)])(read)
assert client.get("/edit", headers={"Authorization": "Bearer abc"}).status_code == 403
assert client.get("/edit").status_code == 401
