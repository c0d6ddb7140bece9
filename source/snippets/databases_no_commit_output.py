import os
import tempfile

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Field, Session, SQLModel, create_engine, select

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'shop.db')}")
app = FastAPI()


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


# card:
@app.post("/items")
def add(name: str) -> dict:
    with Session(engine) as db:
        db.add(item := Item(name=name))
        db.flush()
        return {"id": item.id}

@app.get("/items")
def names() -> list[str]:
    with Session(engine) as db:
        rows = db.exec(select(Item.name))
        return rows.all()
# end

SQLModel.metadata.create_all(engine)
client = TestClient(app)
posted, listed = client.post("/items?name=lamp"), client.get("/items")
print(listed.text)
assert posted.json() == {"id": 1} and listed.json() == []
engine.dispose()
folder.cleanup()
