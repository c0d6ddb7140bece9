from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def fail():
    raise RuntimeError("no mail server")

@app.get("/", status_code=201)
def read(tasks: BackgroundTasks):
    tasks.add_task(fail)
    return "saved"
# end

response = TestClient(app, raise_server_exceptions=False).get("/")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (201, '"saved"')
