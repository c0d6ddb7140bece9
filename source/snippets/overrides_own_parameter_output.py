from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()

# card:
def get_user() -> str:
    return "nobody"

User = Annotated[str, Depends(get_user)]

@app.get("/")
def read(user: User):
    return user

overrides = app.dependency_overrides
overrides[get_user] = lambda name: name
# end

client = TestClient(app)
response = client.get("/?name=ada")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"ada"')
