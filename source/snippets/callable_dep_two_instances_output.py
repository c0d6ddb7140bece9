from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
calls = []

class Audit:
    def __call__(self):
        calls.append("audit")

a, b = Depends(Audit()), Depends(Audit())

@app.get("/", dependencies=[a, b])
def read():
    return len(calls)
# end

text = TestClient(app).get("/").text
print(text)
assert text == "2"
