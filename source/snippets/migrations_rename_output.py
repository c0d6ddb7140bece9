import os
import tempfile

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Text, MetaData, Table, create_engine, text

folder = tempfile.TemporaryDirectory()
engine = create_engine(f"sqlite:///{os.path.join(folder.name, 'shop.db')}")
with engine.begin() as db:
    db.execute(text("CREATE TABLE users (name TEXT)"))

# card:
# the database has: users (name TEXT)
meta = MetaData()
column = Column("full_name", Text)
Table("users", meta, column)

with engine.connect() as db:
    now = MigrationContext.configure(db)
    diff = compare_metadata(now, meta)
print([step[0] for step in diff])
# end

assert [step[0] for step in diff] == ["add_column", "remove_column"]
engine.dispose()
folder.cleanup()
