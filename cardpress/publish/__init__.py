"""Writes files: the artifacts in dist/, and changes of several files as one."""
