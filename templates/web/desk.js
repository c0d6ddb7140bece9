// The first screen says where one stands: how far one is, what is due today, and how each section goes. The contents say
// the same of each question.

const deck = questions.map((question) => ({
  question,
  section: question.closest(".part"),
  questions: listCards(question),
  recall: all(".recall > ul > li", question).flatMap(listCards),
}));
const hasRecall = deck.some(({ recall }) => recall.length > 0);
const kind = choices.kind ?? element("select");
for (const each of all("label:has(#page_kind)")) each.hidden = !hasRecall; // else there is nothing to choose

// The cards of a question that are of the kind that is studied.
function cardsOf({ questions: own, recall }) {
  const chosenKind = hasRecall ? kind.value : "";
  return [...(chosenKind === "recall" ? [] : own), ...(chosenKind === "questions" ? [] : recall)];
}
const listStudied = (section = null) =>
  deck.filter((entry) => !entry.question.hidden && (!section || entry.section === section)).flatMap(cardsOf);

const days = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const sayDay = (day) => days.format(day - today(), "day");

const start = part("page_study");
const standing = part("page_standing", "p");
// A mark of how much is known: a part of a circle or of a line. What is due has a dot.
function showShare(place, sum) {
  place.style.setProperty("--share", String(sum.all ? sum.known / sum.all : 0));
  place.classList.toggle("due", sum.due > 0);
}

// Said as soon as there is something to lose.
const listWarnings = () => (progress.isKept ? [] : [say("This browser does not keep your progress: it is lost when the page is closed.")]);

function showStanding(sum) {
  const values = { n: sum.seen, all: sum.all, due: sum.due };
  if (sum.seen === 0) put(start, "Start");
  else put(start, sum.due > 0 ? "Continue: {n} of {all}, {due} to repeat" : "Continue: {n} of {all}", values);
  if (sum.seen === 0) {
    put(standing, "What you know comes back later; what you miss comes again at once. A round has up to 20 new cards.");
    return;
  }
  const parts = [say("New: {n}", { n: sum.fresh })];
  parts.unshift(say("Due today: {n}", { n: sum.due }));
  if (sum.due === 0 && sum.nextDay !== null) parts.push(say("Due {when}: {n}", { when: sayDay(sum.nextDay), n: sum.nextCount }));
  standing.textContent = [...parts, ...listWarnings()].join(" · ");
}

const rings = new Map();
for (const { question } of deck) {
  const entry = links.get(question.id);
  if (!entry) continue;
  const ring = element("span", "ring");
  ring.setAttribute("role", "img");
  rings.set(question, ring);
  entry.append(ring);
}

function showDesk() {
  showStanding(count(listStudied()));
  const sums = new Map();
  for (const entry of deck) {
    const sum = count(cardsOf(entry));
    const ring = rings.get(entry.question);
    if (ring) {
      ring.hidden = sum.seen === 0;
      ring.ariaLabel = ring.title = say("{n} of {all}", { n: sum.known, all: sum.all });
      showShare(ring, sum);
    }
    const whole = sums.get(entry.section?.id) ?? { all: 0, known: 0, due: 0, seen: 0 };
    for (const each of Object.keys(whole)) whole[each] += sum[each];
    sums.set(entry.section?.id, whole);
  }
  for (const place of all("[data-progress]")) {
    const sum = sums.get(place.dataset.progress) ?? { all: 0, known: 0, due: 0, seen: 0 };
    showShare(place, sum);
    place.style.setProperty("--cards", String(sum.all));
    const share = place.querySelector(".share") ?? place;
    place.hidden = sum.all === 0; // it has no cards of the kind that is studied
    share.textContent = sum.seen || share !== place ? say("{n} of {all}", { n: sum.known, all: sum.all }) : "";
  }
}
changes.push(showDesk);
for (const field of Object.values(choices)) {
  field?.addEventListener("input", () => {
    rememberFilters();
    showDesk();
  });
}
// Meanwhile it may be another day, or another window may have been studied in.
document.addEventListener("visibilitychange", () => {
  if (document.hidden || isStudying()) return;
  if (progress.isKept) progress.load();
  showDesk();
});

function restoreChoices() {
  const kept = readRemembered();
  if (kept.has("kind")) fill(kind, kept.get("kind"));
  if (kind.selectedIndex === -1 || !kind.value) kind.value = "both";
  if (choices.shuffle) choices.shuffle.checked = kept.get("shuffle") === "yes";
}
restoreChoices();
showDesk();
