from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, delete, event, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, with_loader_criteria

folder = TemporaryDirectory()
engine = create_engine(f"sqlite:///{Path(folder.name) / 'notes.db'}")


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    text: Mapped[str]


@dataclass(frozen=True)
class User:
    tenant: str
    roles: frozenset[str]


Base.metadata.create_all(engine)
with Session(engine) as session, session.begin():
    session.add_all([Note(tenant="acme", text="acme's"), Note(tenant="zeta", text="zeta's")])

# The tokens that a login has given out. A real one is verified: see the question on authentication.
USERS = {"ann": User("acme", frozenset({"viewer"})), "bob": User("acme", frozenset({"viewer", "editor"}))}


def open_session():
    with Session(engine) as session, session.begin():
        yield session


# card:
from typing import Annotated
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import Select, select
# end


def current_user(token: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> User:
    return USERS[token.credentials]


Me = Annotated[User, Depends(current_user)]
Db = Annotated[Session, Depends(open_session)]
app = FastAPI()


# card:
def role(needed: str):
    def check(user: Me):
        if needed not in user.roles:
            raise HTTPException(403, f"Needs {needed}")
    return Depends(check)

def own_notes(me: Me):
    return select(Note).where(Note.tenant == me.tenant)
Own = Annotated[Select, Depends(own_notes)]
editor = {"dependencies": [role("editor")]}

@app.delete("/notes/{id}", **editor, status_code=204)
def remove(id: int, own: Own, db: Db):
    note = db.scalar(own.where(Note.id == id))
    if note is None: raise HTTPException(404)
    db.delete(note)
# end

client = TestClient(app)


def drop(id: int, token: str):
    return client.delete(f"/notes/{id}", headers={"Authorization": f"Bearer {token}"})


results = [
    ("a viewer, own note", drop(1, "ann"), 403),
    ("an editor, zeta's note", drop(2, "bob"), 404),
    ("an editor, own note", drop(1, "bob"), 204),
]
for name, response, status in results:
    print(f"{name}: {response.status_code}")
    assert response.status_code == status
assert results[0][1].json() == {"detail": "Needs editor"} and client.delete("/notes/1").status_code == 401
with Session(engine) as session:
    assert [note.text for note in session.scalars(select(Note))] == ["zeta's"]
# A note that is not there and one of another tenant get the same answer.
assert drop(99, "bob").json() == drop(2, "bob").json() == {"detail": "Not Found"}

# One place for all queries of a session: a criterion that SQLAlchemy adds to each SELECT of the entity.
with Session(engine) as session:

    @event.listens_for(session, "do_orm_execute")
    def only_acme(state):
        state.statement = state.statement.options(with_loader_criteria(Note, Note.tenant == "acme"))

    assert list(session.scalars(select(Note))) == [] and session.get(Note, 2) is None
    # It reaches an UPDATE or DELETE by the ORM, too, and not what goes past the ORM.
    assert session.execute(delete(Note)).rowcount == 0
    assert session.execute(update(Note).values(text="taken")).rowcount == 0
    assert session.connection().exec_driver_sql("SELECT count(*) FROM notes").scalar() == 1
    # A statement on the table is not one on the entity.
    assert len(session.execute(select(Note.__table__)).all()) == 1

# An unmapped role is refused everywhere on a router that has the dependency, new endpoints too.
from fastapi import APIRouter  # noqa: E402

admin = APIRouter(prefix="/admin", dependencies=[role("admin")])
app.include_router(admin)


@admin.get("/new")
def new():
    return "secret"


assert client.get("/admin/new", headers={"Authorization": "Bearer bob"}).status_code == 403

engine.dispose()
folder.cleanup()
