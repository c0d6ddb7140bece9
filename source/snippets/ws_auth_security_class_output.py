import logging
import socket
import threading
import time

import uvicorn
from fastapi import Depends, FastAPI, WebSocket
from fastapi.security import HTTPBearer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

# card:
app = FastAPI()

@app.websocket("/feed", dependencies=[Depends(HTTPBearer())])
async def feed(ws: WebSocket):
    await ws.accept()
    await ws.send_text("news")
# end

logging.disable(logging.CRITICAL)
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
address = f"ws://127.0.0.1:{listener.getsockname()[1]}/feed"
server = uvicorn.Server(uvicorn.Config(app, log_config=None))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
thread.start()
while not server.started:
    time.sleep(0.005)
try:
    with connect(address, proxy=None, additional_headers={"Authorization": "Bearer made-up"}) as ws:
        assert ws.recv() == "news"
    try:
        connect(address, proxy=None).close()
        status = None
    except InvalidStatus as error:
        status = error.response.status_code
finally:
    server.should_exit = True
    thread.join()
print("HTTP", status)
assert status == 401
