from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Public(BaseModel):
    name: str

class Row:
    def __init__(self):
        self.name = "Ada"
        self.pin = "1234"

@app.get("/row", response_model=Public)
def me():
    return Row()
# end

response = TestClient(app).get("/row")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '{"name":"Ada"}')
