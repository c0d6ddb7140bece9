"""Markdown → HTML and plain text, and what rules look for in a text: links, fences, tags, cloze deletions."""
