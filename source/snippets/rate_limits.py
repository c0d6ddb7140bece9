# card:
import sqlite3, time
from contextlib import closing
from fastapi import Depends, FastAPI, Request
from fastapi import HTTPException

COUNT = """insert into hits values (?, ?, 1)
on conflict (who, minute) do update set n = n + 1
returning n"""

def limit(request: Request):
    minute, second = divmod(int(time.time()), 60)
    key = request.client.host, minute
    with closing(sqlite3.connect("hits.db")) as db, db:
        (n,) = db.execute(COUNT, key).fetchone()
    if n > 3:
        wait = {"Retry-After": str(60 - second)}
        raise HTTPException(429, headers=wait)

app = FastAPI(dependencies=[Depends(limit)])
# end

import contextlib
import multiprocessing
import os
import tempfile
from unittest.mock import patch

from fastapi.testclient import TestClient

app.get("/")(lambda: "ok")
MIDDLE_OF_A_MINUTE = 1_800_000_020


def worker(pipe):
    """Serve as a process of its own."""
    with patch("time.time", lambda: MIDDLE_OF_A_MINUTE), TestClient(app) as client:
        while pipe.recv():
            answer = client.get("/")
            pipe.send((answer.status_code, answer.headers.get("Retry-After")))


if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with contextlib.closing(sqlite3.connect("hits.db")) as db, db:
            db.execute("create table hits (who, minute, n, primary key (who, minute))")
        pipes = []
        for _ in range(2):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=worker, args=(theirs,), daemon=True)
            process.start()
            pipes.append((ours, process))
        got = []
        for number in range(5):
            pipe, _ = pipes[number % 2]
            pipe.send(True)
            got.append(pipe.recv())
        for pipe, process in pipes:
            pipe.send(False)
            process.join()
    print("worker 1, 2, 1, 2, 1:", *(status for status, _ in got))
    print("Retry-After:", got[-1][1])
    assert os.getpid() not in [process.pid for _, process in pipes]
