from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

app = FastAPI()

# card:
def guard():
    try:
        yield
    except Exception:
        pass

Guard = Depends(guard)

@app.get("/", dependencies=[Guard])
def read():
    raise HTTPException(404)
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (500, "Internal Server Error")
