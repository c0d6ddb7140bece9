from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.middleware("http")
async def teapot(request, call_next):
    response = await call_next(request)
    response.status_code = 418
    return response
# end

response = TestClient(app).get("/missing")
print(response.status_code)
assert response.status_code == 418
