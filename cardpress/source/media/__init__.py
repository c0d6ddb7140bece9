"""Pictures and sounds: what their bytes are, how large they are, and what must not be in them."""
