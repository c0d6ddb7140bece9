import os
import tempfile

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Field, Session, SQLModel, create_engine, select

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'shop.db')}")
app = FastAPI()


# card:
class Item(SQLModel, table=True):
    sku: str = Field(primary_key=True)
    price: int = Field(ge=1)

@app.post("/items")
def add(item: Item):
    return {"price": item.price}
# end

client = TestClient(app)
response = client.post("/items", json={"sku": "lamp", "price": -5})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, {"price": -5})


class Checked(SQLModel):
    sku: str
    price: int = Field(ge=1)


@app.post("/checked")
def checked(item: Checked):
    return {"price": item.price}


@app.post("/saved")
def saved(item: Item):
    with Session(engine) as session:
        session.add(item)
        session.commit()


assert client.post("/checked", json={"sku": "lamp", "price": -5}).status_code == 422
# The bad row reaches the table.
SQLModel.metadata.create_all(engine)
assert client.post("/saved", json={"sku": "lamp", "price": -5}).status_code == 200
with Session(engine) as session:
    assert session.exec(select(Item.price)).one() == -5
engine.dispose()
folder.cleanup()
