from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Login(BaseModel):
    user: str
    password: str

@app.post("/login")
def login(data: Login):
    return "ok"
# end

response = TestClient(app).post("/login", json={"password": "hunter2"})
error = response.json()["detail"][0]
print(response.status_code, error["type"], error["loc"], error["input"])
assert (response.status_code, error["type"], error["loc"]) == (422, "missing", ["body", "user"])
assert error["input"] == {"password": "hunter2"}
