import tempfile
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.testclient import TestClient

app = FastAPI()
folder = tempfile.TemporaryDirectory()
PATH = Path(folder.name, "digits.txt")
PATH.write_bytes(b"0123456789")

# card:
@app.get("/file")
def file():
    return FileResponse(PATH)
# end

response = TestClient(app).get("/file", headers={"Range": "bytes=2-4"})
print(response.status_code, response.text)
assert (response.status_code, response.text) == (206, "234")
folder.cleanup()
