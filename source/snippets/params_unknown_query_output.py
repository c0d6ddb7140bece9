from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/items")
def items(limit: int = 10):
    return limit
# end

response = TestClient(app).get("/items?limt=3")
print(response.text)
assert (response.status_code, response.text) == (200, "10")
