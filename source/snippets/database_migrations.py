import os
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)

# card:
import sqlalchemy as sa
from alembic import op

def expand():  # before v2 is deployed
    column = sa.Column("full_name", sa.Text)
    op.add_column("users", column)

def backfill():  # when no v1 runs any more
    op.execute("UPDATE users SET full_name = name"
               " WHERE full_name IS NULL")

def contract():  # when no v2 runs any more
    op.drop_column("users", "name")

V1 = "INSERT INTO users (name) VALUES ('Ann')"
V2 = ("INSERT INTO users (name, full_name)"
      " VALUES ('Bob', 'Bob')")
V3 = "INSERT INTO users (full_name) VALUES ('Cy')"
# end

import io

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError, OperationalError


def create():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))


def indexed():
    with op.get_context().autocommit_block():
        op.create_index("by_name", "users", ["full_name"], postgresql_concurrently=True)


# A folder of migrations as Alembic wants it: env.py, and a file for each revision, which names the one before it.
versions = Path("migrations", "versions")
versions.mkdir(parents=True)
Path("migrations", "env.py").write_text("""
from alembic import context
from __main__ import engine

if context.is_offline_mode():
    context.configure(dialect_name="postgresql")
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.begin() as connection:
        context.configure(connection=connection)
        context.run_migrations()
""")
chain = ["create", "expand", "backfill", "contract", "indexed"]
for before, name in zip([None, *chain], chain, strict=False):
    (versions / f"{name}.py").write_text(f"""
from __main__ import {name} as upgrade

revision, down_revision = {name!r}, {before!r}
""")
engine = sa.create_engine("sqlite:///shop.db")
written = io.StringIO()
config = Config(output_buffer=written)
config.set_main_option("script_location", "migrations")
config.set_main_option("path_separator", "os")


def works(statement: str) -> bool:
    try:
        with engine.begin() as db:
            db.execute(sa.text(statement))
    except (OperationalError, IntegrityError):
        return False
    return True


def ask(statement: str):
    with engine.connect() as db:
        return db.scalar(sa.text(statement))


print("schema    v1   v2   v3")
matrix = {}
for revision in chain[:-1]:
    command.upgrade(config, revision)
    # Alembic keeps the revision in a table of its own.
    assert ask("SELECT version_num FROM alembic_version") == revision
    if revision == "backfill":
        # What v1 wrote after the expansion is filled in, too; a backfill before v2 would miss later rows of v1.
        assert ask("SELECT count(*) FROM users WHERE full_name IS NULL") == 0
        assert works(V1) and ask("SELECT count(*) FROM users WHERE full_name IS NULL") == 1
    if revision == "expand":
        # v2 reads the new column, or else the old one: it finds the rows of v1, of v2 and of v3.
        assert works(V1) and works(V2) and works(V3)
        assert ask("SELECT count(*) FROM users WHERE coalesce(full_name, name) IS NULL") == 0
    matrix[revision] = [works(code) for code in (V1, V2, V3)]
    print(f"{revision:<8} ", "  ".join("ok " if each else "-  " for each in matrix[revision]).rstrip())
assert matrix == {
    "create": [True, False, False],
    "expand": [True, True, True],
    "backfill": [True, True, True],
    "contract": [False, False, True],
}
# An upgrade to where the database is already does nothing.
command.upgrade(config, "contract")
# Offline mode writes the SQL, here for PostgreSQL, and needs no database.
command.upgrade(config, "contract:indexed", sql=True)
assert "CREATE INDEX CONCURRENTLY by_name ON users (full_name)" in written.getvalue()

# create_all() makes missing tables, and leaves those that exist as they are.
meta = sa.MetaData()
users = sa.Table("users", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("full_name", sa.Text))
users.append_column(sa.Column("team", sa.Text))
sa.Table("teams", meta, sa.Column("id", sa.Integer, primary_key=True))
meta.create_all(engine)
assert sa.inspect(engine).has_table("teams")
assert "team" not in {column["name"] for column in sa.inspect(engine).get_columns("users")}
# Old code does not know a new NOT NULL column: its inserts fail, unless the database has a default for it.
for default, fine in ((None, False), ("none", True)):
    table = sa.Table("orders", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("name", sa.Text))
    table.append_column(sa.Column("team", sa.Text, nullable=False, server_default=default))
    table.create(engine)
    assert works("INSERT INTO orders (name) VALUES ('lamp')") == fine
    table.drop(engine)

engine.dispose()
os.chdir("/")
folder.cleanup()
