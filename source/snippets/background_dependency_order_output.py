from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
log: list[str] = []

def audit(tasks: BackgroundTasks):
    tasks.add_task(log.append, "audit")

after = [Depends(audit)]

@app.get("/", dependencies=after)
def read(tasks: BackgroundTasks):
    tasks.add_task(log.append, "mail")
    log.append("endpoint")
# end

TestClient(app).get("/")
print(log)
assert log == ["endpoint", "audit", "mail"]
