import asyncio

import httpx2
from fastapi import FastAPI

# card:
app = FastAPI()
log: list[str] = []

@app.get("/nap")
async def nap():
    log.append("in")
    await asyncio.sleep(0.1)
    log.append("out")

@app.get("/log")
async def read_log():
    return log
# end


async def main():
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        await asyncio.gather(client.get("/nap"), client.get("/nap"))
        response = await client.get("/log")
        print(response.text)
        assert response.text == '["in","in","out","out"]'


asyncio.run(main())
