from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.model = "loaded"
    yield

app = FastAPI(lifespan=lifespan)
app.state.model = "missing"

@app.get("/")
def read():
    return app.state.model
client = TestClient(app)
# end

response = client.get("/")
print(response.text)
assert response.text == '"missing"'
with TestClient(app) as client:
    assert client.get("/").text == '"loaded"'
