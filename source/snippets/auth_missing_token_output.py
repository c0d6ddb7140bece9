from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()
bearer = Depends(HTTPBearer())

@app.get("/me", dependencies=[bearer])
def me():
    return "secret"
# end

response = TestClient(app).get("/me")
print(response.status_code)
assert response.status_code == 401
assert response.headers["WWW-Authenticate"] == "Bearer"
