import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import httpx2

folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    PORT = str(listener.getsockname()[1])
logs = []


@contextlib.contextmanager
def running(*command):
    """Run a command of this Python's environment as a process, and end it as Ctrl+C does."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        logs.append(process.communicate(timeout=30)[0])


def get(wanted):
    """Ask for `/` until the answer is the wanted one."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", trust_env=False) as client:
        for _ in range(3000):
            with contextlib.suppress(httpx2.TransportError):
                if client.get("/").json() == wanted:
                    return wanted
            time.sleep(0.01)
    raise TimeoutError


# card:
from inspect import signature
from pathlib import Path
from fastapi_cli.cli import dev, run

main = Path("main.py")
main.write_text('''
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def read(): return "hello"
''')
with running("fastapi", "dev", "--port", PORT):
    print(get("hello"))
    text = main.read_text().replace("hello", "hi")
    main.write_text(text)
    print(get("hi"))
for cli in dev, run:
    options = signature(cli).parameters
    for name in "host", "reload":
        print(cli.__name__, name, options[name].default)
# end

# It found main.py and app by itself, ran Uvicorn on loopback, and started a new process after the change.
assert "main:app" in logs[0] and f"Uvicorn running on http://127.0.0.1:{PORT}" in logs[0]
processes = re.findall(r"Started server process \[(\d+)\]", logs[0])
assert len(set(processes)) == 2, logs[0]
assert signature(dev).parameters["port"].default == signature(run).parameters["port"].default == 8000
assert "workers" in signature(run).parameters and "workers" not in signature(dev).parameters

# The number of processes comes from `--workers`, else from a variable, else it is 1.
import uvicorn

os.environ.pop("WEB_CONCURRENCY", None)
assert signature(run).parameters["workers"].default is None and uvicorn.Config("main:app").workers == 1
os.environ["WEB_CONCURRENCY"] = "2"
assert uvicorn.Config("main:app").workers == 2

# Where it looks: the entrypoint of pyproject.toml, else main.py, app.py, api.py, then the same in app/.
from fastapi_cli.config import FastAPIConfig
from fastapi_cli.discover import get_default_path
from fastapi_cli.exceptions import FastAPICLIException

assert FastAPIConfig.resolve().entrypoint is None and get_default_path() == main
Path("pyproject.toml").write_text('[tool.fastapi]\nentrypoint = "shop.web:api"\n')
assert FastAPIConfig.resolve().entrypoint == "shop.web:api"
main.unlink()
Path("app").mkdir()
Path("app/main.py").touch()
assert get_default_path() == Path("app/main.py")
Path("app/main.py").unlink()
try:
    get_default_path()
    raise AssertionError
except FastAPICLIException as error:
    assert "Could not find a default file to run" in str(error)

# The reloader watches Python files. It imports the app in a new process, so it needs the app's name, not the object.
import logging

from fastapi import FastAPI
from uvicorn.supervisors.watchfilesreload import FileFilter

logging.disable(logging.CRITICAL)
watched = FileFilter(uvicorn.Config("main:app", reload=True, log_config=None))
assert [watched(Path(name).absolute()) for name in ("main.py", "page.html", ".env")] == [True, False, False]

try:
    uvicorn.run(FastAPI(), reload=True, log_config=None)
    raise AssertionError
except SystemExit as end:
    assert end.code

# 127.0.0.1 is the machine itself, 0.0.0.0 stands for all its addresses.
from ipaddress import ip_address

assert ip_address("127.0.0.1").is_loopback and ip_address("0.0.0.0").is_unspecified
os.chdir("/")
folder.cleanup()
