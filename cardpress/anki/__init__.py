"""What goes into an Anki note: its fields, and the card templates that show them."""
