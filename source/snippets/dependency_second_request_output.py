from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
numbers = count(1)

def ticket() -> int:
    return next(numbers)

Ticket = Annotated[int, Depends(ticket)]

@app.get("/")
def read(a: Ticket, b: Ticket):
    return [a, b]
# end

client = TestClient(app)
assert client.get("/").text == "[1,1]"
response = client.get("/")
print(response.text)
assert response.text == "[2,2]"
