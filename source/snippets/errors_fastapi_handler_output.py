from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

# card:
from fastapi import HTTPException

app = FastAPI()

@app.exception_handler(HTTPException)
def handle(request: Request, exc: HTTPException):
    return PlainTextResponse("handled", exc.status_code)

@app.get("/raises")
def raises():
    raise HTTPException(status_code=404)
# end

client = TestClient(app)
missing = client.get("/nowhere")
print(missing.status_code, missing.text)
assert client.get("/raises").text == "handled"
assert client.get("/nowhere").text == '{"detail":"Not Found"}'
