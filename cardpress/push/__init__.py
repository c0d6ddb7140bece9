"""Pushes a package into a running Anki through its add-on AnkiConnect: what would change, then the import.

`connection.py` asks the add-on, `contents.py` reads what the package has and `collection.py` what Anki has, `plan.py`
holds the two against each other, and `importing.py` lets Anki import and looks at what became of it.
"""
