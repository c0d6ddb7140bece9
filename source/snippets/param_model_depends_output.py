from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Filters(BaseModel):
    limit: int = 10
    tags: list[str] = []

Plain = Annotated[Filters, Depends()]

@app.get("/")
def read(f: Plain):
    return [f.limit, f.tags]
# end

response = TestClient(app).get("/?limit=5&tags=a")
print(response.text)
assert response.text == "[5,[]]"
