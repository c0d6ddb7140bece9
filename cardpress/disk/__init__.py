"""The disk: one way to read a file of a project, and one to write any. Neither follows a link that leads out."""
