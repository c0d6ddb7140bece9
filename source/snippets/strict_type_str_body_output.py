from typing import Annotated

from fastapi import Body, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/notes")
def add(note: Annotated[str, Body()]):
    return note
# end

response = TestClient(app).post("/notes", content='{"a": 1}')
print(response.status_code, response.text)
assert "content-type" not in response.request.headers
assert (response.status_code, response.json()) == (200, '{"a": 1}')
