from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def add_layer(name):
    @app.middleware("http")
    async def layer(request, call_next):
        r = await call_next(request)
        r.headers.append("X-Layers", name)
        return r

add_layer("first")
add_layer("second")
# end

response = TestClient(app).get("/missing")
print(response.headers["X-Layers"])
assert response.headers["X-Layers"] == "first, second"
