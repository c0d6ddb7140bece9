import asyncio

import httpx2
from fastapi import FastAPI

# card:
app = FastAPI()
used: set[str] = set()
charges: list[str] = []

@app.post("/charges/{key}")
async def charge(key: str):
    if key in used:
        return "done before"
    await asyncio.sleep(0.01)  # the bank
    used.add(key)
    charges.append(key)
# end


async def main():
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        await asyncio.gather(client.post("/charges/k1"), client.post("/charges/k1"))
        print(charges)
        assert charges == ["k1", "k1"]
        assert (await client.post("/charges/k1")).json() == "done before"


asyncio.run(main())
