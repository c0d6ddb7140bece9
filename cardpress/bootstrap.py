"""Makes the virtual environment .venv, installs the pinned packages in it, and runs the command line there.

It runs before any package is installed, so it imports the standard library alone.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
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
# What people type to run this.
PROGRAM = "python3 build.py"
_MARK = ENVIRONMENT / "cardpress.json"
# The commands that need more than a build does: the tests, the real Anki, a server.
_NEED_ALL = ("test", "rehearse", "release", "serve", "watch")
# What would make pip install elsewhere, or nothing, or find packages that are not in .venv.
_MISLEADING = (
    "PYTHONHOME PYTHONPATH PIP_DRY_RUN PIP_PREFIX PIP_PYTHON PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER"
).split()
# Keeps Python from importing modules of the present folder, which may be a stranger's project. `-m pip`, and each
# process that multiprocessing starts, would look there first.
_SAFE = {"PYTHONSAFEPATH": "1"}
# Names the environment that a run was handed over to, for that run.
_HANDED_OVER = "CARDPRESS_ENVIRONMENT"


class SetupError(Exception):
    """The environment cannot be made. The message says why, in one line."""


def enter(arguments: Sequence[str]) -> int:
    """Run a command line in the project's own environment, .venv, and return its exit status.

    Makes or updates .venv first when it does not hold the pinned packages.
    """
    wanted = DEVELOPMENT if arguments and arguments[0] in _NEED_ALL else RUN_TIME
    was_handed_over = os.environ.pop(_HANDED_OVER, None) == str(ENVIRONMENT)
    try:
        if _is_inside() and _made_from(wanted):
            return _command_line()(arguments, program=PROGRAM)
        _ensure(wanted)
        if was_handed_over and not _is_inside():
            raise SetupError(f"{_python()} does not run in {ENVIRONMENT}; delete that and run this again")
        return _hand_over(arguments)
    except SetupError as error:
        return _say(str(error), ExitStatus.FAILURE)
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error), ExitStatus.FAILURE)
    except KeyboardInterrupt:
        return _say("stopped", ExitStatus.INTERRUPTED)


def import_command_line() -> Callable[..., int]:
    """Import the command line, which needs packages, and return its `run`. Raises SetupError when one is missing."""
    # A command makes a great many objects that it keeps to its end, and hardly a cycle: to look for cycles as often as
    # Python does by itself would cost a tenth of its time.
    gc.set_threshold(500_000, 20, 20)
    # Python does so once more when it ends, for nothing: the system takes back all memory. What is frozen is left out.
    atexit.register(gc.freeze)
    os.environ.update(_SAFE)
    try:
        from cardpress.cli.main import run
    except ImportError as error:
        if (error.name or "").startswith("cardpress"):
            raise
        raise SetupError(f"{sys.prefix} lacks a package that cardpress needs ({error})") from error
    return run


def _command_line() -> Callable[..., int]:
    try:
        return import_command_line()
    except SetupError as error:
        raise SetupError(f"{error}; delete it and run this again") from error


def _say(message: str, status: int = 0) -> int:
    if sys.stderr is not None:  # it can be closed, and standard output is not for this
        print(f"cardpress: {message}", file=sys.stderr, flush=True)  # noqa: T201 - click may not be installed yet
    return status


def _is_inside() -> bool:
    """Return whether this process runs the Python of .venv."""
    return ENVIRONMENT.is_dir() and Path(sys.prefix).samefile(ENVIRONMENT)


def _python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _fingerprint(requirements: Path) -> str:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(requirements.read_bytes() + python.encode()).hexdigest()


def _made_from(requirements: Path) -> bool:
    with contextlib.suppress(OSError, ValueError, AttributeError, RecursionError):
        mark = json.loads(_MARK.read_text(encoding="utf-8"))
        is_whole = _python().exists() and (ENVIRONMENT / "pyvenv.cfg").exists()
        return mark.get(requirements.name) == _fingerprint(requirements) and is_whole
    return False


def _ensure(requirements: Path) -> None:
    """Install the pinned packages in .venv unless they are there. When several runs want this, one of them does it."""
    if _made_from(requirements):
        return
    with hold_lock(RUN_TIME, lambda: _say("waiting for another run, which is setting up …")) as lock:
        if not _made_from(requirements):  # otherwise the run that held the lock has done it
            _set_up(requirements, lock)


def _set_up(requirements: Path, lock: int | None) -> None:
    """Make .venv, or add the development packages to one that has those for run time.

    A .venv that is half made, or made from other pins, is deleted first. Raises SetupError when .venv was made by
    something else, or cannot be made.
    """
    # A set-up that was killed at its start, or while it deleted a half-made .venv, leaves an empty folder.
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
        ENVIRONMENT.mkdir(exist_ok=True)
        _MARK.write_text("{}", encoding="utf-8")  # an empty mark says that .venv is half made, or half deleted
        if not usable:
            _remove()
            ENVIRONMENT.mkdir(exist_ok=True)
            _MARK.write_text("{}", encoding="utf-8")
            _run([_base_python(), "-m", "venv", str(ENVIRONMENT)], "the environment could not be made", lock)
        problem = "the packages could not be installed (is there a network?)"
        _run(install_command(_python(), requirements), problem, lock)
    except BaseException:
        if before is not None and before == _packages():
            _MARK.write_text(json.dumps(done), encoding="utf-8")  # pip added nothing, so .venv is still good
        else:
            _remove()
        raise
    done[requirements.name] = _fingerprint(requirements)
    if requirements == DEVELOPMENT:
        done[RUN_TIME.name] = _fingerprint(RUN_TIME)
    _MARK.write_text(json.dumps(done), encoding="utf-8")


def _base_python() -> str:
    """Return the Python outside of any virtual environment.

    The Python that runs this may be that of .venv, which may be deleted and made again.
    """
    return getattr(sys, "_base_executable", None) or sys.executable


def _packages() -> frozenset[Path]:
    """Return the folders and files of the packages that are installed in .venv."""
    return frozenset((*ENVIRONMENT.glob("lib/python*/site-packages/*"), *ENVIRONMENT.glob("Lib/site-packages/*")))


def install_command(python: Path, requirements: Path) -> list[str]:
    """Return the command that installs pinned packages into the environment of a Python.

    The pins are complete (tests/unit/test_requirements.py proves it), so pip has nothing to resolve: an old pip and a
    new one install the same packages, and packages published later change nothing.
    """
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--no-deps", "--require-hashes", "-r", str(requirements)]


def _run(command: Sequence[str], problem: str, lock: int | None) -> None:
    # The command inherits the lock: if this process alone is killed, the next run still waits for the command.
    passed = () if lock is None else (lock,)
    done = subprocess.run(  # noqa: S603 - this Python, or the one of .venv
        command, capture_output=True, text=True, errors="replace", check=False, pass_fds=passed, env=_clean()
    )
    if done.returncode != 0:
        reasons = [
            line for line in done.stderr.splitlines() if line.strip().startswith("ERROR")
        ] or done.stderr.splitlines()
        raise SetupError(f"{problem}: {reasons[-1].strip() if reasons else f'exit status {done.returncode}'}")


def _clean() -> dict[str, str]:
    """Return the environment variables for what runs in .venv: nothing may lead it to packages elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in _MISLEADING} | _SAFE


def _remove() -> None:
    """Delete .venv. The mark goes last, so that after a kill halfway .venv still counts as made by build.py."""
    if not ENVIRONMENT.is_dir():
        return
    for entry in ENVIRONMENT.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry != _MARK:
            entry.unlink(missing_ok=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)


def _hand_over(arguments: Sequence[str]) -> int:
    """Run build.py again with the Python of .venv.

    On POSIX it replaces this process, so that signals reach it, and this function never returns. On Windows it is a
    child process, whose exit status is returned.
    """
    command = [str(_python()), str(ROOT / "build.py"), *arguments]
    environment = _clean() | {_HANDED_OVER: str(ENVIRONMENT)}
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    try:
        return subprocess.call(command, env=environment)  # noqa: S603 - our own file
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
