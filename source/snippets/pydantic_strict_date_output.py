from datetime import date

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
from pydantic import BaseModel, ConfigDict

class Trip(BaseModel):
    model_config = ConfigDict(strict=True)
    start: date

app = FastAPI()

@app.post("/trips")
def create(trip: Trip) -> Trip:
    return trip
# end

response = TestClient(app).post("/trips", json={"start": "2026-11-24"})
error = response.json()["detail"][0]
print(response.status_code, error["type"])
assert (response.status_code, error["type"]) == (422, "date_type")
# Pydantic itself accepts the string, but only when it parses the JSON; FastAPI hands it a parsed dict.
assert Trip.model_validate_json('{"start": "2026-11-24"}').start == date(2026, 11, 24)
