from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI(docs_url=None)

@app.get("/users")
def users():
    return []
# end

client = TestClient(app)
assert client.get("/docs").status_code == 404 and client.get("/redoc").status_code == 200
response = client.get("/openapi.json")
print(response.status_code)
assert response.status_code == 200
