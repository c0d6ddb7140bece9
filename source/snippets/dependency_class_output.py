from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

class Page:
    def __init__(self, limit: int = 10,
                 offset: int = 0):
        self.limit = limit
        self.offset = offset

@app.get("/")
def read(p: Annotated[Page, Depends()]):
    return [p.limit, p.offset]
# end

client = TestClient(app)
response = client.get("/?limit=3")
print(response.text)
assert response.text == "[3,0]"
assert client.get("/?limit=x").status_code == 422
