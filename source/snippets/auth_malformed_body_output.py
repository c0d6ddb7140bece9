from typing import Annotated

from fastapi import Body, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()
scheme = OAuth2PasswordBearer("token")
bearer = Depends(scheme)

@app.post("/", dependencies=[bearer])
def save(amount: Annotated[int, Body()]):
    return amount
# end

client = TestClient(app)
response = client.post("/", content="{", headers={"Content-Type": "application/json"})
print(response.status_code)
assert response.status_code == 422
assert response.json()["detail"][0]["type"] == "json_invalid"
# Well-formed JSON of the wrong type: the dependency answers first.
assert client.post("/", json="x").status_code == 401
