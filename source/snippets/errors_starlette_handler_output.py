from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

# card:
import starlette.exceptions as starlette

app = FastAPI()

@app.exception_handler(starlette.HTTPException)
def handle(request, exc):
    status = exc.status_code
    return PlainTextResponse("handled", status)

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
