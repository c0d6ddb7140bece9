from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

USERS = {"ann": "acme"}


def current_tenant(token: Annotated[object, Depends(HTTPBearer())]) -> str:
    return USERS[token.credentials]


# card:
NOTES = {
    1: "acme's plan",
    2: "zeta's plan",
}
app = FastAPI()
login = Depends(current_tenant)

@app.get("/notes/{id}")
def read(
    id: int, tenant: Annotated[str, login]
):
    return NOTES[id]
# end

client = TestClient(app)
response = client.get("/notes/2", headers={"Authorization": "Bearer ann"})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, "zeta's plan")
assert client.get("/notes/2").status_code == 401
