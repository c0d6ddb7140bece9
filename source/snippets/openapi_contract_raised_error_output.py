from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/users/{user_id}")
def read_user(user_id: int):
    raise HTTPException(404)

@app.get("/codes")
def codes():
    paths = app.openapi()["paths"]
    path = paths["/users/{user_id}"]
    return list(path["get"]["responses"])
# end

response = TestClient(app).get("/codes")
print(response.text)
assert response.text == '["200","422"]'
