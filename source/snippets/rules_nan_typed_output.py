from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI

app = FastAPI()

@app.get("/ratio")
def ratio() -> dict[str, float]:
    return {"value": float("nan")}
# end

response = TestClient(app).get("/ratio")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '{"value":null}')
