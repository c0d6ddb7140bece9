"""Makes the environment that the engine runs in, then hands over. Needs nothing but Python itself."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cardpress.lock import locked

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
RUN_TIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
_MARK = ENVIRONMENT / "cardpress.json"
# Commands that run the tests, or the real Anki.
_NEED_ALL = ("test", "rehearse", "release")
FAILURE, INTERRUPTED = 3, 130


class SetupError(Exception):
    """The environment cannot be made; the message says why in one line."""


def enter(arguments: Sequence[str]) -> int:
    """Run a command line in an environment that satisfies the pins, making one first if need be."""
    wanted = DEVELOPMENT if arguments and arguments[0] in _NEED_ALL else RUN_TIME
    try:
        if _satisfied(wanted):
            return _command_line()(arguments)
        _ensure(wanted)
        return _hand_over(arguments)
    except SetupError as error:
        return _say(str(error), FAILURE)
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error), FAILURE)
    except KeyboardInterrupt:
        return _say("stopped", INTERRUPTED)


def _command_line() -> Callable[[Sequence[str]], int]:
    """Import the rest of the engine: only here is it certain that what it imports is there."""
    try:
        from cardpress.cli import run
    except ImportError as error:
        if (error.name or "").startswith("cardpress"):
            raise
        raise SetupError(f"{sys.prefix} is damaged ({error}); delete it and run this again") from error
    return run


def _say(message: str, status: int = 0) -> int:
    print(f"cardpress: {message}", file=sys.stderr, flush=True)  # noqa: T201 - there is nothing else yet to print with
    return status


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest on the engine's and the deck's tests."""
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT)  # noqa: S603 - pytest, on our tests


# --- is this environment good enough? ------------------------------------------------------------------------------


def _satisfied(requirements: Path) -> bool:
    if _MARK.exists() and Path(sys.prefix).samefile(ENVIRONMENT):
        return _made_from(requirements)
    # Cheap first: a system Python lacks the packages, and finding that out must cost nothing.
    if any(importlib.util.find_spec(name) is None for name in ("genanki", "typst", "click")):
        return False
    from importlib.metadata import PackageNotFoundError, version

    try:
        return all(version(name) == pin for name, pin in _pins(requirements))
    except PackageNotFoundError:
        return False


def _pins(requirements: Path) -> Iterator[tuple[str, str]]:
    """Give the name and version of each pin that applies here."""
    for line in requirements.read_text(encoding="utf-8").splitlines():
        pin = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]+))?", line)
        if pin and _applies(pin[3]):
            yield pin[1], pin[2]


def _applies(marker: str | None) -> bool:
    """Tell whether an environment marker holds. Of those that the pins use, a few depend on the machine."""
    if not marker:
        return True
    facts = {
        "sys_platform": sys.platform,
        "platform_system": {"win32": "Windows", "darwin": "Darwin"}.get(sys.platform, "Linux"),
        "os_name": os.name,
        "platform_python_implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, ""),
    }
    for name, sign, value in re.findall(r"(\w+)\s*(==|!=)\s*'([^']*)'", marker):
        if name in facts and (facts[name] == value) is not (sign == "=="):
            return False
    for sign, major, minor in re.findall(r"python_(?:full_)?version\s*(<|>=)\s*'(\d+)\.(\d+)", marker):
        if (sys.version_info[:2] < (int(major), int(minor))) is not (sign == "<"):
            return False
    return True


# --- make one ------------------------------------------------------------------------------------------------------


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
    with locked(RUN_TIME, lambda: _say("waiting for another run, which is setting up …")) as lock:
        if not _made_from(requirements):  # else the run that this one has waited for did it
            _set_up(requirements, lock)


def _set_up(requirements: Path, lock: int | None) -> None:
    """Make .venv. One that is half made, or made from other pins, is made anew."""
    # An empty folder is what a set-up leaves that was killed as it began, or as it took a half-made one away.
    if ENVIRONMENT.exists() and not _MARK.exists() and not (ENVIRONMENT.is_dir() and not any(ENVIRONMENT.iterdir())):
        raise SetupError(
            f"{ENVIRONMENT} was not made by build.py; move it away, or activate it with the pins installed"
        )
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
        _install(requirements, lock)
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


def _install(requirements: Path, lock: int | None) -> None:
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "-r", str(requirements)]
    _run(command, "the packages could not be installed (is there a network?)", lock)


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
        return INTERRUPTED
