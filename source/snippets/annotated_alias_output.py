from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.testclient import TestClient

# card:
app = FastAPI()
Positive = Annotated[int, Query(ge=1)]
Top = Annotated[Positive, Query(le=20)]

@app.get("/items")
def items(limit: Top):
    return limit
# end

client = TestClient(app)
status = client.get("/items?limit=0").status_code
print(status)
assert status == 422
assert client.get("/items?limit=21").status_code == 422 and client.get("/items?limit=20").status_code == 200
