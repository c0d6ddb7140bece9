"""A release: what changed since the last one, whether it may ship, a rehearsal in the real Anki, and shipping it."""
