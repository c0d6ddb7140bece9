from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.testclient import TestClient

# card:
app = FastAPI()
Small = Annotated[int, Query(le=100)]
Large = Annotated[Small, Query(le=200)]

@app.get("/items")
def items(limit: Large):
    return limit
# end

client = TestClient(app)
status = client.get("/items?limit=150").status_code
print(status)
assert status == 200
# The document shows what is checked.
assert client.get("/items?limit=201").status_code == 422
schema = app.openapi()["paths"]["/items"]["get"]["parameters"][0]["schema"]
assert schema["maximum"] == 200
