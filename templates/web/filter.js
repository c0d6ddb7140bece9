// What is shown: the search and the filters, kept in the address so that it can be sent, reloaded and gone back to.

const fields = { q: byId("page_search"), section: byId("page_section"), level: byId("page_level"), tag: byId("page_tag") };
const FILTERS = "#?"; // no question's id begins so
const found = byId("page_found");
const clear = byId("page_clear");
const links = new Map(all(".contents li a").map((link) => [link.hash.slice(1), link.parentElement]));
const small = matchMedia("(max-width: 68.99rem)"); // where contents are above the questions
const contents = document.querySelector(".contents details");

const chosen = () => Object.entries(fields).filter(([, field]) => field?.value.trim());

function passes(question, section, level, tag) {
  const { dataset } = question;
  const tagged = () => dataset.tags.split(" ").some((each) => each === tag || each.startsWith(`${tag}::`));
  return (
    (!section || question.parentElement.id === `section_${section}`) && (!level || dataset.level === level) && (!tag || tagged())
  );
}

function applyFilters() {
  const terms = meant(fields.q.value);
  const values = ["section", "level", "tag"].map((name) => fields[name]?.value);
  const hits = terms.length ? matching(terms) : null;
  let count = 0;
  questions.forEach((question, place) => {
    const shown = (!hits || hits[place]) && passes(question, ...values);
    question.hidden = !shown;
    const entry = links.get(question.id);
    if (entry) entry.hidden = !shown;
    count += shown ? 1 : 0;
  });
  const filtered = chosen().length > 0;
  const empty = (part, entries) => filtered && !part.querySelector(entries);
  for (const part of all(".part")) part.hidden = empty(part, "article:not([hidden])");
  for (const part of all(".contents section")) part.hidden = empty(part, "li:not([hidden])");
  for (const part of all(".introduction")) part.hidden = filtered;
  document.querySelector(".nothing").hidden = count > 0 || !filtered;
  if (filtered) put(found, "{n} of {all}", { n: count, all: questions.length });
  else found.textContent = "";
  clear.hidden = !filtered;
  contents.open = terms.length > 0; // the list of what was found, where contents are folded away
  marks.show(terms);
}

function rememberFilters() {
  const kept = new URLSearchParams(chosen().map(([name, field]) => [name, field.value.trim()])).toString();
  try {
    history.replaceState(null, "", kept ? FILTERS + kept : location.href.split("#")[0]);
  } catch {
    // Some browsers count how often that is done.
  }
}

function clearFilters() {
  for (const [, field] of chosen()) field.value = "";
  applyFilters();
}

function readFilters() {
  const kept = new URLSearchParams(location.hash.startsWith(FILTERS) ? location.hash.slice(FILTERS.length) : "");
  for (const [name, field] of Object.entries(fields)) {
    if (!field) continue;
    field.value = kept.get(name) ?? "";
    if (field.selectedIndex === -1) field.value = ""; // what this version of the deck does not have
  }
  applyFilters();
}

// What was found is to be seen, wherever one was reading: on a small screen the list of it, right below the search.
function showResults() {
  const questionsStart = byId("page_questions");
  if (small.matches && fields.q.value.trim()) contents.scrollIntoView();
  else if (questionsStart.getBoundingClientRect().top < 0) questionsStart.scrollIntoView();
}

function changed() {
  applyFilters();
  rememberFilters();
  showResults();
}

for (const field of Object.values(fields)) field?.addEventListener("input", changed);
clear.addEventListener("click", () => {
  clearFilters();
  rememberFilters();
  fields.q.focus();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !isStudying()) {
    event.preventDefault();
    fields.q.focus();
    fields.q.select();
  } else if (event.key === "Escape" && event.target === fields.q && fields.q.value) {
    event.preventDefault();
    fields.q.value = "";
    changed();
  }
});
