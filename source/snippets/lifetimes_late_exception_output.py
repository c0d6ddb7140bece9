from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

app = FastAPI()

# card:
def check():
    yield
    raise HTTPException(
        400, "check failed"
    )

Late = Depends(check)

@app.get("/", dependencies=[Late])
def read():
    return "ok"
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"ok"')
