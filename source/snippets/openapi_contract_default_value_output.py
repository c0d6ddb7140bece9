from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
class Item(BaseModel):
    name: str
    note: str | None = None

app = FastAPI()

@app.post("/items")
def add(item: Item) -> Item:
    return item
# end

document = TestClient(app).get("/openapi.json").json()
names = [name for name in document["components"]["schemas"] if name.startswith("Item")]
print(names)
assert names == ["Item"]
