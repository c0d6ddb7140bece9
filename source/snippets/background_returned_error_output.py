from fastapi import BackgroundTasks, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

# card:
app = FastAPI()
log: list[str] = []

@app.get("/returns")
def returns(tasks: BackgroundTasks):
    tasks.add_task(log.append, "A")
    return JSONResponse("no", 400)

@app.get("/raises")
def raises(tasks: BackgroundTasks):
    tasks.add_task(log.append, "B")
    raise HTTPException(400)
# end

client = TestClient(app)
assert client.get("/returns").status_code == client.get("/raises").status_code == 400
print(log)
assert log == ["A"]
