# card:
from functools import lru_cache
from fastapi import FastAPI

app = FastAPI()

@lru_cache
async def rates():
    return {"EUR": 1.1}

@app.get("/")
async def read():
    return await rates()
# end

from fastapi.testclient import TestClient

client = TestClient(app, raise_server_exceptions=False)
print(client.get("/").status_code)
print(client.get("/").status_code)
try:
    TestClient(app).get("/")
except RuntimeError as error:
    assert "already awaited coroutine" in str(error)
else:
    raise AssertionError
