import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from httpx2 import ASGITransport, AsyncClient

# card:
@asynccontextmanager
async def lifespan(app: FastAPI):
    yield {"model": "loaded"}

app = FastAPI(lifespan=lifespan)

@app.get("/")
async def read(request: Request):
    return getattr(
        request.state, "model", "missing"
    )
# end


async def main() -> str:
    async with app.router.lifespan_context(app) as state:
        assert state == {"model": "loaded"}
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
            return (await client.get("/")).text


text = asyncio.run(main())
print(text)
assert text == '"missing"'
