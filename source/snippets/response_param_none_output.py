from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/logout")
def logout() -> None:
    return {"session": "a1b2"}
# end

response = TestClient(app).get("/logout")
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, {"session": "a1b2"})
