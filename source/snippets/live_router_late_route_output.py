from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
router = APIRouter(prefix="/v1")
app.include_router(router)

@router.get("/status")
def status():
    return "up"
# end

response = TestClient(app).get("/v1/status")
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, "up")
