"""Anki's packages as files: the archive, the database in it, and what that says of note types and decks."""
