from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

# card:
@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"model": "loaded"}

app = FastAPI(lifespan=lifespan)

@app.get("/")
def read(request: Request):
    return getattr(request.state, "model", "missing")

client = TestClient(app)
# end

response = client.get("/")
print(response.text)
assert response.text == '"missing"'
with TestClient(app) as client:
    assert client.get("/").text == '"loaded"'
