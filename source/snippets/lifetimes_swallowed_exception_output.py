from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def guard():
    try:
        yield
    except Exception:
        pass

@app.get("/", dependencies=[Depends(guard)])
def read():
    raise HTTPException(404, "no such item")
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (500, "Internal Server Error")
