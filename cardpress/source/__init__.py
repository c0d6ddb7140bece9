"""Files → Bank: what an author wrote, each part with its place."""
