from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

# card:
from starlette import exceptions

app = FastAPI()
Error = exceptions.HTTPException

@app.exception_handler(Error)
def handle(request, exc):
    return Response("no", exc.status_code)

@app.get("/items")
def items():
    return ["lamp"]
# end

client = TestClient(app)
for method, path in (("GET", "/nowhere"), ("POST", "/items")):
    response = client.request(method, path)
    print(f"{method} {path}: {response.status_code} {response.text}")
    assert response.text == "no"
assert client.post("/items").status_code == 405
