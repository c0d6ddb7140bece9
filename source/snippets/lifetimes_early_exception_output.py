from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def check():
    yield
    raise HTTPException(400, "check failed")

@app.get("/", dependencies=[Depends(check, scope="function")])
def read():
    return "ok"
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (400, {"detail": "check failed"})
