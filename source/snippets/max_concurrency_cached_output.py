from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
numbers = count(1)

def ticket():
    yield next(numbers)

One = Annotated[int, Depends(ticket, max_concurrency=1)]

@app.get("/")
def read(a: One, b: One):
    return [a, b]
# end

response = TestClient(app).get("/")
print(response.text)
assert response.json() == [1, 1]
