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
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from fastapi import WebSocket
from fastapi.responses import StreamingResponse


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
async def wait(until: Path):
    print("waiting", flush=True)
    while not until.exists():
        await asyncio.sleep(0.02)
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


if __name__ == "__main__":  # the workers import this file, too, and need nothing below
    import httpx2
    import uvicorn
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect


class Server:
    """Uvicorn in a process of its own, forked from this one, so that nothing is imported again."""

    def __init__(self, **options) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.out, out = os.pipe()
            self.process = os.fork()
            if not self.process:
                with contextlib.suppress(BaseException):
                    os.dup2(out, 1)
                    uvicorn.Server(uvicorn.Config(app, log_level="critical", **options)).run([listener])
                os._exit(1)
            os.close(out)

    def send_signal(self, sent: signal.Signals) -> None:
        os.kill(self.process, sent)

    def end(self) -> tuple[str, str]:
        """Wait for its end; return what it printed, and the signal that ended it."""
        with open(self.out, encoding="utf-8") as out:
            printed = out.read()
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        return printed, signal.Signals(os.WTERMSIG(status)).name

    def kill(self) -> None:
        if self.process:
            self.send_signal(signal.SIGKILL)


def ask(url: str, got: list[object]) -> threading.Thread:
    """Ask in a thread, and note the answer, or how the connection ended."""

    def run():
        try:
            answer = client.get(url)
            got.append((answer.status_code, answer.text))
        except httpx2.HTTPError as error:
            got.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def ask_and_wait(url: str, got: list[object], path: str, count: int = 3) -> threading.Thread:
    """Ask, and return when the endpoint runs."""
    client.get(url + "/active")  # the server has started
    asking = ask(url + path, got)
    while client.get(url + "/active").json() < count:  # with the lifespan and this question itself
        assert asking.is_alive()
    return asking


def orderly(server: Server) -> tuple[object, str, str]:
    """No new connection, but what was begun ends, with its background tasks; then the lifespan."""
    got: list[object] = []
    asking = ask_and_wait(server.url, got, "/order")
    server.send_signal(signal.SIGTERM)
    refused: list[object] = []
    while refused[-1:] != ["ConnectError"]:  # until the signal has arrived
        ask(server.url + "/active", refused).join()
    asking.join()
    return got[0], *server.end()


def killed(server: Server) -> None:
    """SIGKILL ends everything at once."""
    got: list[object] = []
    asking = ask_and_wait(server.url, got, "/order")
    server.send_signal(signal.SIGKILL)
    asking.join()
    assert server.end() == ("", "SIGKILL")
    assert got == ["RemoteProtocolError"], got


def limited(server: Server) -> None:
    """What has not ended when the time is over is cancelled. The lifespan still ends."""
    got: list[object] = []
    accepted: list[object] = []
    asking = ask_and_wait(server.url, got, "/long")
    ask(server.url + "/task", accepted).join()
    server.send_signal(signal.SIGTERM)
    asking.join()
    assert got == [(500, "Internal Server Error")], got
    assert accepted == [(200, '"accepted"')], accepted
    assert server.end() == ("pools closed\n", "SIGTERM")  # the background task was cancelled


def streaming(server: Server) -> None:
    """A stream goes on to its end. A WebSocket is closed when the stop begins."""
    got: list[object] = []
    with connect(server.url.replace("http", "ws") + "/socket", proxy=None) as page:
        assert page.recv() == "open"
        asking = ask_and_wait(server.url, got, "/stream", 4)
        server.send_signal(signal.SIGTERM)
        try:
            page.recv(timeout=30)
        except ConnectionClosed as closed:
            assert closed.rcvd and closed.rcvd.code == 1012
        else:
            raise AssertionError
    asking.join()
    assert got == [(200, "x" * 6)], got
    server.end()


def start_workers() -> subprocess.Popen[str]:
    command = [sys.executable, "-B", "-m", "uvicorn", "orderly_shutdown:app", "--workers", "2", "--port", "0"]
    pipe, folder = subprocess.PIPE, Path(__file__).parent
    return subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True)


def read_until(lines: IO[str] | None, words: str) -> str:
    assert lines
    return next(line for line in lines if words in line)


def workers(server: subprocess.Popen[str]) -> None:
    """With workers the parent keeps the port open: a client that connects now waits, and is cut off at the end."""
    with server, tempfile.TemporaryDirectory() as folder:
        url = read_until(server.stderr, "Uvicorn running on").split("running on ")[1].split()[0]
        for _ in range(2):
            read_until(server.stderr, "Application startup complete")
        until = Path(folder, "until")
        got: list[object] = []
        late: list[object] = []
        asking = ask(f"{url}/wait?until={until}", got)
        read_until(server.stdout, "waiting")
        server.send_signal(signal.SIGTERM)
        read_until(server.stderr, "Waiting for connections to close")
        asking_late = ask(url + "/active", late)
        asking_late.join(0.3)
        assert late == []  # neither refused nor answered
        until.touch()
        for thread in (asking, asking_late):
            thread.join()
        server.communicate(timeout=30)
    assert got == [(200, '"waited"')], got
    assert late in (["ReadError"], ["RemoteProtocolError"]), late


if __name__ == "__main__":
    # All at the same time: most of it is waiting. Processes are forked before there are threads.
    parent = start_workers()
    others = [(orderly, Server()), (killed, Server()), (streaming, Server())]
    others.append((limited, Server(timeout_graceful_shutdown=1)))
    with httpx2.Client(trust_env=False, timeout=60) as client, ThreadPoolExecutor(5) as pool:
        running = [pool.submit(stop, server) for stop, server in [(workers, parent), *others]]
        try:
            results = [each.result() for each in running]
        finally:
            for server in (parent, *(server for _, server in others)):
                server.kill()
    answer, out, ended_by = results[1]
    print("client got:", *answer)
    print(out, end="")
    print("ended by:", ended_by)
    assert out == "mail sent\npools closed\n", out
