from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
)

@app.put("/cart")
def save():
    return "saved"
# end

asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
response = TestClient(app).options("/cart", headers=asked)
print(response.status_code)
assert (response.status_code, response.text) == (400, "Disallowed CORS method")
