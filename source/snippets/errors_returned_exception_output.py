from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/items/{item_id}")
def read(item_id: int):
    if item_id != 1:
        return HTTPException(404, "none")
    return {"id": item_id}
# end

response = TestClient(app).get("/items/2")
print(response.status_code, response.text)
assert response.status_code == 200
assert response.json() == {"status_code": 404, "detail": "none", "headers": None}
