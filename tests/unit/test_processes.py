"""A process that works for this one answers until this one ends it, and Ctrl-C is no matter of its own."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection

import pytest

from cardpress.processes import start_helper


def double(connection: Connection) -> None:
    """Answer each number with twice of it."""
    while True:
        connection.send(2 * connection.recv())


def test_it_answers_until_it_is_ended() -> None:
    helper = start_helper(double)
    helper.connection.send(4)
    assert helper.connection.recv() == 8
    helper.end()
    assert not helper.process.is_alive()
    assert helper.connection.closed


def test_it_ends_when_nobody_asks_any_more(capfd: pytest.CaptureFixture[str]) -> None:
    helper = start_helper(double)
    helper.connection.close()
    helper.process.join(timeout=60)
    assert helper.process.exitcode == 0
    assert capfd.readouterr().err == ""


if os.name == "posix":  # elsewhere nobody can send this signal to a process

    def test_ctrl_c_is_for_who_started_it(capfd: pytest.CaptureFixture[str]) -> None:
        helper = start_helper(double)
        try:
            os.kill(helper.process.pid or 0, signal.SIGINT)  # Python has hardly begun there
            helper.connection.send(4)
            assert helper.connection.recv() == 8
            os.kill(helper.process.pid or 0, signal.SIGINT)
            helper.connection.send(5)
            assert helper.connection.recv() == 10
        finally:
            helper.end()
        assert capfd.readouterr().err == ""

    def test_ctrl_c_reaches_this_process_as_before() -> None:
        start_helper(double).end()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
