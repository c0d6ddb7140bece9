from fastapi.testclient import TestClient

# card:
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()
Page = Annotated[int, Query(ge=1)]

@app.get("/items")
def read(page: Page = 0):
    return page
# end

client = TestClient(app)
response = client.get("/items")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "0")
assert client.get("/items?page=0").status_code == 422
