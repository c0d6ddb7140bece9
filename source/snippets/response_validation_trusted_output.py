import warnings

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Item(BaseModel):
    price: float

@app.get("/item")
def read() -> Item:
    item = Item(price=2)
    item.price = "free"
    return item
# end

with warnings.catch_warnings():
    # Pydantic warns on the server that it serializes an unexpected value.
    warnings.simplefilter("ignore")
    response = TestClient(app).get("/item")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '{"price":"free"}')
