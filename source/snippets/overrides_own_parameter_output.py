from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def get_user() -> str:
    return "nobody"

@app.get("/")
def read(user: Annotated[str, Depends(get_user)]):
    return user

app.dependency_overrides[get_user] = lambda name: name
# end

client = TestClient(app)
response = client.get("/?name=ada")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"ada"')
