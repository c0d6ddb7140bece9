// Studying: a round of questions or recall notes, one at a time, by keyboard alone if one likes. What is studied is
// what the filters leave.

const study = document.querySelector(".study");
const card = byId("page_card");
const kind = byId("page_kind");
const buttons = Object.fromEntries(
  ["back", "show", "knew", "missed", "next", "again", "all", "forget", "leave", "pause", "on"].map((name) => [name, byId(`page_${name}`)]),
);
const round = { items: [], at: 0, turned: false, paused: -1 };

const studied = () =>
  all(kind.value === "recall" ? "article:not([hidden]) .recall > ul > li" : "article.question:not([hidden])", byId("page_questions"));
const missed = () => studied().filter((item) => progress.of(item.id) === MISSED);

// A copy of a part of the page, without what may be there only once.
function copyOf(part, className = part.className) {
  const copy = part.cloneNode(true);
  copy.className = className;
  for (const each of [copy, ...all("[id]", copy)]) each.removeAttribute("id");
  for (const each of all(".permalink, .reveal, details.recall", copy)) each.remove();
  // Below the one heading that this screen has of its own.
  for (const each of [copy, ...all("h4", copy)]) if (/^h\d$/i.test(each.tagName) || each.matches(".heading")) each.ariaLevel = each === copy ? 2 : 3;
  return copy;
}

function questionFaces(item) {
  const front = all(".heading, .context", item).map((part) => copyOf(part));
  return [front, [copyOf(item.querySelector(".hideable"), "hideable revealed")]];
}

function recallFaces(item, turned) {
  const asked = copyOf(item.querySelector(".asked"), "lean");
  const gaps = all("mark.cloze", asked);
  if (!turned) for (const gap of gaps) gap.textContent = `[${gap.dataset.hint ?? "…"}]`;
  const front = [asked, ...all(":scope > .code", item).map((part) => copyOf(part))];
  return [front, all(".told", item).map((part) => copyOf(part))];
}

function showCard() {
  const item = round.items[round.at];
  const over = !item;
  card.hidden = over;
  study.querySelector(".over").hidden = !over;
  study.querySelector(".marks").hidden = buttons.pause.hidden = over;
  if (item) {
    const [front, back] = item.matches("li") ? recallFaces(item, round.turned) : questionFaces(item);
    card.replaceChildren(...front);
    if (round.turned && back.length) {
      const turned = element("div", "turned");
      turned.append(...back);
      card.append(turned);
    }
    for (const wide of all("pre, table", card)) scrolled.observe(wide);
    buttons.show.hidden = round.turned;
    buttons.knew.hidden = buttons.missed.hidden = !round.turned;
    buttons.back.disabled = round.at === 0;
  } else showOver();
  showProgress();
}

function counts() {
  const of = (mark) => round.items.filter((item) => progress.of(item.id) === mark).length;
  return { knew: of(KNEW), missed: of(MISSED) };
}

function showProgress() {
  const { knew, missed } = counts();
  const place = Math.min((round.paused < 0 ? round.at : round.paused) + 1, round.items.length);
  const parts = [say("{n} of {all}", { n: place, all: round.items.length }), say("Known: {n}", { n: knew }), say("Missed: {n}", { n: missed })];
  byId("page_progress").textContent = parts.join(" · ");
}

function showOver() {
  const { knew, missed: count } = counts();
  const nothing = round.items.length === 0;
  const paused = round.paused >= 0;
  const skipped = round.items.length - knew - count;
  const parts = [say(paused ? "So far" : "That was all"), say("Known: {n}", { n: knew }), say("Missed: {n}", { n: count })];
  if (skipped) parts.push(say(paused ? "To go: {n}" : "Skipped: {n}", { n: skipped }));
  byId("page_over").textContent = nothing
    ? say("There is nothing to study here. Clear the filters, or study the other kind.")
    : parts.join(" · ");
  buttons.on.hidden = !paused;
  buttons.again.hidden = missed().length === 0;
  buttons.all.hidden = nothing;
  buttons.forget.hidden = progress.marks.size === 0;
  put(buttons.forget, "Forget my progress");
}

function goTo(at, paused = -1) {
  round.paused = paused;
  round.at = Math.max(0, Math.min(at, round.items.length));
  round.turned = false;
  showCard();
  scrollTo(0, 0);
  (round.at < round.items.length ? card : byId("page_over")).focus({ preventScroll: true });
}

// A round starts where the last one ended: at the first that has no mark yet.
function startRound(items, resume) {
  round.items = items;
  const next = items.findIndex((item) => !progress.of(item.id));
  goTo(resume ? (next < 0 ? items.length : next) : 0);
}

function turn() {
  if (round.turned || !round.items[round.at]) return;
  round.turned = true;
  showCard();
  card.focus({ preventScroll: true });
}

function mark(how) {
  if (!round.turned) return;
  progress.mark(round.items[round.at].id, how);
  goTo(round.at + 1);
}

let readingAt = 0;
function enterStudy() {
  readingAt = scrollY;
  document.body.classList.add("studying");
  study.hidden = false;
  if (studied().length === 0) kind.value = kind.value === "recall" ? "questions" : "recall";
  startRound(studied(), true);
}

function leaveStudy() {
  document.body.classList.remove("studying");
  study.hidden = true;
  card.replaceChildren();
  scrollTo(0, readingAt);
  byId("page_study").focus({ preventScroll: true });
}

function forget() {
  const sure = "Really forget it? Press again";
  if (buttons.forget.textContent !== say(sure)) {
    put(buttons.forget, sure);
    return;
  }
  progress.forget();
  startRound(studied(), false);
}

const KEYS = {
  " ": turn, 1: () => mark(KNEW), 2: () => mark(MISSED), j: () => goTo(round.at + 1), k: () => goTo(round.at - 1),
  Escape: leaveStudy,
};
document.addEventListener("keydown", (event) => {
  if (!isStudying() || event.ctrlKey || event.metaKey || event.altKey) return;
  const control = event.target.closest?.("button, a, summary, select");
  const action = KEYS[event.key];
  // A space presses the button that one is on, and scrolls an answer that is open.
  if (!action || (event.key === " " && (control || round.turned)) || control?.matches("select") && event.key !== "Escape") return;
  event.preventDefault();
  action();
});

byId("page_study").addEventListener("click", enterStudy);
kind.addEventListener("change", () => startRound(studied(), true));
buttons.back.addEventListener("click", () => goTo(round.at - 1));
buttons.next.addEventListener("click", () => goTo(round.at + 1));
buttons.pause.addEventListener("click", () => goTo(round.items.length, round.at));
buttons.on.addEventListener("click", () => goTo(round.paused));
buttons.show.addEventListener("click", turn);
buttons.knew.addEventListener("click", () => mark(KNEW));
buttons.missed.addEventListener("click", () => mark(MISSED));
buttons.again.addEventListener("click", () => startRound(missed(), false));
buttons.all.addEventListener("click", () => startRound(studied(), false));
buttons.forget.addEventListener("click", forget);
buttons.leave.addEventListener("click", leaveStudy);
