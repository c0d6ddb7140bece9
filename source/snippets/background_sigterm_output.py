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
    import sys

    import httpx2
    import uvicorn

    sys.stdout.reconfigure(line_buffering=True)

    def start(**options) -> tuple[int, int, str]:
        """Start Uvicorn as a process of its own, forked from this one, on a socket that listens already."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            read, write = os.pipe()
            process = os.fork()
            if not process:
                try:
                    os.dup2(write, 1)
                    uvicorn.Server(uvicorn.Config(app, log_level="critical", **options)).run([listener])
                finally:
                    os._exit(1)
            os.close(write)
            return process, read, f"http://127.0.0.1:{listener.getsockname()[1]}"

    def end(process: int, out: int, sent: signal.Signals) -> str:
        """Send a signal; return what the process printed, once that signal has ended it."""
        os.kill(process, sent)
        with open(out, encoding="utf-8") as text:
            printed = text.read()
        assert os.WTERMSIG(os.waitpid(process, 0)[1]) == sent
        return printed

    servers = {"term": start(), "many": start(), "kill": start(), "timeout": start(timeout_graceful_shutdown=0)}
    printed = {}
    with httpx2.Client(trust_env=False) as client:
        for name, (process, out, url) in servers.items():
            assert client.get(url + ("/many" if name == "many" else "/")).text == '"sent"'
            printed[name] = end(process, out, signal.SIGKILL if name == "kill" else signal.SIGTERM)
    print(printed["term"], end="")
    # An orderly stop waits for the tasks, those that have not begun, too. SIGKILL and the timeout do not.
    assert printed == {"term": "task done\n", "many": "task done\nsecond task done\n", "kill": "", "timeout": ""}
