"""PDF files, whatever is printed: Typst sets them, in this process or in others. They are packed, merged and kept."""
