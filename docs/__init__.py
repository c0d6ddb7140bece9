"""The documents, and the programs that make parts of them."""
