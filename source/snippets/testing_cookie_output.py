from typing import Annotated

from fastapi import Cookie, FastAPI, Response
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/login")
def login(response: Response):
    response.set_cookie("user", "ann")

@app.get("/me")
def me(user: Annotated[str, Cookie()] = "nobody") -> str:
    return user

client = TestClient(app)
client.post("/login")
# end

print(client.get("/me").text)
assert client.get("/me").text == '"ann"'
assert TestClient(app).get("/me").text == '"nobody"'
