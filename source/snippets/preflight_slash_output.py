from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[
        "https://app.example/",
    ],
)

@app.get("/")
def read():
    return "hello"
# end

response = TestClient(app).get("/", headers={"Origin": "https://app.example"})
found = response.headers.get("Access-Control-Allow-Origin")
print(found)
assert found is None and response.json() == "hello"
