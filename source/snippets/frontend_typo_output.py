import os
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from fastapi.testclient import TestClient

home = os.getcwd()
folder = TemporaryDirectory()
os.chdir(folder.name)
Path("dist").mkdir()

# card:
index = Path("dist/index.html")
index.write_text("<h1>shop</h1>")
app = FastAPI()
app.frontend("/", directory="dist")

@app.get("/api/items")
def items():
    return ["pen"]
# end

client = TestClient(app)
response = client.get("/api/item", headers={"Accept": "text/html"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "<h1>shop</h1>")
assert client.get("/api/item").status_code == 404
os.chdir(home)
folder.cleanup()
