import asyncio

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient

# card:
app = FastAPI()
transport = ASGITransport(app=app)

@app.get("/old")
async def old():
    return RedirectResponse("/new")

@app.get("/new")
async def new():
    return "new"
# end


async def main() -> int:
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.get("/old")).status_code


status = asyncio.run(main())
print(status)
assert status == 307
assert TestClient(app).get("/old").status_code == 200
