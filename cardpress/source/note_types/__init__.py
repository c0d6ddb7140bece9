"""templates/note-types/ → NoteTypes: the folders, what is declared in them, and which spares it takes."""
