from typing import Annotated

from fastapi import Cookie, FastAPI, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.testclient import TestClient

# card:
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://my.example"],
)
cookie = Cookie(alias="session")
User = Annotated[str, cookie]

@app.websocket("/feed")
async def run(ws: WebSocket, name: User):
    await ws.accept()
    await ws.send_text(f"feed of {name}")
# end

headers = {"Origin": "https://evil.example", "Cookie": "session=ann"}
with TestClient(app).websocket_connect("/feed", headers=headers) as ws:
    text = ws.receive_text()
print(text)
assert text == "feed of ann"
