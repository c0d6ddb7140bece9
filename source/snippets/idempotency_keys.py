import os
import tempfile
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'shop.db')}")
Session = sessionmaker(engine)
app = FastAPI()


class Base(DeclarativeBase):
    pass


# card:
class Charge(Base):
    __tablename__ = "charges"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[int]

Key = Annotated[str, Header(alias="Idempotency-Key")]
@app.post("/charges", status_code=201)
def charge(amount: int, key: Key):
    with Session() as db:
        db.add(Charge(key=key, amount=amount))
        try:
            db.commit()
        except IntegrityError:  # the key is known
            db.rollback()
        done = db.scalars(select(Charge).where(
            Charge.key == key)).one()
        if done.amount != amount:
            raise HTTPException(422, "other request")
        return {"charge": done.id}
# end

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

Base.metadata.create_all(engine)
with TestClient(app) as client:

    def post(key: str, amount: int):
        return client.post("/charges", params={"amount": amount}, headers={"Idempotency-Key": key})

    first, again, changed = post("k1", 5), post("k1", 5), post("k1", 9)
    print("first  ", first.status_code, first.text)
    print("again  ", again.status_code, again.text)
    print("changed", changed.status_code)
    # The unique constraint decides between requests that come at the same time.
    with ThreadPoolExecutor(10) as pool:
        replies = list(pool.map(lambda n: post("k2", 7), range(10)))
    with Session() as db:
        charges = db.scalars(select(Charge.key)).all()
    print("10 at once:", charges.count("k2"), "charge")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, {"charge": 1})
    assert changed.status_code == 422
    assert {(reply.status_code, reply.json()["charge"]) for reply in replies} == {(201, 2)}
    assert charges == ["k1", "k2"]
    # Another key is another charge, even of the same amount. Without a key, FastAPI refuses the request.
    assert post("k3", 5).json() == {"charge": 3}
    missing = client.post("/charges?amount=5")
    assert (missing.status_code, missing.json()["detail"][0]["loc"]) == (422, ["header", "Idempotency-Key"])
engine.dispose()
folder.cleanup()
