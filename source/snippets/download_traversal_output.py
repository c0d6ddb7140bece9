import tempfile
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.testclient import TestClient

app = FastAPI()
folder = tempfile.TemporaryDirectory()
FILES = Path(folder.name, "files")
FILES.mkdir()
Path(folder.name, "key.txt").write_bytes(b"s3cret")

# card:
@app.get("/")
def download(name: str):
    return FileResponse(FILES / name)
# end

response = TestClient(app).get("/?name=../key.txt")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "s3cret")
folder.cleanup()
