// Closed answers, permalinks, the theme, copying, and code that can be scrolled by keys.

const openAll = part("page_open");
const answerOf = (question) => question.querySelector(".hideable") ?? element("div");
const isOpen = (question) => !answerOf(question).hidden;

// A closed answer is found by the browser's own search, where the browser can do that, and opens then.
function setOpen(question, open) {
  const answer = answerOf(question);
  if (open) answer.removeAttribute("hidden");
  else answer.setAttribute("hidden", "until-found");
  const button = question.querySelector(".reveal");
  if (!button) return;
  button.setAttribute("aria-expanded", String(open));
  put(button, open ? "Hide answer" : "Show answer");
}

function setAllOpen(open) {
  for (const question of questions) setOpen(question, open);
  openAll.setAttribute("aria-pressed", String(open));
  put(openAll, open ? "Hide answers" : "Show answers");
}

for (const question of questions) {
  if (!question.querySelector(".reveal")) answerOf(question).before(element("button", "reveal"));
  answerOf(question).addEventListener("beforematch", () => setOpen(question, true));
}
setAllOpen(store.read("open") === "all");
document.documentElement.dataset.ready = "";
openAll.addEventListener("click", () => {
  const open = openAll.getAttribute("aria-pressed") !== "true";
  setAllOpen(open);
  store.write("open", open ? "all" : null);
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".reveal, .question > .heading");
  if (!button || target.closest("a, button:not(.reveal)")) return;
  if (!button.matches(".reveal") && String(getSelection())) return; // words of the question are being marked
  const question = button.closest("article.question");
  if (question) setOpen(question, !isOpen(question));
});

// A permalink shows what it names, even if that is filtered out, closed, or folded away.
function openPlace() {
  const place = byId(location.hash.slice(1)); // ids are plain letters, digits and hyphens: nothing is encoded
  if (!place?.closest("main")) return;
  if (isSearching()) leaveResults();
  if (place.closest("[hidden]:not(.hideable)")) clearFilters();
  const question = place.closest("article.question");
  if (question) setOpen(question, true);
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (small.matches) for (const fold of all(".folds details[open]")) fold.open = false;
  place.scrollIntoView();
}

function followAddress() {
  if (isStudying()) leaveStudy();
  if (location.hash && !location.hash.startsWith(FILTERS)) {
    if (isSearching() || fields.q.value) leaveResults();
    openPlace();
  } else readFilters();
}
addEventListener("hashchange", followAddress);
// The address is the same when a permalink is followed again, and no event comes.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && link.hash === location.hash && link.hash.length > 1) followAddress();
});

const theme = part("page_theme", "select");
function setTheme(name) {
  theme.value = name;
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}
const keptTheme = store.read("theme");
setTheme(keptTheme === "light" || keptTheme === "dark" ? keptTheme : "");
theme.addEventListener("change", () => {
  setTheme(theme.value);
  store.write("theme", theme.value);
});

// Code is as large as its longest line lets it be on a small screen: the style divides by its columns. Letters of East
// Asia take two of them, and a tab up to four.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]/g;
const countColumns = (line) => line.trimEnd().replace(WIDE, "  ").replaceAll("\t", "    ").length;
for (const code of all("pre > code")) {
  const columns = code.textContent.split("\n").reduce((most, line) => Math.max(most, countColumns(line)), 0);
  code.parentElement.style.setProperty("--columns", String(columns));
}

async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    // Not allowed, or not there: the old way works from the selection.
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  }
}
for (const code of all("pre:has(> code)")) {
  if (!code.parentElement.matches(".code")) {
    const around = element("div", "code");
    code.replaceWith(around);
    around.append(code);
  }
  const button = element("button", "copy");
  put(button, "Copy");
  button.setAttribute("aria-label", say("Copy code"));
  code.after(button);
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) return;
  put(button, (await copied(button.previousElementSibling)) ? "Copied" : "Press Ctrl+C");
  button.setAttribute("aria-label", button.textContent);
  setTimeout(() => {
    put(button, "Copy");
    button.setAttribute("aria-label", say("Copy code"));
  }, 2000);
});

// What scrolls sideways can be reached and scrolled by keys; what does not is no stop on the way.
const scrolled = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const wide of all("pre, table")) scrolled.observe(wide);

// The contents say where one is, and follow, unless they are being used.
const side = document.querySelector(".side") ?? element("div");
function markPlace(id) {
  const link = links.get(id)?.querySelector("a");
  for (const other of all(".contents [aria-current]")) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  if (!link || small.matches || side.matches(":hover, :focus-within")) return;
  const place = link.getBoundingClientRect();
  if (place.top < 120 || place.bottom > innerHeight - 60) side.scrollTop += place.top - innerHeight / 2;
}
const reading = new IntersectionObserver(
  (entries) => {
    const entered = entries.find((entry) => entry.isIntersecting);
    if (entered) markPlace(entered.target.id);
  },
  { rootMargin: "-20% 0px -75%" },
);
for (const question of questions) reading.observe(question);
