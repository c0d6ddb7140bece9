# card:
import fastapi

TESTED_ON = "0.165.0"  # still 0.x: pin it
CHOICES = {
    "JSON API with a typed contract": "FastAPI",
    "many calls to slow services": "FastAPI",
    "answers from an ML model": "FastAPI",
    "ORM, admin and accounts in the box": "Django",
    "HTML pages from templates": "Django or Flask",
    "minutes of CPU work per request": "a job queue",
}

print("tested on", TESTED_ON)
for need, choice in CHOICES.items():
    print(f"{need:<36}{choice}")
# end

import os
import threading
from contextlib import asynccontextmanager
from importlib.metadata import requires

from fastapi import FastAPI
from fastapi.testclient import TestClient

assert fastapi.__version__ == TESTED_ON and TESTED_ON.startswith("0.")
assert not any(name in " ".join(requires("fastapi")).lower() for name in ("sqlalchemy", "django", "celery"))

loaded = []
threads = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    loaded.append("model")
    threads["loop"] = threading.get_ident()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/async")
async def on_the_loop():
    threads["async def"] = threading.get_ident()
    return os.getpid()


@app.get("/sync")
def in_the_pool():
    threads["def"] = threading.get_ident()
    return os.getpid()


@app.get("/html")
def page():
    return "<h1>Hi</h1>"


with TestClient(app) as client:
    # An endpoint works in the server's own process, so long CPU work there competes with requests.
    assert client.get("/async").json() == client.get("/sync").json() == os.getpid()
    # A blocking call in `async def` holds the loop's own thread; a plain `def` runs in another one.
    assert threads["async def"] == threads["loop"] != threads["def"]
    # The model was loaded once, before the first request.
    assert loaded == ["model"]
    # No admin site, and a returned string is JSON, not a page.
    assert client.get("/admin").status_code == 404
    assert client.get("/html").headers["content-type"] == "application/json"
