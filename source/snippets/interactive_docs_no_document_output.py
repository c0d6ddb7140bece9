from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI(
    openapi_url=None, docs_url="/docs"
)

@app.get("/")
def home():
    return "hello"
# end

response = TestClient(app).get("/docs")
print(response.status_code)
assert response.status_code == 404
