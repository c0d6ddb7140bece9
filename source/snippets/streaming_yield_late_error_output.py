from collections.abc import Iterable

from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/rows")
def rows(table: str) -> Iterable[int]:
    if table != "orders":
        raise HTTPException(404)
    yield 1
# end

client = TestClient(app, raise_server_exceptions=False)
response = client.get("/rows", params={"table": "users"})
print(response.status_code)
assert (response.status_code, response.text) == (200, "")
assert client.get("/rows", params={"table": "orders"}).text == "1\n"
assert client.get("/rows").status_code == 422
