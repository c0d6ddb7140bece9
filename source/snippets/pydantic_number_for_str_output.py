from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from pydantic import BaseModel

class Room(BaseModel):
    number: str

app = FastAPI()

@app.post("/rooms")
def create(room: Room) -> Room:
    return room
# end

response = TestClient(app).post("/rooms", json={"number": 12})
error = response.json()["detail"][0]
print(response.status_code, error["type"])
assert (response.status_code, error["type"]) == (422, "string_type")
