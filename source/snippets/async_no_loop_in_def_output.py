import asyncio

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/")
def read():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return "no event loop"
    return "event loop"
# end

response = TestClient(app).get("/")
print(response.text)
assert response.text == '"no event loop"'


@app.get("/async")
async def read_async():
    return read()


assert TestClient(app).get("/async").text == '"event loop"'
