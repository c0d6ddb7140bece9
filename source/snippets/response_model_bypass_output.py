from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Public(BaseModel):
    name: str

@app.get("/card", response_model=Public)
def me():
    return JSONResponse(
        {"name": "Ada", "pin": "1234"}
    )
# end

response = TestClient(app).get("/card")
print(response.text)
assert response.json() == {"name": "Ada", "pin": "1234"}
