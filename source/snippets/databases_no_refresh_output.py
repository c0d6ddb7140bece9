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

@app.post("/items")
def add(sku: str) -> Item:
    with Session(engine) as db:
        db.add(item := Item(sku=sku))
        db.commit()
        return item
# end

SQLModel.metadata.create_all(engine)
response = TestClient(app).post("/items?sku=lamp")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "{}")
with Session(engine) as session:
    assert session.exec(select(Item)).one().sku == "lamp"


# refresh() loads the columns again.
@app.post("/refreshed")
def refreshed(sku: str) -> Item:
    with Session(engine) as db:
        db.add(item := Item(sku=sku))
        db.commit()
        db.refresh(item)
        return item


assert TestClient(app).post("/refreshed?sku=cup").json() == {"sku": "cup"}
engine.dispose()
folder.cleanup()
