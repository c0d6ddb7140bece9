from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Item(BaseModel):
    name: str

def deny():
    raise HTTPException(401)

Deny = Depends(deny)

@app.post("/items", dependencies=[Deny])
def create(item: Item):
    return "ok"
# end

client = TestClient(app)
response = client.post("/items", json={})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (401, {"detail": "Unauthorized"})
