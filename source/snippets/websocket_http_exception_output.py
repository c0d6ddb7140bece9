from fastapi import FastAPI, HTTPException, WebSocket
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

# card:
app = FastAPI()

@app.websocket("/feed")
async def feed(ws: WebSocket):
    raise HTTPException(401, "log in")
# end

try:
    with TestClient(app).websocket_connect("/feed"):
        raise AssertionError("accepted")
except WebSocketDenialResponse as answer:
    print(answer.status_code, answer.text)
    assert (answer.status_code, answer.json()) == (401, {"detail": "log in"})
