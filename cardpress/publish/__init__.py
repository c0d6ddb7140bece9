"""Writes files: what is in dist/, and several files changed as one."""
