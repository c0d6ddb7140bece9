from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient

# card:
app = FastAPI()
log: list[str] = []

@app.websocket("/notes")
async def notes(ws: WebSocket):
    await ws.accept()
    async for text in ws.iter_text():
        log.append(text)
    log.append("done")
# end

with TestClient(app).websocket_connect("/notes") as ws:
    ws.send_text("a")
    ws.send_text("b")
print(log)
assert log == ["a", "b", "done"]
