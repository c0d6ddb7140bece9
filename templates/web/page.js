// Everything is readable without this; it adds search and a way to hide the answers.
(() => {
  "use strict";
  const tools = document.querySelector(".tools");
  const search = document.getElementById("page_search");
  const hide = document.getElementById("page_hide");
  const found = document.getElementById("page_found");
  const questions = [...document.querySelectorAll("article.question")];
  const texts = new Map(questions.map((question) => [question, question.textContent.toLowerCase()]));
  tools.hidden = false;

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const question of questions) {
      const matches = words.every((word) => texts.get(question).includes(word));
      question.hidden = !matches;
      count += matches ? 1 : 0;
    }
    for (const part of document.querySelectorAll(".part")) {
      part.hidden = !part.querySelector("article.question:not([hidden])");
    }
    found.textContent = words.length ? `${count} of ${questions.length}` : "";
  };

  const setHiding = (hiding) => {
    document.body.classList.toggle("hiding", hiding);
    hide.setAttribute("aria-pressed", String(hiding));
    hide.textContent = hiding ? "Show answers" : "Hide answers";
    for (const question of questions) {
      const answer = question.querySelector(".hideable");
      answer.classList.remove("shown");
      question.querySelector(".reveal")?.remove();
      if (hiding) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "reveal";
        button.textContent = "Show answer";
        button.addEventListener("click", () => {
          answer.classList.add("shown");
          answer.tabIndex = -1; // the button goes: who works with keys goes on from the answer
          answer.focus({ preventScroll: true });
          button.remove();
        });
        answer.before(button);
      }
    }
  };

  search.addEventListener("input", filter);
  hide.addEventListener("click", () => setHiding(!document.body.classList.contains("hiding")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
})();
