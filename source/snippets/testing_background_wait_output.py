import asyncio

from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()

# card:
log: list[str] = []

async def task():
    await asyncio.sleep(0.05)
    log.append("task")

@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(task)

TestClient(app).get("/")
log.append("get returned")
# end

print(log)
assert log == ["task", "get returned"]
