import socket
import threading
import time

import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

# card:
app = FastAPI()

@app.websocket("/rooms/{room}")
async def chat(ws: WebSocket, room: int):
    await ws.accept()
    await ws.send_text(f"room {room}")
    await ws.close()
# end

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
address = f"ws://127.0.0.1:{listener.getsockname()[1]}"
server = uvicorn.Server(uvicorn.Config(app, log_config=None))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
thread.start()
while not server.started:
    time.sleep(0.005)
try:
    with connect(f"{address}/rooms/7") as ws:
        assert ws.recv() == "room 7"
    try:
        connect(f"{address}/rooms/lobby").close()
        status = None
    except InvalidStatus as error:
        status = error.response.status_code
finally:
    server.should_exit = True
    thread.join()
print("HTTP", status)
assert status == 403
