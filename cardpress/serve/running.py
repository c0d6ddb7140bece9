"""Runs the server: one port of 127.0.0.1, until Ctrl-C ends it and the streams of events with it."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn

from cardpress.serve.announcing import Announcer
from cardpress.serve.app import make_app
from cardpress.serve.state import State
from cardpress.serve.worker import Worker

HOST = "127.0.0.1"
# The port that is used when none is named.
USUAL_PORT = 8127
# Seconds that an answer has when the server ends.
_LAST_SECONDS = 1


class PortTakenError(Exception):
    """Another program has the port that was named."""


def bind(port: int | None) -> socket.socket:
    """Return a socket of 127.0.0.1 at this port, or at the usual one or any free one where it is None.

    Raises PortTakenError when the port that was named cannot be used.
    """
    if port is not None:
        try:
            return _bind(port)
        except OSError as error:
            why = "another program has it" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
            raise PortTakenError(f"port {port} cannot be used: {why}; leave out --port for a free one") from None
    try:
        return _bind(USUAL_PORT)
    except OSError:
        return _bind(0)


def _bind(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":  # where another program could take the same port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # which it means elsewhere: a port whose last connections have just ended is free
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def name_address(bound: socket.socket) -> str:
    """Return the address at which a browser finds a server."""
    return f"http://{HOST}:{bound.getsockname()[1]}/"


def serve(
    project: Path,
    bound: socket.socket,
    name_commands: Callable[[str], str],
    explain: Callable[[Exception], str],
    ready: Callable[[], object],
    cache: Path | None = None,
) -> None:
    """Show a project at a bound socket until Ctrl-C. `ready` is called when a browser finds it there.

    `name_commands` returns a help line with commands as they are typed, `explain` what a failure is, in a line, and
    `cache` is the user's cache folder.
    """
    asyncio.run(_serve(project, bound, name_commands, explain, ready, cache))


async def _serve(
    project: Path,
    bound: socket.socket,
    name_commands: Callable[[str], str],
    explain: Callable[[Exception], str],
    ready: Callable[[], object],
    cache: Path | None = None,
) -> None:
    loop = asyncio.get_running_loop()
    announcer = Announcer()

    def tell(state: State, notes: frozenset[str] | None) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(announcer.announce, state, notes)

    whole = project.resolve()
    app = make_app(announcer, whole.name, bound.getsockname()[1], name_commands, str(whole))
    worker = Worker(whole, tell, explain, cache)
    config = uvicorn.Config(
        app,
        lifespan="off",
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
    server = _Server(config, lambda: loop.call_soon_threadsafe(announcer.close))
    worker.start()
    ready()
    try:
        await server.serve(sockets=[bound])
    finally:
        worker.stop()


class _Server(uvicorn.Server):
    """A server that ends its streams when a signal ends it; otherwise it would wait for them."""

    def __init__(self, config: uvicorn.Config, close_streams: Callable[[], object]) -> None:
        super().__init__(config)
        self._close_streams = close_streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        self._close_streams()
        super().handle_exit(sig, frame)
