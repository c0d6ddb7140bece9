"""CSV and TSV → cells with places → questions."""
