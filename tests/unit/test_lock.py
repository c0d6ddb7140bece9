"""A lock is held by one at a time, and is gone with whoever held it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cardpress.publish.lock import hold_lock

HOLD = "import sys; from pathlib import Path; from cardpress.publish.lock import hold_lock\n"
HOLD += "with hold_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_a_second_holder_is_told_and_waits(tmp_path: Path) -> None:
    steps: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        with hold_lock(tmp_path, waiting.set):
            steps.append("second")

    thread = threading.Thread(target=second)
    with hold_lock(tmp_path, pytest.fail) as handle:
        assert handle is not None
        thread.start()
        assert waiting.wait(10)
        steps.append("first")
    thread.join()
    assert steps == ["first", "second"]
    assert list(tmp_path.iterdir()) == []  # nothing is left of it


def test_a_killed_holder_does_not_hold(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
        with hold_lock(tmp_path, pytest.fail) as handle:
            assert handle is not None


def test_an_error_inside_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), hold_lock(tmp_path):
        raise KeyError
    with hold_lock(tmp_path, pytest.fail):
        pass


def test_a_system_or_disk_without_locks_is_no_reason_to_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int, how: int) -> None:
        raise OSError(95, "Operation not supported")

    with monkeypatch.context() as patch:
        patch.setattr("fcntl.flock", refuse)
        with hold_lock(tmp_path) as handle:
            assert handle is None
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with hold_lock(tmp_path) as handle:
        assert handle is None
