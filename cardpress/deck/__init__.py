"""Bank → Deck: every text rendered once, and put together into notes."""
