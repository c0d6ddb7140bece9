from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Item(BaseModel):
    name: str

class Shop(BaseModel):
    city: str

@app.post("/offers")
def create(item: Item, shop: Shop):
    return "ok"
# end

client = TestClient(app)
response = client.post("/offers", json={"name": "pen", "city": "Rome"})
errors = [(e["type"], e["loc"]) for e in response.json()["detail"]]
print(response.status_code, errors)
assert (response.status_code, errors) == (422, [("missing", ["body", "item"]), ("missing", ["body", "shop"])])
assert client.post("/offers", json={"item": {"name": "pen"}, "shop": {"city": "Rome"}}).json() == "ok"
