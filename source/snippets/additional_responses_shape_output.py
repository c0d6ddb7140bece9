from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
app = FastAPI()

class Problem(BaseModel):
    code: str

GONE = {404: {"model": Problem}}

@app.get("/", responses=GONE)
def read():
    raise HTTPException(404, "gone")
# end

response = TestClient(app).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (404, {"detail": "gone"})
