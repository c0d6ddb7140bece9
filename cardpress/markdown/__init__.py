"""Markdown → HTML, plain text, and what the rules ask of a text."""
