from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Item(BaseModel):
    name: str
    price: float

@app.get("/pen")
def read() -> Item:
    return {"name": "pen"}
# end

response = TestClient(app, raise_server_exceptions=False).get("/pen")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (500, "Internal Server Error")
assert response.headers["content-type"].startswith("text/plain")
