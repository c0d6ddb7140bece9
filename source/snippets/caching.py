# card:
from hashlib import sha256
from fastapi import FastAPI, Header, Response

app = FastAPI()

@app.get("/catalog")
def catalog(if_none_match: str | None = Header(None)):
    text = load_catalog()
    tag = f'"{sha256(text.encode()).hexdigest()[:8]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, max-age=60",
    }
    if if_none_match == tag:
        return Response(None, 304, headers)
    kind = "application/json"
    return Response(text, 200, headers, kind)
# end

import asyncio
import functools
import pathlib
import tempfile
import time

from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient

stock = ['{"tea":5}']


def load_catalog():
    return stock[-1]


client = TestClient(app)
first = client.get("/catalog")
print(first.status_code, first.headers["ETag"], first.text)
again = client.get("/catalog", headers={"If-None-Match": first.headers["ETag"]})
print(again.status_code, len(again.content), "bytes")
assert "content-length" not in again.headers and again.headers["ETag"] == first.headers["ETag"]
stock.append('{"tea":4}')
changed = client.get("/catalog", headers={"If-None-Match": first.headers["ETag"]})
print(changed.status_code, changed.text)
assert changed.headers["ETag"] != first.headers["ETag"]

# StaticFiles compares the tag by itself; a FileResponse only sends one.
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "a.txt")
    path.write_text("tea")
    app.mount("/static", StaticFiles(directory=folder))
    app.get("/file")(lambda: FileResponse(path))
    for address, status in {"/static/a.txt": 304, "/file": 200}.items():
        kept = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": kept}).status_code == status

# A cache in memory belongs to one process, and has no end of its own.
calls = []


@functools.lru_cache(maxsize=2)
def rate(currency: str):
    calls.append(currency)
    return 1.1


assert [rate("EUR"), rate("EUR"), calls] == [1.1, 1.1, ["EUR"]]
rate.cache_clear()
rate("EUR")
assert calls == ["EUR", "EUR"]


# Ten requests that miss at the same time compute ten times; with a lock one does, and nine read.
async def stampede(lock):
    computed, kept = [], {}

    async def compute():
        if "rates" not in kept:
            computed.append(1)
            await asyncio.sleep(0.01)
            kept["rates"] = 1.1
        return kept["rates"]

    async def locked():
        async with lock:
            return await compute()

    await asyncio.gather(*(locked() if lock else compute() for _ in range(10)))
    return len(computed)


async def both():
    return await stampede(None), await stampede(asyncio.Lock())


assert asyncio.run(both()) == (10, 1)
assert time.monotonic() > 0
