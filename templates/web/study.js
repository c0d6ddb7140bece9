// Studying: a round of cards, of questions or of recall notes, one at a time, by keyboard alone if one likes. What is
// studied is what the filters leave. `faces.js` makes the sides of a card.

const study = document.querySelector(".study");
const card = byId("page_card");
const kind = byId("page_kind");
const buttons = Object.fromEntries(
  ["back", "show", "knew", "missed", "next", "again", "all", "forget", "leave", "pause", "on"].map((name) => [name, byId(`page_${name}`)]),
);
const typing = byId("page_typing") ?? element("input"); // a page of an older template has none
kind.hidden = !document.querySelector(".recall > ul > li"); // without recall notes there is nothing to choose
const round = { items: [], at: 0, turned: false, typed: "", paused: -1 };

const studied = () =>
  all(kind.value === "recall" ? "article:not([hidden]) .recall > ul > li" : "article.question:not([hidden])", byId("page_questions")).flatMap(
    listCards,
  );
const markOf = (item) => progress.of(item.key) ?? progress.of(item.before);
const missed = () => studied().filter((item) => markOf(item) === MISSED);

function showCard() {
  const item = round.items[round.at];
  const over = !item;
  card.hidden = over;
  typing.hidden = over || round.turned || !item.typed;
  if (!typing.hidden) typing.lang = languageTyped(item);
  study.querySelector(".over").hidden = !over;
  study.querySelector(".marks").hidden = buttons.pause.hidden = over;
  if (item) {
    const { front, back, expected } = makeFaces(item, round.turned);
    card.replaceChildren(...front);
    if (round.turned && back.length + round.typed.length) {
      const turned = element("div", "turned");
      if (expected !== null && round.typed) turned.append(compare(round.typed, expected));
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
  const of = (mark) => round.items.filter((item) => markOf(item) === mark).length;
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
  const empty = kind.hidden
    ? "There is nothing to study here. Clear the filters."
    : "There is nothing to study here. Clear the filters, or study the other kind.";
  byId("page_over").textContent = nothing ? say(empty) : parts.join(" · ");
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
  round.typed = typing.value = "";
  showCard();
  scrollTo(0, 0);
  const place = typing.hidden ? card : typing;
  (round.at < round.items.length ? place : byId("page_over")).focus({ preventScroll: true });
}

// A round starts where the last one ended: at the first that has no mark yet.
function startRound(items, resume) {
  round.items = items;
  const next = items.findIndex((item) => !markOf(item));
  goTo(resume ? (next < 0 ? items.length : next) : 0);
}

function turn() {
  if (round.turned || !round.items[round.at]) return;
  round.turned = true;
  round.typed = typing.value.trim();
  showCard();
  card.focus({ preventScroll: true });
}

function mark(how) {
  if (!round.turned) return;
  progress.mark(round.items[round.at].key, how);
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
// On a keyboard without Latin letters, or with digits on a second level, the key's place counts.
function nameKey({ key, code, shiftKey }) {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code) ?? [];
  if (letter && !/^[a-z]$/i.test(key)) return letter.toLowerCase();
  return digit && !shiftKey && !/^[a-z]$/i.test(key) ? digit : key;
}

document.addEventListener("keydown", (event) => {
  if (!isStudying() || event.ctrlKey || event.metaKey || event.altKey) return;
  const control = event.target.closest?.("button, a, summary, select");
  if (event.target === typing && event.key !== "Escape") {
    if (event.key === "Enter" && !event.isComposing) turn();
    return;
  }
  const action = KEYS[nameKey(event)];
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
