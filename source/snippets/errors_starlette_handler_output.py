from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

# card:
from starlette.exceptions import HTTPException

app = FastAPI()

@app.exception_handler(HTTPException)
def handle(request: Request, exc: HTTPException):
    return PlainTextResponse("handled", exc.status_code)

@app.get("/items")
def items():
    return ["lamp"]
# end

client = TestClient(app)
for method, path in (("GET", "/nowhere"), ("POST", "/items")):
    response = client.request(method, path)
    print(f"{method} {path}: {response.status_code} {response.text}")
    assert response.text == "handled"
assert client.post("/items").status_code == 405
