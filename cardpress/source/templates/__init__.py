"""templates/ → Templates: which files are used, and what must not be in them."""
