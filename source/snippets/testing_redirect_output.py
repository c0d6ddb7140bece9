from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/old")
def old():
    return RedirectResponse("/new")

@app.get("/new")
def new() -> str:
    return "new page"

response = TestClient(app).get("/old")
# end

print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, '"new page"')
assert TestClient(app, follow_redirects=False).get("/old").status_code == 307
