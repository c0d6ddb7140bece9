from threading import get_ident

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

def thread_id() -> int:
    return get_ident()
Thread = Depends(thread_id)

@app.get("/")
async def read(injected: int = Thread):
    me = get_ident()
    called = thread_id()
    return {"called": called == me,
            "injected": injected == me}
# end

response = TestClient(app).get("/")
print(response.text)
assert response.text == '{"called":true,"injected":false}'
