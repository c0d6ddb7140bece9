from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/sum")
def add(ids: list[int]):
    return sum(ids)
# end

client = TestClient(app)
response = client.post("/sum?ids=1&ids=2")
print(response.status_code)
assert response.status_code == 422
assert response.json()["detail"][0]["loc"] == ["body"]
assert client.post("/sum", json=[1, 2]).json() == 3
