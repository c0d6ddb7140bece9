from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Line(BaseModel):
    sku: str

class Order(BaseModel):
    lines: list[Line]

@app.post("/orders")
def create(order: Order):
    return "ok"
# end

body = {"lines": [{"sku": "A1"}, {}]}
response = TestClient(app).post("/orders", json=body)
print(response.status_code, response.json()["detail"][0]["loc"])
assert response.status_code == 422 and len(response.json()["detail"]) == 1
assert response.json()["detail"][0]["loc"] == ["body", "lines", 1, "sku"]
