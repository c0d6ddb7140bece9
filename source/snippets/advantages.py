from fastapi.testclient import TestClient

# card:
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()
Units = Annotated[int, Query(ge=1)]

@app.get("/price")
def price(units: Units, net: float):
    return {"total": units * net}

client = TestClient(app)
print(client.get("/price?units=3&net=9.5").json())

refused = client.get("/price?units=0&net=9.5")
error = refused.json()["detail"][0]
print(refused.status_code, error["type"])

operation = app.openapi()["paths"]["/price"]["get"]
print(operation["parameters"][0]["schema"])
# end

from fastapi import Depends
from pydantic import BaseModel

# The strings of the query became an int and a float; the function below saw numbers.
assert client.get("/price?units=3&net=9.5").json() == {"total": 28.5}
assert refused.status_code == 422
assert operation["parameters"][0]["schema"] == {"type": "integer", "minimum": 1, "title": "Units"}
assert client.get("/docs").status_code == 200
assert app.openapi()["openapi"].startswith("3.1")

# The hints do nothing in a direct call: FastAPI applies them to requests.
assert price(0, "ab") == {"total": ""}


# A body arrives as a typed object, which is what an editor completes.
class Order(BaseModel):
    quantity: int


seen = []


@app.post("/orders")
def create(order: Order):
    seen.append(order)


client.post("/orders", json={"quantity": 2})
assert isinstance(seen[0], Order) and seen[0].quantity == 2


# What endpoints share is declared once as a dependency, and validated and documented with them.
def page(size: Annotated[int, Query(le=50)] = 20) -> int:
    return size


@app.get("/a")
def a(size: Annotated[int, Depends(page)]):
    return size


assert client.get("/a").json() == 20 and client.get("/a?size=51").status_code == 422
assert app.openapi()["paths"]["/a"]["get"]["parameters"][0]["schema"]["maximum"] == 50

# Neutral about databases: FastAPI does not require one.
from importlib.metadata import requires

names = " ".join(requires("fastapi")).lower()
assert not any(name in names for name in ("sqlalchemy", "sqlmodel", "tortoise", "asyncpg", "pymongo"))
