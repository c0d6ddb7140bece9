from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/me", dependencies=[Depends(HTTPBearer())])
def me():
    return "secret"
# end

response = TestClient(app).get("/me")
print(response.status_code)
assert response.status_code == 401
assert response.headers["WWW-Authenticate"] == "Bearer"
