from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
class Caller(BaseModel):
    x_user: str = "nobody"

app = FastAPI()

@app.get("/")
def read(caller: Annotated[Caller, Header()]):
    return caller.x_user
# end

client = TestClient(app)
response = client.get("/", headers={"X_User": "eve"})
print(response.text)
assert response.json() == "nobody"
assert client.get("/", headers={"X-User": "ada"}).json() == "ada"
