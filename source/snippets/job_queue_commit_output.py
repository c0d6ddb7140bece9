import os
import tempfile

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'shop.db')}")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


Base.metadata.create_all(engine)

# card:
def worker(order_id: int):
    with Session(engine) as db:
        return db.get(Order, order_id)

with Session(engine) as db:
    db.add(Order(id=7))
    db.flush()
    # the job is sent; the worker is quick
    print(worker(7))
    db.commit()
# end

assert worker(7).id == 7
with Session(engine) as db:
    db.add(Order(id=8))
    db.flush()
    assert worker(8) is None
engine.dispose()
folder.cleanup()
