from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse

# card:
app = FastAPI()

async def double(request: Request):
    n = request.path_params["n"]
    return PlainTextResponse(n * 2)

# Starlette's own way to add a route
app.add_route("/double/{n}", double)
# end

response = TestClient(app).get("/double/4")
print(response.text)
assert response.text == "44"
assert app.openapi()["paths"] == {}
