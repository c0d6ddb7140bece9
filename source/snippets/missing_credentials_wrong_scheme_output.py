from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/me", dependencies=[Depends(HTTPBearer())])
def me():
    return "hello"
# end

client = TestClient(app)
response = client.get("/me", headers={"Authorization": "Token abc"})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (401, {"detail": "Not authenticated"})
assert client.get("/me", headers={"Authorization": "Bearer abc"}).json() == "hello"
