from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_headers=["*"],
)

@app.middleware("http")
async def check(request, call_next):
    if "authorization" in request.headers:
        return await call_next(request)
    return Response(status_code=401)
# end

preflight = {
    "Origin": "https://app.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "authorization",
}
response = TestClient(app).options("/", headers=preflight)
print(response.status_code)
assert response.status_code == 401
assert "Access-Control-Allow-Origin" not in response.headers

# Added the other way round, the preflight passes.
app = FastAPI()
app.middleware("http")(check)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"])
assert TestClient(app).options("/", headers=preflight).status_code == 200
