from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header
from fastapi.testclient import TestClient

# card:
Key = Annotated[str, Header()]

def key(x_key: Key): ...

app = FastAPI(dependencies=[Depends(key)])
v1 = APIRouter()

@v1.get("/users")
def users():
    return ["ada"]

app.include_router(v1, prefix="/v1")
# end

client = TestClient(app)
response = client.get("/v1/users")
print(response.status_code)
assert response.status_code == 422
assert client.get("/v1/users", headers={"x-key": "k"}).status_code == 200
