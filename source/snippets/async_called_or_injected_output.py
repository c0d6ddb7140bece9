from threading import get_ident
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def thread_id() -> int:
    return get_ident()

@app.get("/")
async def read(injected: Annotated[int, Depends(thread_id)]):
    me = get_ident()
    return {
        "called": thread_id() == me,
        "injected": injected == me,
    }
# end

response = TestClient(app).get("/")
print(response.text)
assert response.text == '{"called":true,"injected":false}'
