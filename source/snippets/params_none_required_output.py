from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/search")
def search(q: str | None):
    return q
# end

client = TestClient(app)
response = client.get("/search")
print(response.status_code)
assert response.status_code == 422
assert response.json()["detail"][0]["type"] == "missing"
