import os
import warnings
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Depends, HTTPException
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient

folder = TemporaryDirectory()
home = os.getcwd()
os.chdir(folder.name)
os.environ.pop("FASTAPI_ENV", None)

# card:
from pathlib import Path

from fastapi import FastAPI

dist = Path("dist")
dist.mkdir()
(dist / "index.html").write_text("<h1>app</h1>")
(dist / "app.js").write_text("start()")

app = FastAPI()
app.frontend("/", directory=dist)

@app.get("/api/items")
def items():
    return ["pen"]
# end

PAGE = {"Accept": "text/html"}
client = TestClient(app)
results = [
    ("GET /app.js", client.get("/app.js"), 200, "start()"),
    ("GET /api/items", client.get("/api/items", headers=PAGE), 200, '["pen"]'),
    ("GET /settings (page)", client.get("/settings", headers=PAGE), 200, "<h1>app</h1>"),
    ("GET /settings (fetch)", client.get("/settings"), 404, '{"detail":"Not Found"}'),
    ("GET /api/typo (page)", client.get("/api/typo", headers=PAGE), 200, "<h1>app</h1>"),
    ("POST /settings", client.post("/settings"), 404, '{"detail":"Not Found"}'),
]
for name, response, status, text in results:
    print(f"{name:21} {response.status_code} {response.text}")
    assert (response.status_code, response.text) == (status, text), name
assert results[3][1].request.headers["Accept"] == "*/*"
assert client.get("/").text == "<h1>app</h1>" and client.head("/").status_code == 200
assert client.head("/settings", headers=PAGE).status_code == 200
assert client.get("/settings", headers={"Accept": "application/xhtml+xml"}).text == "<h1>app</h1>"
assert client.get("/settings", headers={"Accept": "text/html;q=0"}).status_code == 404
assert client.post("/settings", headers=PAGE).status_code == 404
assert list(app.openapi()["paths"]) == ["/api/items"]

# A mount at the same place: it hides the routes declared after it, and knows no client-side routes.
mounted = FastAPI()
mounted.mount("/", StaticFiles(directory=dist, html=True))
mounted.get("/api/items")(items)
assert TestClient(mounted).get("/app.js").text == "start()"
assert TestClient(mounted).get("/api/items").status_code == 404
assert TestClient(mounted).get("/settings", headers=PAGE).status_code == 404


# Dependencies of the app apply (since 0.139), and a router may have a frontend under its prefix.
def guard():
    raise HTTPException(401)


guarded = FastAPI(dependencies=[Depends(guard)])
guarded.frontend("/", directory=dist)
assert TestClient(guarded).get("/app.js").status_code == 401
guarded_mount = FastAPI(dependencies=[Depends(guard)])
guarded_mount.mount("/", StaticFiles(directory=dist))
assert TestClient(guarded_mount).get("/app.js").status_code == 200

admin = APIRouter(prefix="/admin")
admin.frontend("/", directory=dist)
app_with_admin = FastAPI()
app_with_admin.include_router(admin)
assert TestClient(app_with_admin).get("/admin/app.js").text == "start()"
assert TestClient(app_with_admin).get("/app.js").status_code == 404

# fallback=None: no page for unknown paths. A 404.html wins over index.html, with status 404.
strict = FastAPI()
strict.frontend("/", directory=dist, fallback=None)
assert TestClient(strict).get("/settings", headers=PAGE).status_code == 404
(dist / "404.html").write_text("not here")
response = client.get("/settings", headers=PAGE)
assert (response.status_code, response.text) == (404, "not here")
response = client.get("/settings")  # as a fetch() asks
assert (response.status_code, response.text) == (404, "not here")

# A missing directory is an error when the app is created, and a warning under `fastapi dev`.
try:
    FastAPI().frontend("/", directory=dist / "missing")
except RuntimeError:
    pass
else:
    raise AssertionError("the directory is not checked")
os.environ["FASTAPI_ENV"] = "development"
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    FastAPI().frontend("/", directory=dist / "missing")
assert len(caught) == 1 and "does not exist" in str(caught[0].message)

os.chdir(home)
folder.cleanup()
