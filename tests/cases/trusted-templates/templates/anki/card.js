document.title = "mine";
