from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from pydantic import BaseModel

class Query(BaseModel):
    text: str
    limit: int = 10

app = FastAPI()

@app.post("/search")
def search(query: Query) -> Query:
    return query
# end

response = TestClient(app).post("/search", json={"text": "pen", "limt": 3})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '{"text":"pen","limit":10}')
