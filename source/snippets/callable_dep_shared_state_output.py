from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()

# card:
class Counter:
    n = 0
    def __call__(self) -> int:
        self.n += 1
        return self.n

Count = Annotated[int, Depends(Counter())]

@app.get("/")
def read(n: Count):
    return n
# end

client = TestClient(app)
assert client.get("/").text == "1"
second = client.get("/").text
print(second)
assert second == "2"
