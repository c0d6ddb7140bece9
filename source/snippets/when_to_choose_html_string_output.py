from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/")
def home():
    return "<h1>Hi</h1>"
# end

response = TestClient(app).get("/")
print(response.headers["content-type"])
assert response.headers["content-type"] == "application/json"
assert response.text == '"<h1>Hi</h1>"'
