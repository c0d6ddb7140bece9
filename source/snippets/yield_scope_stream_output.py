from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
def session():
    db = ["open"]
    yield db
    db[0] = "closed"

early = Depends(session, scope="function")
Db = Annotated[list, early]

@app.get("/rows")
def rows(db: Db) -> Iterable[str]:
    yield db[0]
# end

response = TestClient(app).get("/rows")
print(response.text.strip())
assert response.text == '"closed"\n'
