from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/login")
def login(response: Response):
    response.set_cookie("user", "ann")

@app.get("/me")
def me(request: Request):
    return request.cookies

client = TestClient(app)
client.post("/login")
# end

print(client.get("/me").text)
assert client.get("/me").text == '{"user":"ann"}'
assert TestClient(app).get("/me").text == "{}"
