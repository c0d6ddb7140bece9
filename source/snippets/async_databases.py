import os
import tempfile
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))


folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)

URL = "sqlite+aiosqlite:///shop.db"

# card:
engine = create_async_engine(URL)  # sqlite+aiosqlite
Session = async_sessionmaker(engine)
app = FastAPI()

async def get_session():
    async with Session(expire_on_commit=False) as db:
        yield db
Db = Annotated[AsyncSession, Depends(get_session)]

@app.get("/one-by-one")
async def one_by_one(db: Db) -> list[int]:
    authors = (await db.scalars(select(Author))).all()
    return [len(await a.awaitable_attrs.books)
            for a in authors]

@app.get("/up-front")
async def up_front(db: Db) -> list[int]:
    authors = await db.scalars(select(Author).options(
        selectinload(Author.books)))
    return [len(a.books) for a in authors]
# end

import asyncio
import gc
import warnings

from fastapi import HTTPException
from fastapi.exceptions import ResponseValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy.exc import InvalidRequestError, MissingGreenlet, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

statements: list[str] = []
event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))


async def prepare():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add_all([Author(id=n, name=f"author {n}", books=[Book()]) for n in range(1, 11)])
    await engine.dispose()


asyncio.run(prepare())


async def more_authors():
    async with Session.begin() as session:
        session.add_all([Author(id=1000 + n, name="more") for n in range(490)])


@app.get("/lazy")
async def lazy(db: Db) -> list[int]:
    return [len(author.books) for author in await db.scalars(select(Author))]


class BookOut(BaseModel):
    id: int


class AuthorOut(BaseModel):
    name: str
    books: list[BookOut]


@app.get("/model")
async def model(db: Db) -> AuthorOut:
    return await db.get_one(Author, 1)


@app.get("/model-up-front")
async def model_up_front(db: Db) -> AuthorOut:
    return await db.get_one(Author, 1, options=[selectinload(Author.books)])


@app.get("/awaited")
async def awaited(db: Db) -> int:
    author = await db.get_one(Author, 1)
    await db.refresh(author, ["books"])
    return len(author.books)


@app.post("/transaction")
async def transaction(db: Db, fail: bool) -> None:
    async with db.begin():
        db.add(Author(id=99, name="in"))
        await db.flush()
        if fail:
            raise HTTPException(409)


@app.get("/count")
async def count(db: Db) -> int:
    return len((await db.scalars(select(Author.id))).all())


@app.post("/committed")
async def committed(db: Db) -> str:
    author = await db.get_one(Author, 1)
    await db.commit()
    return author.name


with TestClient(app) as client:
    for path in ("/one-by-one", "/up-front"):
        statements.clear()
        assert client.get(path).json() == [1] * 10
        print(f"{path:<12} {len(statements):>2} queries for 10 authors")
        assert len(statements) == (11 if path == "/one-by-one" else 2)
        assert path == "/one-by-one" or "IN (" in statements[1]
    # A plain lazy load has no place to await.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="coroutine 'Connection.cursor' was never awaited")
        try:
            client.get("/lazy")
            raise AssertionError
        except StatementError as error:
            assert isinstance(error.__cause__, MissingGreenlet)
        # A response model that names the relationship reads it, too: the return value fails its validation.
        try:
            client.get("/model")
            raise AssertionError
        except ResponseValidationError as error:
            assert [(each["type"], each["loc"]) for each in error.errors()] == [
                ("get_attribute_error", ("response", "books"))
            ]
            assert "MissingGreenlet" in str(error)
        gc.collect()
    assert client.get("/model-up-front").json() == {"name": "author 1", "books": [{"id": 1}]}
    assert client.get("/awaited").json() == 1
    # `begin()` commits at the end of its block, and rolls back when it is left by an exception.
    before = client.get("/count").json()
    assert client.post("/transaction?fail=true").status_code == 409
    assert client.get("/count").json() == before
    assert client.post("/transaction?fail=false").status_code == 200
    assert client.get("/count").json() == before + 1
    # Without expire_on_commit=False this would be another query, and so MissingGreenlet.
    assert client.post("/committed").json() == "author 1"
    # selectinload asks for 500 objects at a time.
    client.portal.call(more_authors)
    statements.clear()
    assert len(client.get("/up-front").json()) == 501 and len(statements) == 3
    # No connection is held when the requests are over.
    assert engine.pool.checkedout() == 0
    client.portal.call(engine.dispose)


async def pools():
    # Expired columns and unloaded relationships load on access: with an AsyncSession both fail.
    other = create_async_engine("sqlite+aiosqlite:///shop.db", pool_size=1, max_overflow=0, pool_timeout=0.05)
    async with AsyncSession(other) as session:
        author = await session.get_one(Author, 1)
        await session.commit()
        try:
            print(author.name)
            raise AssertionError
        except MissingGreenlet:
            pass
        except StatementError as error:
            assert isinstance(error.__cause__, MissingGreenlet)
    # In an open transaction the lazy load runs on its connection; where a new one would have to be opened, that fails
    # before any statement, so the error comes as itself.
    for new_connection, expected in ((False, StatementError), (True, MissingGreenlet)):
        async with AsyncSession(other, expire_on_commit=False) as session:
            author = await session.get_one(Author, 1)
            if new_connection:
                await session.commit()
                await other.dispose()
            try:
                print(author.books)
                raise AssertionError
            except (StatementError, MissingGreenlet) as error:
                assert type(error) is expected
    # An await on something slow with a session open holds the connection: the pool runs dry.
    async with AsyncSession(other) as session, AsyncSession(other) as waiting:
        await session.get_one(Author, 1)
        try:
            await waiting.get_one(Author, 1)
            raise AssertionError
        except PoolTimeout as error:
            assert "QueuePool limit of size 1 overflow 0 reached" in str(error)
        # The end of the transaction gives it back.
        assert other.pool.checkedout() == 1
        await session.commit()
        assert other.pool.checkedout() == 0
    # A session is for one task at a time: two queries of one session do not overlap.
    await other.dispose()
    async with AsyncSession(other) as session:
        both = session.scalars(select(Author)), session.scalars(select(Book))
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        errors = [error for error in outcomes if isinstance(error, InvalidRequestError)]
        assert errors and "concurrent operations are not permitted" in str(errors[0])
    await other.dispose()


with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="coroutine 'Connection.cursor' was never awaited")
    asyncio.run(pools())
    gc.collect()

os.chdir("/")
folder.cleanup()
