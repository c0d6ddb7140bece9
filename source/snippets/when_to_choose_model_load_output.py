from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient

loads = []


def load_model():
    loads.append("model")
    return len


# card:
@asynccontextmanager
async def lifespan(app):
    app.state.model = load_model()  # appends to the list loads
    yield

app = FastAPI(lifespan=lifespan)

@app.get("/score/{text}")
def score(text: str):
    return [app.state.model(text), len(loads)]
# end

with TestClient(app) as client:
    client.get("/score/a")
    client.get("/score/ab")
    response = client.get("/score/abc")
print(response.text)
assert response.text == "[3,1]"
