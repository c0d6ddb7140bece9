import tempfile
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, StreamingResponse

app = FastAPI()
ROOT = tempfile.TemporaryDirectory()
FILES = Path(ROOT.name).resolve() / "files"
FILES.mkdir()

# card:
@app.get("/files/{name:path}")
def download(name: str):
    path = (FILES / name).resolve()
    inside = path.is_relative_to(FILES)
    if not inside or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, filename=path.name)

@app.get("/report.csv")
def report():
    def rows():
        yield "id,total\n"
        for n in range(2):
            yield f"{n},{n * 10}\n"
    kind = "text/csv"
    return StreamingResponse(rows(), media_type=kind)
# end

import os
import threading

from fastapi.testclient import TestClient
from starlette.background import BackgroundTask

(FILES / "a.txt").write_bytes(b"abcdefghij")
(FILES.parent / "key.txt").write_bytes(b"s3cret")
(FILES.parent / "files-private").mkdir()
(FILES.parent / "files-private" / "a.txt").write_bytes(b"private")

client = TestClient(app, raise_server_exceptions=False)
whole = client.get("/files/a.txt")
print(whole.status_code, whole.headers["content-disposition"], whole.headers["content-length"])
part = client.get("/files/a.txt", headers={"Range": "bytes=2-4"})
print(part.status_code, part.headers["content-range"], part.text)
outside = client.get("/files/..%2Fkey.txt")
print(outside.status_code, outside.text)
made = client.get("/report.csv")
print(made.status_code, made.text.replace("\n", ";"), made.headers.get("content-length"))

# A file has its length, type, date and ETag; a generator has neither length nor ranges.
assert whole.text == "abcdefghij" and whole.headers["content-type"] == "text/plain; charset=utf-8"
assert whole.headers["accept-ranges"] == "bytes" and {"etag", "last-modified"} <= set(whole.headers)
assert made.text == "id,total\n0,0\n1,10\n" and not {"content-length", "etag", "accept-ranges"} & set(made.headers)
assert client.get("/report.csv", headers={"Range": "bytes=2-4"}).status_code == 200

# Ranges: a part, the rest, past the end, and only while the file is still the same.
assert part.text == "cde" and part.headers["content-range"] == "bytes 2-4/10"
assert client.get("/files/a.txt", headers={"Range": "bytes=7-"}).text == "hij"
assert client.get("/files/a.txt", headers={"Range": "bytes=10-"}).status_code == 416
same = {"Range": "bytes=7-", "If-Range": whole.headers["etag"]}
assert client.get("/files/a.txt", headers=same).status_code == 206
assert client.get("/files/a.txt", headers=same | {"If-Range": '"old"'}).text == "abcdefghij"

# The check holds against dots, an absolute path, a neighbour whose name begins alike, and a folder.
for name in ("..%2Fkey.txt", "%2E%2E/key.txt", "..%2Ffiles-private%2Fa.txt", "%2F" + str(FILES.parent / "key.txt"), ""):
    assert client.get(f"/files/{name}").status_code == 404, name
assert str(FILES.parent / "files-private" / "a.txt").startswith(str(FILES))
# A joined absolute path replaces the folder.
assert FILES / (FILES.parent / "key.txt") == FILES.parent / "key.txt"
# A link inside the folder that leads outside is found by resolve() (Windows needs a right to make links).
try:
    (FILES / "link.txt").symlink_to(FILES.parent / "key.txt")
except OSError:
    pass
else:
    assert client.get("/files/link.txt").status_code == 404


@app.get("/missing")
def missing():
    returned.append("endpoint")
    return FileResponse(FILES / "none.txt")


@app.get("/inline")
def inline():
    return FileResponse(FILES / "a.txt", filename="a.txt", content_disposition_type="inline")


@app.get("/unnamed")
def unnamed():
    return FileResponse(FILES / "a.txt")


@app.get("/umlaut")
def umlaut():
    return FileResponse(FILES / "a.txt", filename="Übersicht.txt")


@app.get("/temporary")
def temporary():
    handle, name = tempfile.mkstemp(dir=FILES.parent)
    os.write(handle, b"made")
    os.close(handle)
    returned.append(name)
    return FileResponse(name, background=BackgroundTask(os.unlink, name))


@app.get("/threads")
async def threads():
    here = threading.get_ident()

    def plain():
        yield str(threading.get_ident() == here)

    async def on_loop():
        yield str(threading.get_ident() == here)
        for each in plain_parts:
            yield each

    plain_parts = [part async for part in StreamingResponse(plain()).body_iterator]
    return StreamingResponse(on_loop())


# A missing file is found after the endpoint has returned: a 500.
returned = []
assert client.get("/missing").status_code == 500 and returned == ["endpoint"]
# The name in the header: attachment by default, inline on demand, none without a name, encoded when it must be.
assert client.get("/inline").headers["content-disposition"] == 'inline; filename="a.txt"'
assert "content-disposition" not in client.get("/unnamed").headers
assert client.get("/umlaut").headers["content-disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.txt"
# A temporary file is sent, then deleted.
assert client.get("/temporary").text == "made" and not os.path.exists(returned[-1])
# A range that is refused skips the background task: the file stays.
assert client.get("/temporary", headers={"Range": "bytes=99-"}).status_code == 416
assert os.path.exists(returned[-1])
# An async generator runs on the loop's thread, a plain one in a worker thread.
assert client.get("/threads").text == "TrueFalse"
assert FileResponse.chunk_size == 64 * 1024
ROOT.cleanup()
