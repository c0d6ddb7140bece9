from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Item(BaseModel):
    name: str

@app.post("/items")
def create(item: Item, page: int):
    return "ok"
# end

response = TestClient(app).post("/items?page=x", content='{"name": ', headers={"content-type": "application/json"})
print(response.status_code, [(e["type"], e["loc"][0]) for e in response.json()["detail"]])
assert response.status_code == 422
assert [(e["type"], e["loc"][0]) for e in response.json()["detail"]] == [("json_invalid", "body")]
