from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
router = APIRouter(prefix="/items")

@router.get("/{item_id}")
def read(item_id: int):
    return item_id

app.include_router(router, prefix="/v1")
# end

paths = list(app.openapi()["paths"])
print(paths[0])
assert paths == ["/v1/items/{item_id}"]
assert TestClient(app).get("/v1/items/7").json() == 7
