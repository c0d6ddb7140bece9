from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

# card:
@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"hits": 0}

app = FastAPI(lifespan=lifespan)

@app.get("/")
def read(request: Request):
    request.state.hits += 1
    return request.state.hits
# end

with TestClient(app) as client:
    assert client.get("/").text == "1"
    second = client.get("/").text
print(second)
assert second == "1"
