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
    price: int = Field(ge=1)

@app.post("/items")
def add(item: Item):
    return {"price": item.price}
# end

client = TestClient(app)
response = client.post("/items", json={"price": -5})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, {"price": -5})


class Checked(SQLModel):
    price: int = Field(ge=1)


@app.post("/checked")
def checked(item: Checked):
    return {"price": item.price}


assert client.post("/checked", json={"price": -5}).status_code == 422
engine.dispose()
