import os
import tempfile
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)

# card:
engine = create_engine("sqlite:///shop.db")
app = FastAPI()

class ItemIn(SQLModel):
    name: str = Field(min_length=1)
class Item(ItemIn, table=True):
    id: int | None = Field(None, primary_key=True)

def get_session():
    with Session(engine) as session:
        yield session
Db = Annotated[Session, Depends(get_session)]

@app.post("/items")
def add(new: ItemIn, db: Db) -> Item:
    item = Item.model_validate(new)
    db.add(item)
    db.commit()
    db.refresh(item)  # loads the new id
    return item
# end

import asyncio
import json
import threading
from importlib.metadata import requires

from fastapi import HTTPException
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

SQLModel.metadata.create_all(engine)
client = TestClient(app, raise_server_exceptions=False)
good, bad = client.post("/items", json={"name": "lamp"}), client.post("/items", json={"name": ""})
# SQLModel keeps the columns of a base class in no order of its own, so the order here is ours.
print(good.status_code, json.dumps(good.json(), sort_keys=True, separators=(",", ":")))
print(bad.status_code, bad.json()["detail"][0]["loc"])

assert (good.status_code, good.json()) == (200, {"id": 1, "name": "lamp"})
assert (bad.status_code, bad.json()["detail"][0]["loc"]) == (422, ["body", "name"])
# The engine keeps a pool of connections: 5, 10 more under load, then up to 30 seconds of waiting. Less than 40 threads.
assert isinstance(engine.pool, QueuePool)
assert (engine.pool.size(), engine.pool._max_overflow, engine.pool._timeout) == (5, 10, 30)
# The session of the request gave its connection back.
assert engine.pool.checkedout() == 0
sessions: list[Session] = []


@app.get("/count")
def count(db: Db) -> int:
    sessions.append(db)
    return len(db.scalars(select(Item)).all())


@app.post("/no-commit")
def no_commit(new: ItemIn, db: Db) -> Item:
    item = Item.model_validate(new)
    db.add(item)
    db.flush()
    return item


@app.post("/fails")
def fails(new: ItemIn, db: Db):
    db.add(Item.model_validate(new))
    db.flush()
    raise HTTPException(409)


@app.post("/commits-then-fails")
def commits_then_fails(new: ItemIn, db: Db):
    db.add(Item.model_validate(new))
    db.commit()
    raise HTTPException(409)


@app.post("/no-refresh")
def no_refresh(new: ItemIn, db: Db) -> Item:
    item = Item.model_validate(new)
    db.add(item)
    db.commit()
    return item


@app.post("/table-model")
def table_model(item: Item) -> dict[str, str]:
    return {"name": item.name}


# Every request has its own session. Without commit, or after an exception, closing the session rolls back.
assert client.get("/count").json() == client.get("/count").json() == 1
assert sessions[0] is not sessions[1] and sessions[0].get_bind() is engine
assert client.post("/no-commit", json={"name": "cup"}).json() == {"id": 2, "name": "cup"}
assert client.post("/fails", json={"name": "cup"}).status_code == 409
assert client.get("/count").json() == 1
# commit() expires the object's attributes: an expired SQLModel object serializes to nothing.
assert client.post("/no-refresh", json={"name": "cup"}).json() == {}
assert client.get("/count").json() == 2
# A commit is final, whatever the endpoint raises afterwards.
assert client.post("/commits-then-fails", json={"name": "cup"}).status_code == 409
assert client.get("/count").json() == 3
# A table model takes anything on init and as a body, and validates only in model_validate.
assert client.post("/table-model", json={"name": ""}).json() == {"name": ""}
assert Item(name="").name == ""
try:
    Item.model_validate({"name": ""})
    raise AssertionError
except ValidationError:
    pass

# An in-memory SQLite database belongs to its connection, by default one a thread; StaticPool shares one.
memory = create_engine("sqlite://", connect_args={"check_same_thread": False})
SQLModel.metadata.create_all(memory)
shared = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SQLModel.metadata.create_all(shared)
for other, expected in ((memory, OperationalError), (shared, 0)):

    async def in_thread(engine=other):
        def query():
            with Session(engine) as session:
                return len(session.scalars(select(Item)).all())

        return await asyncio.to_thread(query)

    try:
        assert asyncio.run(in_thread()) == expected
    except OperationalError as error:
        assert expected is OperationalError and "no such table" in str(error)
for other in (memory, shared, engine):
    other.dispose()


# SQLAlchemy 2.1 installs greenlet, which its async engines need, with the asyncio extra.
assert [r for r in requires("sqlalchemy") if r.startswith("greenlet")] == ['greenlet>=1; extra == "asyncio"']

# A session for the whole app: one piece of work commits what another one has only begun.
with Session(engine) as everybodys:
    everybodys.add(Item(name="half done"))  # one request, which is not to be saved
    everybodys.commit()  # another request
with Session(engine) as session:
    assert "half done" in session.scalars(select(Item.name)).all()

# Who finds no free connection waits, then gets a TimeoutError; the default is 30 seconds (above).
small = create_engine("sqlite:///shop.db", pool_size=1, max_overflow=0, pool_timeout=0.05)
with small.connect():
    try:
        small.connect()
        raise AssertionError
    except PoolTimeout as error:
        assert "timed out" in str(error)
small.dispose()
# If one becomes free in time, the waiting is over.
small = create_engine("sqlite:///shop.db", pool_size=1, max_overflow=0, pool_timeout=30)
held = small.connect()
threading.Timer(0.05, held.close).start()
with small.connect():
    pass
small.dispose()

os.chdir("/")
folder.cleanup()
