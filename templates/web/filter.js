// What is shown: the search and the filters, kept in the address so that it can be sent, reloaded and gone back to. The
// section and the level are there at the next visit, too, with what is studied and whether it is shuffled.

const fields = { q: part("page_search", "input"), section: byId("page_section"), level: byId("page_level"), tag: byId("page_tag") };
const choices = { kind: byId("page_kind"), shuffle: byId("page_shuffle") };
const FILTERS = "#?"; // no question's id begins so
const found = part("page_found", "span");
const clear = part("page_clear");
const links = new Map(all(".contents li a").map((link) => [link.hash.slice(1), link.parentElement]));
const small = matchMedia("(max-width: 68.99rem)"); // where contents are above the questions
const results = part("page_results", "section");
if (!results.isConnected) byId("page_questions")?.prepend(results);
results.id = "page_results";

const chosen = () => Object.entries(fields).filter(([, field]) => field?.value.trim());
const isSearching = () => document.body.classList.contains("searching");
let terms = []; // of what is being searched for
const changes = []; // what is to be done when other questions are chosen

function passes(question, section, level, tag) {
  const { dataset } = question;
  const tagged = () => dataset.tags.split(" ").some((each) => each === tag || each.startsWith(`${tag}::`));
  return (
    (!section || question.parentElement.id === `section_${section}`) && (!level || dataset.level === level) && (!tag || tagged())
  );
}

// A line of what was found: the question, its section, and the words around what was looked for.
function showResult(place) {
  const question = questions[place];
  const heading = question.querySelector(".heading");
  const words = terms.flat();
  const marked = (pieces) => pieces.filter(Boolean).length ? pieces.map((text, at) => (at % 2 ? element("mark", "hit", text) : text)) : [];
  const line = bestLine(place, terms);
  const asked = index.lines[place].filter((each) => each.rank === ASKED).map((each) => each.shown).filter(Boolean);
  const made = element("li");
  const link = element("a");
  const isBelow = line?.id && terms.some((each) => !each.some((word) => folded(asked.join(" ")).includes(word)));
  link.href = `#${isBelow ? line.id : question.id}`;
  const number = heading.querySelector(":scope > .number")?.textContent;
  if (number) link.append(element("span", "number", number), " ");
  link.append(...marked(excerpt(asked[0] ?? "", words, 400)));
  made.append(link);
  const section = question.closest(".part");
  const title = section?.querySelector("h2");
  if (title) made.append(element("p", "from", title.textContent));
  made.dataset.tint = section?.dataset.tint ?? "";
  if (line?.shown) {
    const said = element("p", "excerpt");
    said.append(...marked(excerpt(line.shown, words)));
    made.append(said);
  }
  return made;
}

const MOST_RESULTS = 50;

function showResults(hits) {
  document.body.classList.toggle("searching", hits !== null);
  results.hidden = hits === null;
  const list = element("ol");
  for (const place of (hits ?? []).slice(0, MOST_RESULTS)) list.append(showResult(place));
  results.replaceChildren(list);
  if (hits?.length > MOST_RESULTS) results.append(element("p", "", say("{n} of {all}", { n: MOST_RESULTS, all: hits.length })));
}

function applyFilters() {
  terms = meant(fields.q.value);
  const values = ["section", "level", "tag"].map((name) => fields[name]?.value);
  const passed = questions.map((question) => passes(question, ...values));
  const hits = terms.length ? matching(terms).filter((place) => passed[place]) : null;
  const shown = hits ? new Set(hits) : null;
  let number = 0;
  questions.forEach((question, place) => {
    const isShown = passed[place] && (!shown || shown.has(place));
    question.hidden = !isShown;
    const entry = links.get(question.id);
    if (entry) entry.hidden = !isShown;
    number += isShown ? 1 : 0;
  });
  const filtered = chosen().length > 0;
  const empty = (place, entries) => filtered && !place.querySelector(entries);
  for (const each of all(".part")) each.hidden = empty(each, "article:not([hidden])");
  for (const each of all(".contents section")) each.hidden = empty(each, "li:not([hidden])");
  for (const each of all(".introduction")) each.hidden = filtered;
  for (const each of all(".nothing")) each.hidden = number > 0 || !filtered;
  if (filtered) put(found, "{n} of {all}", { n: number, all: questions.length });
  else found.textContent = "";
  clear.hidden = !filtered;
  showResults(hits);
  marks.show(hits ? [] : terms);
  for (const each of changes) each();
}

function rememberFilters() {
  const kept = new URLSearchParams(chosen().map(([name, field]) => [name, field.value.trim()])).toString();
  try {
    history.replaceState(null, "", kept ? FILTERS + kept : location.href.split("#")[0]);
  } catch {
    // Some browsers count how often that is done.
  }
  const study = { section: fields.section?.value, level: fields.level?.value, kind: choices.kind?.value };
  if (choices.shuffle?.checked) study.shuffle = "yes";
  const set = Object.entries(study).filter(([, value]) => value);
  store.write("study", set.length ? JSON.stringify(Object.fromEntries(set)) : null);
}

function readRemembered() {
  try {
    return new Map(Object.entries(JSON.parse(store.read("study")) ?? {}));
  } catch {
    return new Map(); // not what we have written
  }
}

function fill(field, value) {
  if (!field) return;
  field.value = value ?? "";
  if (field.selectedIndex === -1) field.value = ""; // what this version of the deck does not have
}

function clearFilters() {
  for (const [, field] of chosen()) field.value = "";
  applyFilters();
}

// Who was sent an address sees what it says; else it is what one chose last.
function readFilters() {
  const isSent = location.hash.startsWith(FILTERS);
  const kept = isSent ? new URLSearchParams(location.hash.slice(FILTERS.length)) : readRemembered();
  for (const name of ["q", "section", "level", "tag"]) fill(fields[name], name === "q" && !isSent ? "" : kept.get(name));
  applyFilters();
}

// What was found is to be seen, wherever one was reading: on a small screen right below the search.
function showStart() {
  const first = part("page_questions", "main");
  if (first.getBoundingClientRect().top < 0 || (small.matches && isSearching())) first.scrollIntoView();
}

function changed() {
  applyFilters();
  rememberFilters();
  showStart();
}

// One of the results is opened: the others go, and what was looked for stays marked.
function leaveResults() {
  const looked = terms;
  fields.q.value = "";
  applyFilters();
  marks.show(looked);
}

for (const field of Object.values(fields)) field?.addEventListener("input", changed);
fields.q.addEventListener("focus", () => setTimeout(() => index.all())); // it is there when the first letter is
clear.addEventListener("click", () => {
  clearFilters();
  rememberFilters();
  fields.q.focus();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !isStudying() && !isEnlarged()) {
    event.preventDefault();
    fields.q.focus();
    fields.q.select();
  } else if (event.target === fields.q && fields.q.value && !event.isComposing) {
    const first = results.querySelector("a");
    if (event.key === "Escape") {
      event.preventDefault();
      fields.q.value = "";
      changed();
    } else if (first && event.key === "Enter") first.click();
    else if (first && event.key === "ArrowDown") {
      event.preventDefault();
      first.focus();
    }
  }
});
