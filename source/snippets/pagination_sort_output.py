from typing import Literal

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
Column = Literal["name", "price"]

@app.get("/items")
def items(sort: Column = "name"):
    return sort
# end

client = TestClient(app)
response = client.get("/items?sort=secret")
print(response.status_code)
assert response.status_code == 422
assert client.get("/items?sort=price").json() == "price"
