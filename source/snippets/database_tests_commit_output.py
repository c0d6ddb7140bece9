import os
import tempfile

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'test.db')}")


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    name: Mapped[str] = mapped_column(primary_key=True)


Base.metadata.create_all(engine)

# card:
with engine.connect() as connection:
    outer = connection.begin()
    with Session(connection) as db:
        db.add(Item(name="lamp"))
        db.commit()
    outer.rollback()

with Session(engine) as db:
    rows = db.scalars(select(Item.name))
    print(rows.all())
# end

with Session(engine) as db:
    assert db.scalars(select(Item.name)).all() == []
    # A session on the engine itself owns its transaction.
    db.add(Item(name="cup"))
    db.commit()
with Session(engine) as db:
    assert db.scalars(select(Item.name)).all() == ["cup"]
engine.dispose()
folder.cleanup()
