from contextvars import ContextVar

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
tenant = ContextVar("t", default="none")

def set_tenant():
    tenant.set("acme")

guard = Depends(set_tenant)

@app.get("/", dependencies=[guard])
async def read():
    return tenant.get()
# end

text = TestClient(app).get("/").text
print(text)
assert text == '"none"'
