from functools import lru_cache

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@lru_cache
async def exchange_rate() -> float:
    return 1.25

@app.get("/rate")
async def rate() -> float:
    return await exchange_rate()
# end

client = TestClient(app, raise_server_exceptions=False)
first, second = client.get("/rate"), client.get("/rate")
print(second.status_code, second.text)
assert (first.status_code, first.text) == (200, "1.25")
assert (second.status_code, second.text) == (500, "Internal Server Error")
try:
    TestClient(app).get("/rate")
    raise AssertionError
except RuntimeError as error:
    assert "cannot reuse already awaited coroutine" in str(error)
