from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.exception_handler(OSError)
def failed(request, exc):
    return Response("storage", 503)

@app.get("/")
def read():
    raise FileNotFoundError("report.pdf")
# end

response = TestClient(app).get("/")
print(response.status_code, response.text)
assert issubclass(FileNotFoundError, OSError)
assert (response.status_code, response.text) == (503, "storage")
