from typing import Annotated

from fastapi import Body, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

Limit = Annotated[
    int | None, Body(embed=True)
]

@app.put("/limit")
def change(limit: Limit = 10):
    return limit
# end

client = TestClient(app)
response = client.put("/limit", json={"limit": None})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, None)
assert client.put("/limit", json={}).json() == 10
