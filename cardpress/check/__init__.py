"""The rules that a bank must keep: one file a subject, and `rules.py`, which lists them."""
