from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

# card:
from fastapi import HTTPException

app = FastAPI()

@app.exception_handler(HTTPException)
def handle(request, exc):
    return Response("handled", 404)

@app.get("/raises")
def raises():
    raise HTTPException(404)
# end

client = TestClient(app)
missing = client.get("/nowhere")
print(missing.status_code, missing.text)
assert client.get("/raises").text == "handled"
assert client.get("/nowhere").text == '{"detail":"Not Found"}'
