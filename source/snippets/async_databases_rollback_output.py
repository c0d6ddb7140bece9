import os
import tempfile

from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    name: Mapped[str] = mapped_column(primary_key=True)


folder = tempfile.TemporaryDirectory()
engine = create_async_engine(f"sqlite+aiosqlite:///{os.path.join(folder.name, 'shop.db')}")
Session = async_sessionmaker(engine)
app = FastAPI()


# card:
@app.post("/items")
async def add(name: str):
    async with Session.begin() as db:
        db.add(Item(name=name))
        await db.flush()
        raise HTTPException(409)

@app.get("/items")
async def names():
    async with Session() as db:
        query = select(Item.name)
        return [*await db.scalars(query)]
# end


async def create():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def add_one():
    async with Session.begin() as db:
        db.add(Item(name="cup"))


with TestClient(app) as client:
    client.portal.call(create)
    posted, listed = client.post("/items?name=lamp"), client.get("/items")
    print(listed.text)
    assert (posted.status_code, listed.json()) == (409, [])
    # Left without an exception, the block commits.
    client.portal.call(add_one)
    assert client.get("/items").json() == ["cup"]
    client.portal.call(engine.dispose)
folder.cleanup()
