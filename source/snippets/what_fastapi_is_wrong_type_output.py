from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/double/{n}")
def double(n: int):
    return n * 2
# end

client = TestClient(app)
response = client.get("/double/four")
print(response.status_code)
assert response.status_code == 422
assert double("four") == "fourfour"
