# card:
import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()

@app.get("/items")
def items(request: Request):
    return {
        "link": str(request.url_for("items")),
        "client": request.client.host,
    }

config = uvicorn.Config(
    app,
    root_path="/api",  # which the proxy removes
    forwarded_allow_ips="127.0.0.1",  # the proxy
)
# end

import contextlib
import logging
import os
import socket
import threading
import time
import warnings
from unittest.mock import patch

import httpx2
from fastapi.exceptions import FastAPIDeprecationWarning
from fastapi.testclient import TestClient

logging.disable(logging.CRITICAL)


@app.get("/slash/")
def slash():
    return "slash"


@contextlib.contextmanager
def serving(config: uvicorn.Config):
    """Run uvicorn with this configuration on loopback; give a function that plays the proxy."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        headers = {
            "Host": "shop.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1, 203.0.113.7",  # the first was written by the client, the last by the proxy
            "X-Forwarded-Host": "other.example",
            "X-Forwarded-Prefix": "/other",
        }
        try:
            with httpx2.Client(base_url=address, headers=headers, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


with serving(config) as client:
    got = client.get("/items").json()
    print("GET /items:", *got.values())
    print("GET /api/items:", client.get("/api/items").status_code)
    print("servers:", client.get("/openapi.json").json()["servers"])
    assert got == {"link": "https://shop.example/api/items", "client": "203.0.113.7"}
    # The routes stay where they are; the prefix must not reach the server a second time.
    assert client.get("/api/items").status_code == 404
    # The docs page and redirects use the prefix too.
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/api"}]
    assert "'/api/openapi.json'" in client.get("/docs").text
    assert client.get("/slash").headers["Location"] == "https://shop.example/api/slash/"

# Without the option, loopback is believed and nobody else.
with patch.dict(os.environ):
    os.environ.pop("FORWARDED_ALLOW_IPS", None)
    default = uvicorn.Config(app)
assert set(default.forwarded_allow_ips.split(",")) == {"127.0.0.1", "::1"}
with serving(default) as client:
    assert client.get("/items").json() == {"link": "https://shop.example/items", "client": "203.0.113.7"}

# A peer that is not on the list is not believed. With "*" everybody is, and the client's own first entry counts.
with serving(uvicorn.Config(app, forwarded_allow_ips="10.0.0.1")) as client:
    assert client.get("/items").json() == {"link": "http://shop.example/items", "client": "127.0.0.1"}
    assert "servers" not in client.get("/openapi.json").json()
with serving(uvicorn.Config(app, forwarded_allow_ips="*")) as client:
    assert client.get("/items").json() == {"link": "https://shop.example/items", "client": "192.0.2.1"}

# The argument of FastAPI is deprecated: the server passes the root path.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    FastAPI(root_path="/api")
assert [w.category for w in caught] == [FastAPIDeprecationWarning]
assert "fastapi run --root-path" in str(caught[0].message)

# Tests can pass it as well.
assert TestClient(app, root_path="/api").get("/items").json()["link"] == "http://testserver/api/items"
assert "servers" not in TestClient(app).get("/openapi.json").json()
no_servers = TestClient(FastAPI(root_path_in_servers=False), root_path="/api")
assert "servers" not in no_servers.get("/openapi.json").json()
