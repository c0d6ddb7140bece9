from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from pydantic import BaseModel

class Item(BaseModel):
    price: float

app = FastAPI()

@app.post("/items")
def create(item: Item) -> Item:
    return item
# end

response = TestClient(app).post("/items", json={"price": "2.5"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '{"price":2.5}')
