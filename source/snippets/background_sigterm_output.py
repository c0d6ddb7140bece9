import time

from fastapi import BackgroundTasks, FastAPI

# card:
app = FastAPI()

def task():
    time.sleep(0.3)
    print("task done")

@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(task)
    return "sent"
# end


@app.get("/many")
async def many(tasks: BackgroundTasks):
    tasks.add_task(task)
    tasks.add_task(print, "second task done")
    return "sent"


if __name__ == "__main__":
    import os
    import signal
    import socket
    import subprocess
    import sys

    import httpx2

    def start(*options: str) -> tuple[subprocess.Popen, str]:
        """Start Uvicorn as a process of its own, on a socket that listens already."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            command = [sys.executable, "-u", "-m", "uvicorn", "background_sigterm_output:app", "--log-level", "critical"]
            command += ["--app-dir", os.path.dirname(os.path.abspath(__file__)), "--fd", str(listener.fileno()), *options]
            environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
            pipe = subprocess.PIPE
            process = subprocess.Popen(
                command, stdout=pipe, stderr=pipe, text=True, pass_fds=[listener.fileno()], env=environment
            )
            return process, f"http://127.0.0.1:{listener.getsockname()[1]}"

    def end(process: subprocess.Popen, sent: signal.Signals) -> str:
        process.send_signal(sent)
        return process.communicate(timeout=30)[0]

    servers = {name: start(*options) for name, options in (
        ("term", ()), ("many", ()), ("kill", ()), ("timeout", ("--timeout-graceful-shutdown", "0")),
    )}  # fmt: skip
    printed = {}
    for name, (process, url) in servers.items():
        assert httpx2.get(url + ("/many" if name == "many" else "/"), trust_env=False).text == '"sent"'
        printed[name] = end(process, signal.SIGKILL if name == "kill" else signal.SIGTERM)
    print(printed["term"], end="")
    # An orderly stop waits for the tasks, those that have not begun, too. SIGKILL and the timeout do not.
    assert printed == {"term": "task done\n", "many": "task done\nsecond task done\n", "kill": "", "timeout": ""}
