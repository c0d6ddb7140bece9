from fastapi import BackgroundTasks, FastAPI, Response
from fastapi.testclient import TestClient
from starlette.background import BackgroundTask as Task

# card:
app = FastAPI()
log: list[str] = []

@app.get("/")
def read(tasks: BackgroundTasks):
    tasks.add_task(log.append, "injected")
    own = Task(log.append, "own")
    return Response("ok", background=own)
# end

TestClient(app).get("/")
print(log)
assert log == ["own"]
