"""Bank → Deck: renders every text once and builds the notes from them."""
