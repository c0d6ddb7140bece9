from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI(max_body_size=1000)
log: list[str] = []

@app.post("/start")
def start():
    log.append("started")
# end

response = TestClient(app).post("/start", content=b"x" * 2000)
print(log)
assert "content-length" in response.request.headers
assert response.status_code == 413 and log == ["started"]
