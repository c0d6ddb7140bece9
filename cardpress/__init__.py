"""cardpress: one YAML question source, pressed into an Anki deck, sheets, a page and a JSON bundle."""

__version__ = "0.1.0"
