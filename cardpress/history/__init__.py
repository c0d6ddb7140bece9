"""What was released: records of notes and note types, digests, and the order of versions."""
