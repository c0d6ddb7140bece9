from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/")
def read(x_key: str):
    return x_key
# end

client = TestClient(app)
response = client.get("/", headers={"X-Key": "abc"})
print(response.status_code)
assert response.status_code == 422
assert response.json()["detail"][0]["loc"] == ["query", "x_key"]
assert client.get("/?x_key=abc").json() == "abc"
