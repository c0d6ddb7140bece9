from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.middleware("http")
async def refuse(request, call_next):
    raise HTTPException(403, "not you")

@app.get("/")
def read():
    return "ok"
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (500, "Internal Server Error")
