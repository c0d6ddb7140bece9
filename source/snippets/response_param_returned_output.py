from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/login")
def login(response: Response):
    response.set_cookie("session", "a1b2")
    return JSONResponse({"user": "ann"})
# end

response = TestClient(app).get("/login")
print(response.headers.get("Set-Cookie"))
assert response.status_code == 200 and "Set-Cookie" not in response.headers
