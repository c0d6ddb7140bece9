# card:
import os
from fastapi import FastAPI

app = FastAPI()
hits = 0

@app.get("/hits")
def count():
    global hits
    hits += 1
    return {"process": os.getpid(), "hits": hits}
# end

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":  # each worker imports this file
    import httpx2

    port = free_port()
    # A connection stays with one process, so each request opens its own.
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"Connection": "close"}, trust_env=False)
    command = [sys.executable, "-B", "-m", "uvicorn", "processes_and_containers:app", "--workers", "2", "--log-level", "critical"]
    server = subprocess.Popen([*command, "--port", str(port)], cwd=Path(__file__).parent)
    counts: dict[int, int] = {}
    requests = 0
    try:
        deadline = time.monotonic() + 60
        while len(counts) < 2 and time.monotonic() < deadline:
            try:
                got = client.get("/hits").json()
            except httpx2.ConnectError:
                time.sleep(0.02)
                continue
            requests += 1
            counts[got["process"]] = got["hits"]
        # A worker that dies is replaced; its count is gone with it.
        dead = min(counts)
        os.kill(dead, signal.SIGKILL)
        while time.monotonic() < deadline:
            try:
                got = client.get("/hits").json()
            except httpx2.HTTPError:
                continue
            if got["process"] not in counts:
                assert got["hits"] == 1
                break
            time.sleep(0.02)
        else:
            raise AssertionError("no new worker")
    finally:
        client.close()
        server.send_signal(signal.SIGTERM)
        server.wait(30)

    print("processes that answered:", len(counts))
    print("one count for all requests:", requests in counts.values())
    print("sum of both is right:", sum(counts.values()) == requests)
    # The parent only starts and watches the workers; it answers nothing itself.
    assert server.pid not in counts
