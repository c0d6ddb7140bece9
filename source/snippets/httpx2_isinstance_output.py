import httpx
import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/")
def read():
    return "ok"

def test_read():
    response = TestClient(app).get("/")
    return isinstance(response, httpx.Response)
# end

print(test_read())
assert test_read() is False
assert isinstance(TestClient(app).get("/"), httpx2.Response)
