from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm
from fastapi.testclient import TestClient

# card:
app = FastAPI()
Login = Annotated[
    OAuth2PasswordRequestForm, Depends()
]

@app.post("/token")
def log_in(form: Login):
    return {"access_token": form.username}
# end

client = TestClient(app)
ada = {"username": "ada", "password": "secret"}
response = client.post("/token", json=ada)
print(response.status_code)
assert response.status_code == 422
assert [error["type"] for error in response.json()["detail"]] == ["missing", "missing"]
assert client.post("/token", data=ada).json() == {"access_token": "ada"}
