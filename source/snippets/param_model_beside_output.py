from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
app = FastAPI()

class Filters(BaseModel, extra="forbid"):
    limit: int = 10

@app.get("/")
def read(
    filters: Annotated[Filters, Query()],
    page: int = 1,
):
    return [filters.limit, page]
# end

client = TestClient(app)
response = client.get("/?limit=5&page=2")
error = response.json()["detail"][0]
print(response.status_code, error["type"], error["loc"])
assert (response.status_code, error["type"], error["loc"]) == (422, "extra_forbidden", ["query", "page"])
assert client.get("/?limit=5").json() == [5, 1]
