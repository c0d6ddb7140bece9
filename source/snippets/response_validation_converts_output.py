from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI

app = FastAPI()

@app.get("/stock")
def stock() -> int:
    return "7"
# end

response = TestClient(app, raise_server_exceptions=False).get("/stock")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "7")
