from typing import Annotated

from fastapi import Depends, FastAPI, Header
from fastapi.testclient import TestClient

# card:
Key = Annotated[str, Header()]

def key(x_key: Key): ...

app = FastAPI(dependencies=[Depends(key)])
v2 = FastAPI()

@v2.get("/users")
def users():
    return ["ada"]

app.mount("/v2", v2)
# end

response = TestClient(app).get("/v2/users")
print(response.status_code)
assert response.status_code == 200 and response.json() == ["ada"]
