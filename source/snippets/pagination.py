import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Query, Response
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, event, func, insert, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{Path(folder.name, 'notes.db')}")


class Base(DeclarativeBase): ...


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(default="work")
    day: Mapped[int] = mapped_column(default=1, index=True)


Base.metadata.create_all(engine)


def add_rows(count: int, **values) -> None:
    with Session(engine) as session:
        session.execute(insert(Note), [{"topic": "work", "day": 1} | values for _ in range(count)])
        session.commit()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]
app = FastAPI()
client = TestClient(app)


def get(url: str):
    return client.get(url).json()


add_rows(6)

# card:
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0)]
newest = select(Note.id).order_by(Note.id.desc())

@app.get("/by-offset")
def rows(db: Db, limit: Limit = 3, offset: Start = 0):
    page = newest.offset(offset).limit(limit)
    return db.scalars(page).all()

@app.get("/by-key")
def rows_before(db: Db, before: int | None = None):
    page = newest.limit(3)
    if before is not None:
        page = page.where(Note.id < before)
    return db.scalars(page).all()

print("page 1:", get("/by-offset"))
add_rows(1)  # before the client asks for page 2
print("offset:", get("/by-offset?offset=3"))
print("keyset:", get("/by-key?before=4"))
# end

# The new row pushed 4 onto page 2, where it comes a second time; the keyset page goes on behind the last row seen.
assert client.get("/by-key").json() == [7, 6, 5]
# Nobody can ask for the whole table.
assert [client.get(f"/by-offset?limit={n}").status_code for n in (0, 1, 100, 101)] == [422, 200, 200, 422]
assert client.get("/by-offset?offset=-1").status_code == 422

# A row that goes away makes offset pages skip one: 4 was not on page 1, and is not on page 2.
with Session(engine) as session:
    assert session.scalars(newest.limit(3)).all() == [7, 6, 5]
    session.delete(session.get(Note, 6))
    session.commit()
    assert session.scalars(newest.offset(3).limit(3)).all() == [3, 2, 1]

# What the database does for it: rows that the offset skips are read, the key is looked up in the index.
add_rows(5_000)
steps = 0


@event.listens_for(engine, "connect")
def count_steps(connection, record):
    def step() -> int:
        global steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 10)


engine.dispose()


def cost(statement) -> int:
    global steps
    with Session(engine) as session:
        session.scalars(select(Note.id).limit(1)).all()
        steps = 0
        session.scalars(statement).all()
        return steps


first, late = cost(newest.limit(3)), cost(newest.offset(4_900).limit(3))
by_key_late = cost(newest.where(Note.id < 1000).limit(3))
assert late > 50 * max(first, by_key_late, 1), (first, late, by_key_late)

# Sorted by a column that is not unique, the key needs the id as well, or rows of the same day are lost.
with Session(engine) as session:
    session.query(Note).delete()
    session.commit()
add_rows(5, day=1)
by_day = select(Note.id, Note.day).order_by(Note.day, Note.id)
with Session(engine) as session:
    page_1 = session.execute(by_day.limit(2)).all()
    last_id, last_day = page_1[-1]
    by_day_alone = session.execute(by_day.where(Note.day > last_day).limit(2)).all()
    both = session.execute(by_day.where(tuple_(Note.day, Note.id) > (last_day, last_id)).limit(2)).all()
assert [row.id for row in page_1] == [1, 2] and by_day_alone == []
assert [row.id for row in both] == [3, 4]


# Filters are declared as parameters; what may be sorted by is a closed list; one row more tells whether there is more.
@app.get("/notes")
def notes(
    db: Db,
    response: Response,
    topic: str | None = None,
    sort: Literal["id", "day"] = "id",
    limit: Limit = 2,
    after: int = 0,
):
    statement = select(Note).where(Note.id > after)
    if topic is not None:
        statement = statement.where(Note.topic == topic)
    rows = db.scalars(statement.order_by(getattr(Note, sort), Note.id).limit(limit + 1)).all()
    response.headers["X-Total"] = str(db.scalar(select(func.count()).select_from(Note)))
    return {"ids": [row.id for row in rows[:limit]], "more": len(rows) > limit}


assert client.get("/notes").json() == {"ids": [1, 2], "more": True}
assert client.get("/notes?after=4").json() == {"ids": [5], "more": False}
assert client.get("/notes?topic=' OR 1=1 --").json() == {"ids": [], "more": False}
assert client.get("/notes?sort=secret").status_code == 422
assert client.get("/notes").headers["X-Total"] == "5"
engine.dispose()
folder.cleanup()
