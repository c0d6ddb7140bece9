"""Takes over decks that people study: reads what other programs wrote, and writes the project that goes on with it."""
