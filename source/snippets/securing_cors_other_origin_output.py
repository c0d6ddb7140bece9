from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
)

@app.post("/orders")
def order():
    return "ordered"
# end

response = TestClient(app).post("/orders", headers={"Origin": "https://evil.example"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"ordered"')
assert "Access-Control-Allow-Origin" not in response.headers
