"""YAML text → nodes with places → typed values."""
