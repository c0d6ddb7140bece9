from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.testclient import TestClient

# card:
app = FastAPI()
Version = Annotated[int, Header()]

@app.get("/users")
def users_v1(x_version: Version = 1):
    return 1

@app.get("/users")
def users_v2(x_version: Version = 2):
    return 2
# end

client = TestClient(app)
response = client.get("/users", headers={"X-Version": "2"})
print(response.text)
assert response.text == "1"
assert client.get("/users").text == "1"
assert app.openapi()["paths"]["/users"]["get"]["summary"] == "Users V2"
