from fastapi import FastAPI, HTTPException, Response
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/")
def read(response: Response):
    response.headers["X-Trace"] = "abc"
    raise HTTPException(400)
# end

response = TestClient(app).get("/")
print(response.status_code, response.headers.get("x-trace"))
assert response.status_code == 400 and "x-trace" not in response.headers
