from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
loads = []

@asynccontextmanager
async def lifespan(app):
    loads.append("model")
    yield

app = FastAPI(lifespan=lifespan)

@app.get("/score/{text}")
def score(text: str):
    return [len(text), len(loads)]
# end

with TestClient(app) as client:
    client.get("/score/a")
    client.get("/score/ab")
    response = client.get("/score/abc")
print(response.text)
assert response.text == "[3,1]"
