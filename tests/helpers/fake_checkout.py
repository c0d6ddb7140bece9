"""A checkout in which the front door makes its environment with a fake venv and a fake pip."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cardpress import bootstrap


class HandedOver(BaseException):
    """Raised where this process would become another."""


class FakeCheckout:
    """A checkout whose environment is made by fakes. They record each command that they are asked to run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = root / ".venv"
        self.mark = self.environment / "cardpress.json"
        self.python = self.environment / "bin" / "python"
        self.packages = self.environment / "lib" / "python3.11" / "site-packages"
        self.commands: list[Sequence[str]] = []
        self.handed_over: list[list[str]] = []
        self.handed_over_with: dict[str, str] = {}
        self.lock: int | None = None
        # Called when pip is run, for instance to fail.
        self.pip: Callable[[], object] = lambda: None
        root.mkdir(parents=True, exist_ok=True)
        if not (root / "requirements.txt").exists():
            self.pin("no-such-package==1.0")

    def pin(self, *lines: str) -> None:
        """Write these lines as both lists of pinned packages; that for development has one package more."""
        (self.root / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")
        (self.root / "requirements-dev.txt").write_text("\n".join([*lines, "no-such-tool==2.0"]), encoding="utf-8")

    def open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make the front door use this checkout and its fakes, until the test ends."""
        monkeypatch.setattr(bootstrap, "ROOT", self.root)
        monkeypatch.setattr(bootstrap, "ENVIRONMENT", self.environment)
        monkeypatch.setattr(bootstrap, "RUN_TIME", self.root / "requirements.txt")
        monkeypatch.setattr(bootstrap, "DEVELOPMENT", self.root / "requirements-dev.txt")
        monkeypatch.setattr(bootstrap, "_MARK", self.mark)
        monkeypatch.setattr(bootstrap, "_run", self.run)
        monkeypatch.setattr("os.execve", self.become)

    def run(self, command: Sequence[str], problem: str, lock: int | None) -> None:
        """Stand in for `python -m venv` and `pip install`."""
        self.commands.append(command)
        self.lock = lock
        if "venv" in command:
            self.python.parent.mkdir(parents=True)
            self.python.touch()
            (self.environment / "pyvenv.cfg").touch()
            self.packages.mkdir(parents=True)
        else:
            self.pip()
            (self.packages / Path(command[-1]).name).touch()

    def become(self, path: str, command: list[str], environment: dict[str, str]) -> None:
        """Stand in for `os.execve`."""
        assert path == command[0]
        self.handed_over_with = environment
        self.handed_over.append(command)
        raise HandedOver

    def enter(self, *arguments: str) -> int | None:
        """Go through the front door. Return the exit status, or None where another process would take over."""
        try:
            return bootstrap.enter(arguments)
        except HandedOver:
            return None

    def set_up(self, *arguments: str) -> None:
        """Make the environment, and forget what was recorded."""
        assert self.enter(*arguments) is None
        self.commands.clear()
        self.handed_over.clear()

    def inside(self, monkeypatch: pytest.MonkeyPatch, prefix: Path | None = None) -> None:
        """Pretend that this process runs in the environment, or in the one with another prefix."""
        monkeypatch.setattr("sys.prefix", str(prefix or self.environment))

    def made_from(self) -> set[str]:
        """Return the names of the files whose packages the environment is known to have."""
        return set(json.loads(self.mark.read_text(encoding="utf-8")))
