import os
import tempfile
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'test.db')}")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    name: Mapped[str] = mapped_column(primary_key=True)


def get_session():
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]


@app.post("/items/{name}")
def add(name: str, db: Db) -> None:
    db.add(Item(name=name))
    db.commit()


@app.post("/undo")
def undo(db: Db) -> None:
    db.add(Item(name="bad"))
    db.flush()
    db.rollback()


@app.get("/items")
def names(db: Db) -> list[str]:
    return db.scalars(select(Item.name)).all()


Base.metadata.create_all(engine)


def begin_at_once(engine):
    """Send BEGIN, which Python's driver for SQLite does not before a savepoint."""
    event.listen(engine, "connect", lambda connection, record: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


begin_at_once(engine)

# card:
MODE = {"join_transaction_mode": "create_savepoint"}

@pytest.fixture
def client():
    with engine.connect() as connection:
        outer = connection.begin()
        def session():  # a new one for each request
            with Session(connection, **MODE) as session:
                yield session
        app.dependency_overrides[get_session] = session
        yield TestClient(app)
        app.dependency_overrides.clear()
        outer.rollback()

def test_adds(client):
    client.post("/items/lamp")  # the endpoint commits
    assert client.get("/items").json() == ["lamp"]

def test_starts_empty(client):
    assert client.get("/items").json() == []
# end

if __name__ == "__main__":
    import subprocess
    import sys

    # The tests above run in a pytest of their own.
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir"]
    command += [folder.name, os.path.abspath(__file__)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    passed = [line.split("::")[1].split()[0] for line in run.stdout.splitlines() if " PASSED" in line]
    for name in passed:
        print(name, "passed")
    assert run.returncode == 0 and passed == ["test_adds", "test_starts_empty"], run.stdout

    def play(engine, mode: str) -> tuple[list[str], list[str]]:
        """Return what a test sees after a commit and a later rollback of the app, and what the next test sees."""
        with engine.connect() as connection:
            outer = connection.begin()

            def session():
                with Session(connection, join_transaction_mode=mode) as session:
                    yield session

            app.dependency_overrides[get_session] = session
            client = TestClient(app)
            client.post("/items/lamp")
            client.post("/undo")
            seen = client.get("/items").json()
            app.dependency_overrides.clear()
            if outer.is_active:
                outer.rollback()
        return seen, TestClient(app).get("/items").json()

    assert play(engine, "create_savepoint") == (["lamp"], [])
    # Without savepoints a rollback of the app undoes the whole test so far.
    assert play(engine, "rollback_only") == ([], [])
    # With SQLite's driver as it is, the commits of the app are real ones.
    raw = create_engine(engine.url)
    assert play(raw, "create_savepoint") == (["lamp"], ["lamp"])
    # SQLite takes text for a number, and by default a reference to nothing.
    with raw.begin() as db:
        db.exec_driver_sql("CREATE TABLE parts (count INTEGER, item TEXT REFERENCES item (name))")
        db.exec_driver_sql("INSERT INTO parts VALUES ('many', 'no such item')")
    raw.dispose()
    engine.dispose()
    folder.cleanup()
