from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)

@app.get("/")
def read():
    return "secret"
# end

response = TestClient(app).get("/", headers={"Origin": "https://evil.example"})
print(response.headers["Access-Control-Allow-Origin"])
assert response.headers["Access-Control-Allow-Origin"] == "https://evil.example"
assert response.headers["Access-Control-Allow-Credentials"] == "true"
