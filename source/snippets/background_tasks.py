# card:
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
log: list[str] = []

def send_mail(to: str):
    log.append(f"mail to {to}")

async def update_stock():
    log.append("stock")
    raise ConnectionError("warehouse is down")

@app.post("/orders", status_code=202)
async def order(tasks: BackgroundTasks):
    tasks.add_task(send_mail, "ann@example.com")
    tasks.add_task(update_stock)
    tasks.add_task(log.append, "invoice")
    log.append("endpoint done")
    return {"accepted": True}
# end

import asyncio
import threading

from fastapi import HTTPException
from fastapi.testclient import TestClient
from starlette.background import BackgroundTasks as StarletteBackgroundTasks


async def call(method: str, path: str) -> BaseException | None:
    """Speak ASGI to the app, write down what it sends, return what it raises."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [],
        "client": ("test", 1), "server": ("test", 80),
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            log.append(f"sent status {message['status']}")
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            log.append("sent body")

    log.clear()
    try:
        await app(scope, receive, send)
    except Exception as error:
        return error
    return None


error = asyncio.run(call("POST", "/orders"))
print(*log, sep="\n")

# The response is complete before the first task; the tasks run in order; the failing one stops the rest.
assert log == ["endpoint done", "sent status 202", "sent body", "mail to ann@example.com", "stock"]
assert isinstance(error, ConnectionError)  # this is what the server logs
# The client keeps its 202.
response = TestClient(app, raise_server_exceptions=False).post("/orders")
assert (response.status_code, response.json()) == (202, {"accepted": True})


async def slow(name: str):
    log.append(f"{name} starts")
    await asyncio.sleep(0.01)
    log.append(f"{name} ends")


def where():
    log.append("loop" if threading.current_thread() is threading.main_thread() else "thread")


async def where_async():
    where()


def refuse():
    raise HTTPException(409)


@app.get("/two")
async def two(tasks: BackgroundTasks):
    tasks.add_task(slow, "a")
    tasks.add_task(slow, "b")


@app.get("/where")
async def where_tasks(tasks: BackgroundTasks):
    tasks.add_task(where)
    tasks.add_task(where_async)


@app.get("/raises")
async def raises(tasks: BackgroundTasks):
    tasks.add_task(log.append, "never")
    raise HTTPException(400)


@app.get("/late-refusal")
async def late_refusal(tasks: BackgroundTasks):
    tasks.add_task(refuse)


# One after another, even when they await.
asyncio.run(call("GET", "/two"))
assert log[2:] == ["a starts", "a ends", "b starts", "b ends"]
# `def` tasks run in a worker thread, `async def` tasks on the event loop.
asyncio.run(call("GET", "/where"))
assert log[2:] == ["thread", "loop"]
# An endpoint that raises runs none of its tasks.
asyncio.run(call("GET", "/raises"))
assert log == ["sent status 400", "sent body"]
# HTTPException from a task cannot change the answer any more.
error = asyncio.run(call("GET", "/late-refusal"))
assert log == ["sent status 200", "sent body"] and isinstance(error, RuntimeError)


# The server's call does not return before the tasks are done: they are part of the request, in the same process.
done = threading.Event()


async def last():
    await asyncio.sleep(0.01)
    done.set()


@app.get("/waits")
async def waits(tasks: BackgroundTasks):
    tasks.add_task(last)


asyncio.run(call("GET", "/waits"))
assert done.is_set()
# FastAPI's class is Starlette's, with documentation.
assert issubclass(BackgroundTasks, StarletteBackgroundTasks)
