import subprocess
import sys
from importlib.metadata import requires

from starlette.exceptions import StarletteDeprecationWarning

# card:
import asyncio

import httpx
import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()

@app.get("/")
def read():
    return "ok"

async def async_test(library):
    transport = library.ASGITransport(app=app)
    async with library.AsyncClient(
        transport=transport, base_url="http://test"
    ) as client:
        return await client.get("/")
# end

response = TestClient(app).get("/")
print("an httpx2.Response:", isinstance(response, httpx2.Response))
print("an httpx.Response: ", isinstance(response, httpx.Response))
print("httpx2, async:", asyncio.run(async_test(httpx2)).status_code)
print("httpx, async: ", asyncio.run(async_test(httpx)).status_code)
assert isinstance(response, httpx2.Response) and not isinstance(response, httpx.Response)
assert issubclass(TestClient, httpx2.Client) and not issubclass(TestClient, httpx.Client)
assert asyncio.run(async_test(httpx2)).text == asyncio.run(async_test(httpx)).text == '"ok"'

# Two libraries, two exception trees.
assert not issubclass(httpx2.ConnectError, httpx.HTTPError) and issubclass(httpx2.ConnectError, httpx2.HTTPError)


# Client and transport have to come from the same library.
async def mixed(client_library, transport_library) -> bool:
    try:
        transport = transport_library.ASGITransport(app=app)
        async with client_library.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.get("/")
    except AssertionError:
        return False
    return True


assert not asyncio.run(mixed(httpx, httpx2)) and not asyncio.run(mixed(httpx2, httpx))

# With only httpx: a warning at the import. It is a UserWarning, so Python shows it, and it fails under `-W error`.
assert issubclass(StarletteDeprecationWarning, UserWarning)
assert not issubclass(StarletteDeprecationWarning, DeprecationWarning)
code = "import sys; sys.modules['httpx2'] = None; import fastapi.testclient"
runs = [
    subprocess.Popen([sys.executable, "-W", category, "-c", code], stderr=subprocess.PIPE, text=True)
    for category in ("ignore::DeprecationWarning", "error")
]
shown = [(run.communicate()[1], run.returncode) for run in runs]
assert all("StarletteDeprecationWarning" in text for text, _ in shown)
assert [status for _, status in shown] == [0, 1]

# What installs them: the extra brings both, FastAPI alone neither.
wanted = [requirement for requirement in requires("fastapi") or [] if requirement.startswith("httpx")]
standard = [requirement for requirement in wanted if 'extra == "standard"' in requirement]
assert {requirement[:6] for requirement in standard} == {"httpx2", "httpx<"}
assert all("extra ==" in requirement for requirement in wanted)
