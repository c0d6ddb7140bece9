"""The rules that a bank must keep: one file for each subject, and `rules.py`, which lists them all."""
