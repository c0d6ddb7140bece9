from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
numbers = count(1)

def ticket():
    yield next(numbers)

Late = Annotated[int, Depends(ticket)]
Early = Annotated[int, Depends(ticket, scope="function")]

@app.get("/")
def read(a: Late, b: Early):
    return [a, b]
# end

client = TestClient(app)
response = client.get("/")
print(response.text)
assert response.text == "[1,2]"


@app.get("/same")
def read_same(a: Late, b: Late, c: Early, d: Early):
    return [a, b, c, d]


assert client.get("/same").json() == [3, 3, 4, 4]
