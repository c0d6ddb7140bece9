from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, field_validator

app = FastAPI()

# card:
class User(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def long_enough(cls, name):
        if len(name) < 2:
            raise ValueError("too short")

@app.post("/users")
def create(user: User):
    return user.name
# end

client = TestClient(app)
response = client.post("/users", json={"name": "ada"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "null")
assert client.post("/users", json={"name": "a"}).status_code == 422
