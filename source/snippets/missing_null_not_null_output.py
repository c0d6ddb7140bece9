from typing import Annotated

from fastapi import Body, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.put("/limit")
def change(limit: Annotated[int, Body(embed=True)] = 10):
    return limit
# end

client = TestClient(app)
response = client.put("/limit", json={"limit": None})
print(response.status_code)
assert (response.status_code, response.json()["detail"][0]["type"]) == (422, "int_type")
assert client.put("/limit", json={}).json() == 10
