from typing import Annotated

from fastapi import FastAPI, Security
from fastapi.security import SecurityScopes
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def needed(scopes: SecurityScopes):
    return scopes.scopes

def user(s: Annotated[list, Security(needed, scopes=["me"])]):
    return s

@app.get("/")
def read(s: Annotated[list, Security(user, scopes=["mail"])]):
    return sorted(s)
# end

text = TestClient(app).get("/").text
print(text)
assert text == '["mail","me"]'
