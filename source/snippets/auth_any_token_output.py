from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient

# card:
app = FastAPI()
scheme = OAuth2PasswordBearer("token")
bearer = Depends(scheme)

@app.get("/me")
def me(token: Annotated[str, bearer]):
    return token
# end

response = TestClient(app).get("/me", headers={"Authorization": "Bearer made-up"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"made-up"')
