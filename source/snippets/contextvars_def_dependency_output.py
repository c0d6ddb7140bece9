from contextvars import ContextVar

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
tenant = ContextVar("tenant", default="none")

def set_tenant():
    tenant.set("acme")

@app.get("/", dependencies=[Depends(set_tenant)])
async def read():
    return tenant.get()
# end

text = TestClient(app).get("/").text
print(text)
assert text == '"none"'
