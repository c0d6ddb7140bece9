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


# card:
class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str

@app.post("/items")
def add(name: str, db: Db) -> Item:
    item = Item(name=name)
    db.add(item)
    db.commit()
    return item
# end

SQLModel.metadata.create_all(engine)
response = TestClient(app).post("/items?name=lamp")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (200, "{}")
with Session(engine) as session:
    assert session.exec(select(Item)).one().name == "lamp"
engine.dispose()
