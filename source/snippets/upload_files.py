# card:
from fastapi import FastAPI, HTTPException, UploadFile

app = FastAPI()
PNG = b"\x89PNG"

@app.post("/photos")
async def add_photo(file: UploadFile):
    if await file.read(4) != PNG:
        raise HTTPException(415, "not a PNG file")
    await file.seek(0)
    chunks = 0
    while await file.read(64 * 1024):
        chunks += 1
    return {"size": file.size, "chunks": chunks}
# end

import asyncio
import subprocess
import sys
from typing import Annotated

from fastapi import BackgroundTasks, File, Form, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel, Json
from starlette.formparsers import MultiPartParser

client = TestClient(app)
MIB = 1024 * 1024


def send(path: str, content: bytes, name: str = "a.png", **more):
    return client.post(path, files={"file": (name, content, "image/png")}, **more)


print(send("/photos", PNG + b"x" * 200_000).text)
print(send("/photos", b"<svg>").text)
assert send("/photos", PNG + b"x" * 200_000).json() == {"size": 200_004, "chunks": 4}
assert send("/photos", b"<svg>").status_code == 415


@app.post("/spooled")
async def spooled(file: UploadFile):
    return file.file._rolled


@app.post("/twice")
async def twice(file: UploadFile):
    return [len(await file.read()), len(await file.read())]


@app.post("/meta")
async def meta(file: UploadFile):
    return [file.filename, file.content_type]


@app.post("/bytes")
async def whole(file: Annotated[bytes, File()]):
    return len(file)


@app.post("/def")
def plain(file: UploadFile):
    return file.file.read().decode()


# In memory up to 1 MiB, then in a temporary file on disk.
for name, size in (("1 MiB", MIB), ("1 MiB + 1", MIB + 1)):
    on_disk = send("/spooled", b"x" * size).json()
    print(f"{name}: {'on disk' if on_disk else 'in memory'}")
    assert on_disk == (size > MIB)
assert MultiPartParser.spool_max_size == MIB
# Reading moves on; name and content type are the client's own words.
assert send("/twice", b"abc").json() == [3, 0]
assert send("/meta", b"<html>", name="../../etc/passwd").json() == ["../../etc/passwd", "image/png"]
# bytes: the whole file as one object. In a plain def, `file.file` is the file without await.
assert send("/bytes", b"abc").json() == 3 and send("/def", b"abc").json() == "abc"
# A text field where a file is expected is refused; JSON beside a file is not read as a model.
assert client.post("/twice", data={"file": "text"}).status_code == 422


class Item(BaseModel):
    price: int


@app.post("/json-and-file")
async def json_and_file(item: Item, file: UploadFile):
    return item


@app.post("/form-and-file")
async def form_and_file(price: Annotated[int, Form()], file: UploadFile):
    return price


assert send("/json-and-file", b"x", data={"item": '{"price": 1}'}).status_code == 422
assert list(app.openapi()["paths"]["/json-and-file"]["post"]["requestBody"]["content"]) == ["multipart/form-data"]
assert send("/form-and-file", b"x", data={"price": "1"}).json() == 1


# Pydantic's Json parses the text of a form field into the model.
@app.post("/text-and-file")
async def text_and_file(item: Annotated[Json[Item], Form()], file: UploadFile):
    return item


assert send("/text-and-file", b"x", data={"item": '{"price": 1}'}).json() == {"price": 1}
assert send("/text-and-file", b"x", data={"item": '{"price": "x"}'}).json()["detail"][0]["loc"] == ["body", "item", "price"]

# The file is open in the endpoint and in its background tasks, and closed after the request.
kept = []


@app.post("/kept")
async def keep(file: UploadFile, tasks: BackgroundTasks):
    async def look():
        kept.append(file.file.closed)

    tasks.add_task(look)
    kept.append(file.file)


send("/kept", b"x")
assert kept[1] is False and kept[0].closed

# The endpoint starts when the last byte is here.
log = []
start = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
parts = [start, b"x" * 100, b"y" * 100, b"\r\n--B--\r\n"]


@app.post("/late")
async def late(file: UploadFile):
    log.append("endpoint")


@app.post("/stream")
async def stream(request: Request):
    log.append("endpoint")
    async for _ in request.stream():
        pass


async def call(path: str):
    left = list(parts)

    async def receive():
        log.append("part")
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def ignore(message):
        pass

    kind = (b"content-type", b"multipart/form-data; boundary=B")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [kind],
        "client": ("test", 1), "server": ("test", 80),
    }  # fmt: skip
    await app(scope, receive, ignore)


asyncio.run(call("/late"))
assert log == ["part"] * 4 + ["endpoint"]
log.clear()
asyncio.run(call("/stream"))
assert log == ["endpoint"] + ["part"] * 4

# Without python-multipart the route cannot even be declared.
code = """
import sys
sys.modules.update(python_multipart=None, multipart=None)
from fastapi import FastAPI, UploadFile
@FastAPI().post("/")
def upload(file: UploadFile): pass
"""
run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
assert run.returncode == 1 and 'RuntimeError: Form data requires "python-multipart"' in run.stderr
