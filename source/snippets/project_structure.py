import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{Path(folder.name, 'shop.db')}")


class Base(DeclarativeBase): ...


class Item(Base):
    __tablename__ = "items"
    name: Mapped[str] = mapped_column(primary_key=True)


Base.metadata.create_all(engine)


def get_session() -> Iterator[Session]:
    """Give a session whose transaction is committed when the endpoint has run, and rolled back when it raises."""
    with Session(engine) as session, session.begin():
        yield session


Db = Annotated[Session, Depends(get_session, scope="function")]


# card:
class Items:  # repository: queries, and nothing else
    def __init__(self, db: Db): self.db = db
    def add(self, name): self.db.add(Item(name=name))
    def named(self, name):
        return self.db.get(Item, name)

class NameTaken(Exception): ...
def add_item(items, name):  # service: the rule
    if items.named(name): raise NameTaken
    items.add(name)

router = APIRouter(prefix="/items")  # router: HTTP

@router.post("", status_code=201)
def post_item(
    name: str, items: Annotated[Items, Depends()]
): add_item(items, name)

def name_taken(request, error):  # main: error to status
    return JSONResponse({"detail": "name taken"}, 409)
# end

app = FastAPI()
app.include_router(router, prefix="/v1")
app.add_exception_handler(NameTaken, name_taken)

client = TestClient(app)
for name in ("pen", "pen"):
    print("POST", name, client.post("/v1/items", params={"name": name}).status_code)


# The service knows no HTTP and no database, so a fake repository is enough to test its rule.
class FakeItems:
    def __init__(self):
        self.names = ["pen"]

    def named(self, name):
        return name in self.names

    def add(self, name):
        self.names.append(name)


fake = FakeItems()
add_item(fake, "cup")
try:
    add_item(fake, "pen")
    raise AssertionError
except NameTaken:
    print("without HTTP: NameTaken,", fake.names)

# The prefixes of router and include_router add up.
assert list(app.openapi()["paths"]) == ["/v1/items"]


def count() -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Item))


assert count() == 1


# One transaction for the request: what failed leaves nothing. A repository that commits by itself leaves half.
class CommittingItems(Items):
    def add(self, name):
        super().add(name)
        self.db.commit()


def add_both(items, names):
    for name in names:
        add_item(items, name)


def run(repository, names) -> int:
    """Add names that end in one that is taken, as a request would; return how many are kept."""
    before = count()
    with Session(engine) as session:
        try:
            add_both(repository(session), names)
            session.commit()
        except NameTaken:
            session.rollback()
    return count() - before


assert run(Items, ["mug", "pen"]) == 0
assert run(CommittingItems, ["mug", "pen"]) == 1


# A module of routes that imports the app from main, which imports the routes, does not work; a router needs no app.
import subprocess
import sys

package = Path(folder.name, "shop")
package.mkdir()
(package / "__init__.py").touch()
(package / "main.py").write_text("from shop import items\napp = 'the app'\n", encoding="utf-8")
(package / "items.py").write_text("from shop.main import app\n", encoding="utf-8")
command = [sys.executable, "-c", "import shop.main"]
broken = subprocess.run(command, cwd=folder.name, capture_output=True, text=True, check=False)
assert broken.returncode == 1 and "partially initialized module 'shop.main'" in broken.stderr
assert "ImportError" in broken.stderr
engine.dispose()
folder.cleanup()
