from fastapi import FastAPI, Security
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()
bearer = OAuth2PasswordBearer(
    tokenUrl="token", scopes={"admin": "All rights"}
)

@app.get("/", dependencies=[Security(bearer, scopes=["admin"])])
def read():
    return "secret"
# end

response = TestClient(app).get("/", headers={"Authorization": "Bearer made-up"})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, "secret")
assert TestClient(app).get("/").status_code == 401
