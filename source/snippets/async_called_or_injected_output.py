from threading import get_ident
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def thread_id() -> int:
    return get_ident()
Injected = Annotated[int, Depends(thread_id)]

@app.get("/")
async def read(injected: Injected):
    me = get_ident()
    called = thread_id()
    return {"called": called == me,
            "injected": injected == me}
# end

response = TestClient(app).get("/")
print(response.text)
assert response.text == '{"called":true,"injected":false}'
