from typing import Annotated

from fastapi import FastAPI, Security
from fastapi.security import SecurityScopes
from fastapi.testclient import TestClient

# card:
app = FastAPI()
def needed(scopes: SecurityScopes):
    return scopes.scopes

me = Security(needed, scopes=["me"])
def user(found: Annotated[list, me]):
    return found

mail = Security(user, scopes=["mail"])
@app.get("/")
def read(found: Annotated[list, mail]):
    return sorted(found)
# end

text = TestClient(app).get("/").text
print(text)
assert text == '["mail","me"]'
