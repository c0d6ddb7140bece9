from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get(
    "/internal", include_in_schema=False
)
def internal():
    return "secret"
# end

response = TestClient(app).get("/internal")
print(response.text)
assert response.status_code == 200 and response.text == '"secret"'
assert app.openapi()["paths"] == {}
