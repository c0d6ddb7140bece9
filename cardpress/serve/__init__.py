"""What a browser shows of a project while its author writes: cards, problems, sheets and the page, for each save."""
