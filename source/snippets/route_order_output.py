from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/users/{name}")
def read_user(name: str):
    return f"user {name}"

@app.get("/users/me")
def read_me():
    return "it is you"
# end

response = TestClient(app).get("/users/me")
print(response.text)
assert response.text == '"user me"'
