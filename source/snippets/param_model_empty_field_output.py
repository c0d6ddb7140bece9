from typing import Annotated

from fastapi import FastAPI, Form
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
app = FastAPI()

class Person(BaseModel):
    name: str
    city: str = "unknown"

PersonForm = Annotated[Person, Form()]

@app.post("/people")
def add(person: PersonForm):
    return person.city
# end

client = TestClient(app)
response = client.post("/people", data={"name": "Ada", "city": ""})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, "unknown")
