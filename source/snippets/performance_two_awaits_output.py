import asyncio

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app, log = FastAPI(), []

async def fetch(name: str):
    log.append(f"{name} in")
    await asyncio.sleep(0.01)
    log.append(f"{name} out")

@app.get("/")
async def read():
    await fetch("a")
    await fetch("b")
    return log
# end

response = TestClient(app).get("/")
print(response.text)
assert response.text == '["a in","a out","b in","b out"]'
