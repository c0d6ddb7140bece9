from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()

# card:
numbers = count(1)

def ticket():
    yield next(numbers)

Late = Depends(ticket)
Early = Depends(ticket, scope="function")

@app.get("/")
def read(a: Annotated[int, Late],
         b: Annotated[int, Early]):
    return [a, b]
# end

client = TestClient(app)
response = client.get("/")
print(response.text)
assert response.text == "[1,2]"


@app.get("/same")
def read_same(
    a: Annotated[int, Late], b: Annotated[int, Late], c: Annotated[int, Early], d: Annotated[int, Early]
):
    return [a, b, c, d]


assert client.get("/same").json() == [3, 3, 4, 4]
