# card:
import asyncio
from contextlib import asynccontextmanager
from fastapi import BackgroundTasks, FastAPI

@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    print("pools closed", flush=True)

app = FastAPI(lifespan=lifespan)

async def send_mail():
    await asyncio.sleep(0.2)
    print("mail sent", flush=True)

@app.get("/order")
async def order(tasks: BackgroundTasks):
    tasks.add_task(send_mail)
    await asyncio.sleep(0.5)  # SIGTERM comes now
    return "ordered"
# end

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
from fastapi import WebSocket
from fastapi.responses import StreamingResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


active = 0


class Count:
    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        global active
        active += 1
        try:
            await self.inner(scope, receive, send)
        finally:
            active -= 1


app.add_middleware(Count)


@app.get("/active")
async def get_active():
    return active


async def forever():
    await asyncio.sleep(60)
    print("task ended", flush=True)


@app.get("/task")
async def start_task(tasks: BackgroundTasks):
    tasks.add_task(forever)
    return "accepted"


@app.get("/long")
async def long():
    await asyncio.sleep(60)


@app.get("/wait")
async def wait():
    await asyncio.sleep(2)
    return "waited"


@app.get("/stream")
async def stream():
    async def parts():
        for _ in range(6):
            yield "x"
            await asyncio.sleep(0.1)

    return StreamingResponse(parts())


@app.websocket("/socket")
async def socket_open(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text("open")
    async for _ in websocket.iter_text():
        pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run Uvicorn as a process of its own."""
    port = free_port()
    command = [sys.executable, "-B", "-m", "uvicorn", "orderly_shutdown:app", "--log-level", "critical", "--port", str(port)]
    folder = Path(__file__).parent
    with subprocess.Popen([*command, *options], cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        url = f"http://127.0.0.1:{port}"
        for _ in range(3000):
            with contextlib.suppress(httpx2.ConnectError):
                httpx2.get(url + "/active", trust_env=False)
                break
            time.sleep(0.02)
        try:
            yield server, url
        finally:
            server.kill()


def ask(url: str, got: list[object]) -> threading.Thread:
    """Ask in a thread, and note the answer, or how the connection ended."""

    def run():
        try:
            answer = httpx2.get(url, trust_env=False, timeout=20)
            got.append((answer.status_code, answer.text))
        except httpx2.HTTPError as error:
            got.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_asked(url: str, count: int = 3):
    """Return when an endpoint beside this question waits."""
    while httpx2.get(url + "/active", trust_env=False).json() < count:  # with the lifespan and itself
        time.sleep(0.01)


if __name__ == "__main__":  # Uvicorn imports this file, too
    # An orderly stop: no new connection, but what was begun ends, with its background tasks; then the lifespan.
    with serving() as (server, url):
        got: list[object] = []
        asking = ask(url + "/order", got)
        wait_until_asked(url)
        server.send_signal(signal.SIGTERM)
        refused: list[object] = []
        while refused[-1:] != ["ConnectError"]:  # until the signal has arrived
            ask(url + "/active", refused).join()
        asking.join()
        out, _ = server.communicate(timeout=30)
        print("client got:", *got[0])
        print(out, end="")
        print("ended by:", signal.Signals(-server.returncode).name)
        assert out == "mail sent\npools closed\n", out

    # SIGKILL ends everything at once.
    with serving() as (server, url):
        got = []
        asking = ask(url + "/order", got)
        wait_until_asked(url)
        server.send_signal(signal.SIGKILL)
        asking.join()
        out, _ = server.communicate(timeout=30)
        assert (out, server.returncode) == ("", -signal.SIGKILL)
        assert got == ["RemoteProtocolError"], got

    # A limit: what has not ended by then is cancelled. The lifespan still ends.
    with serving("--timeout-graceful-shutdown", "1") as (server, url):
        got, accepted = [], []
        asking = ask(url + "/long", got)
        wait_until_asked(url)
        ask(url + "/task", accepted).join()
        server.send_signal(signal.SIGTERM)
        asking.join()
        out, _ = server.communicate(timeout=30)
        assert got == [(500, "Internal Server Error")], got
        assert accepted == [(200, '"accepted"')], accepted
        assert out == "pools closed\n", out  # the background task was cancelled

    # A stream goes on to its end. A WebSocket is closed when the stop begins.
    with serving() as (server, url):
        got = []
        with connect(url.replace("http", "ws") + "/socket", proxy=None) as client:
            assert client.recv() == "open"
            asking = ask(url + "/stream", got)
            wait_until_asked(url, 4)
            server.send_signal(signal.SIGTERM)
            try:
                client.recv(timeout=30)
            except ConnectionClosed as closed:
                assert closed.rcvd and closed.rcvd.code == 1012
            else:
                raise AssertionError
        asking.join()
        assert got == [(200, "x" * 6)], got
        server.communicate(timeout=30)

    # With workers the parent keeps the port open: a client that connects now waits, and is cut off at the end.
    with serving("--workers", "2") as (server, url):
        got, late = [], []
        asking = ask(url + "/wait", got)
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.9)  # the parent looks for signals twice a second
        started = time.monotonic()
        ask(url + "/active", late).join()
        waited = time.monotonic() - started
        asking.join()
        server.communicate(timeout=30)
        assert got == [(200, '"waited"')], got
        assert late in (["ReadError"], ["RemoteProtocolError"]) and waited > 0.3, (late, waited)
