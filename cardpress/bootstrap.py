"""Makes the environment that the engine runs in, then hands over. Needs nothing but Python itself."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cardpress.cli.exit_status import ExitStatus
from cardpress.publish.lock import hold_lock

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
RUN_TIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
_MARK = ENVIRONMENT / "cardpress.json"
# Commands that run the tests, or the real Anki.
_NEED_ALL = ("test", "rehearse", "release")


class SetupError(Exception):
    """The environment cannot be made; the message says why in one line."""


def enter(arguments: Sequence[str]) -> int:
    """Run a command line in the project's own environment, .venv, making it first if need be."""
    wanted = DEVELOPMENT if arguments and arguments[0] in _NEED_ALL else RUN_TIME
    try:
        if _is_inside() and _made_from(wanted):
            return _command_line()(arguments)
        _ensure(wanted)
        return _hand_over(arguments)
    except SetupError as error:
        return _say(str(error), ExitStatus.FAILURE)
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error), ExitStatus.FAILURE)
    except KeyboardInterrupt:
        return _say("stopped", ExitStatus.INTERRUPTED)


def import_command_line() -> Callable[..., int]:
    """Import the rest of the engine, which needs packages. Raises SetupError where one of them is missing."""
    try:
        from cardpress.cli.main import run
    except ImportError as error:
        if (error.name or "").startswith("cardpress"):
            raise
        raise SetupError(f"{sys.prefix} lacks a package of {RUN_TIME.name} ({error})") from error
    return run


def _command_line() -> Callable[..., int]:
    try:
        return import_command_line()
    except SetupError as error:
        raise SetupError(f"{error}; delete it and run this again") from error


def _say(message: str, status: int = 0) -> int:
    print(f"cardpress: {message}", file=sys.stderr, flush=True)  # noqa: T201 - there is nothing else yet to print with
    return status


def _is_inside() -> bool:
    """Return whether the Python that runs this is the one of .venv."""
    return ENVIRONMENT.is_dir() and Path(sys.prefix).samefile(ENVIRONMENT)


def _python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _fingerprint(requirements: Path) -> str:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(requirements.read_bytes() + python.encode()).hexdigest()


def _made_from(requirements: Path) -> bool:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        mark = json.loads(_MARK.read_text(encoding="utf-8"))
        return mark.get(requirements.name) == _fingerprint(requirements) and _python().exists()
    return False


def _ensure(requirements: Path) -> None:
    """Make .venv hold what is pinned, once, however many runs want it at the same time."""
    if _made_from(requirements):
        return
    with hold_lock(RUN_TIME, lambda: _say("waiting for another run, which is setting up …")) as lock:
        if not _made_from(requirements):  # else the run that this one has waited for did it
            _set_up(requirements, lock)


def _set_up(requirements: Path, lock: int | None) -> None:
    """Make .venv. One that is half made, or made from other pins, is made anew."""
    # An empty folder is what a set-up leaves that was killed as it began, or as it took a half-made one away.
    if ENVIRONMENT.exists() and not _MARK.exists() and not (ENVIRONMENT.is_dir() and not any(ENVIRONMENT.iterdir())):
        raise SetupError(f"{ENVIRONMENT} was not made by build.py; move it away, or run `python -m cardpress` in it")
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "this Python cannot make environments; install its venv module (Debian: apt install python3-venv)"
        )
    usable = _made_from(RUN_TIME) and requirements == DEVELOPMENT
    done = json.loads(_MARK.read_text(encoding="utf-8")) if usable else {}
    before = _packages() if usable else None
    _say(f"setting up {ENVIRONMENT.name} from {requirements.name} …")
    try:
        if not usable:
            _remove()
            ENVIRONMENT.mkdir(exist_ok=True)
        _MARK.write_text("{}", encoding="utf-8")  # until all is done, this says that it is half made
        if not usable:
            _run([_base_python(), "-m", "venv", str(ENVIRONMENT)], "the environment could not be made", lock)
        problem = "the packages could not be installed (is there a network?)"
        _run(install_command(_python(), requirements), problem, lock)
    except BaseException:
        if before is not None and before == _packages():
            _MARK.write_text(json.dumps(done), encoding="utf-8")  # nothing was added: it is as good as it was
        else:
            _remove()
        raise
    done[requirements.name] = _fingerprint(requirements)
    if requirements == DEVELOPMENT:
        done[RUN_TIME.name] = _fingerprint(RUN_TIME)
    _MARK.write_text(json.dumps(done), encoding="utf-8")


def _base_python() -> str:
    """Give the Python outside of any environment: ours may be the one that runs this, and about to be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _packages() -> frozenset[Path]:
    """Give what is installed in .venv, as the folders and files that packages are."""
    return frozenset((*ENVIRONMENT.glob("lib/python*/site-packages/*"), *ENVIRONMENT.glob("Lib/site-packages/*")))


def install_command(python: Path, requirements: Path) -> list[str]:
    """Return the command that installs pinned packages into the environment of a Python.

    The pins are complete (tests/unit/test_requirements.py proves it), so nothing is resolved: an old pip makes the same
    of them as a new one, and no package that has appeared since can change what is installed.
    """
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--no-deps", "--require-hashes", "-r", str(requirements)]


def _run(command: Sequence[str], problem: str, lock: int | None) -> None:
    # What is run holds the lock, too: where only this process is killed, the next run waits for the other to end.
    passed = () if lock is None else (lock,)
    done = subprocess.run(  # noqa: S603 - this Python, or the one of .venv
        command, capture_output=True, text=True, errors="replace", check=False, pass_fds=passed
    )
    if done.returncode != 0:
        reasons = [
            line for line in done.stderr.splitlines() if line.strip().startswith("ERROR")
        ] or done.stderr.splitlines()
        raise SetupError(f"{problem}: {reasons[-1].strip() if reasons else f'exit status {done.returncode}'}")


def _remove() -> None:
    """Take .venv away. The mark goes last: a kill on the way must not make it look like someone else's."""
    if not ENVIRONMENT.is_dir():
        return
    for entry in ENVIRONMENT.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry != _MARK:
            entry.unlink(missing_ok=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)


def _hand_over(arguments: Sequence[str]) -> int:
    """Go on in the environment: in this very process where the system can, so that signals arrive."""
    command = [str(_python()), str(ROOT / "build.py"), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    try:
        return subprocess.call(command)  # noqa: S603 - our own file
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
