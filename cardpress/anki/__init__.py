"""What goes into Anki: fields as HTML, card templates, and times of change. Also reads packages."""
