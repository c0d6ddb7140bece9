from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


# card:
@app.post("/items")
def add(name: str, db: Db) -> dict[str, int]:
    item = Item(name=name)
    db.add(item)
    db.flush()
    return {"id": item.id}

@app.get("/items")
def names(db: Db) -> list[str]:
    return db.scalars(select(Item.name)).all()
# end

SQLModel.metadata.create_all(engine)
client = TestClient(app)
posted, listed = client.post("/items?name=lamp"), client.get("/items")
print(listed.text)
assert posted.json() == {"id": 1} and listed.json() == []
engine.dispose()
