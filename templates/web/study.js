// Studying: a round of cards, one at a time, by keyboard alone if one likes. First what is due, then some that are new; what
// is missed comes again in the round. `faces.js` makes the sides of a card, `boxes.js` says when it is due.

const study = document.querySelector(".study") ?? element("div");
const card = part("page_card", "div");
const typing = part("page_typing", "input");
const over = study.querySelector(".over") ?? element("div");
const grades = study.querySelector(".marks") ?? element("div");
const meter = part("page_meter", "div");
const buttons = Object.fromEntries(
  ["back", "show", "next", "again", "all", "forget", "leave", "pause", "on"].map((name) => [name, part(`page_${name}`)]),
);
const gradeButtons = [AGAIN, HARD, GOOD, EASY].map((how) => part(`page_grade${how}`));
const MOST_NEW = 20; // in a round: it should come to an end
const SOON = 5; // cards, after which one that was missed comes again

// `turns` are the cards in the order in which they come, each with the record that it had before; `at` is the one that is
// asked, `paused` where one was when one looked at the summary.
const round = { turns: [], at: 0, turned: false, typed: "", paused: -1, section: null };

const makeTurn = (item) => ({ item, before: progress.of(item) ?? null, how: null, repeat: null, isRepeat: false });

function shuffled(items) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

const mix = (items) => (choices.shuffle?.checked ? shuffled(items) : items);

// What is due, and some of what is new.
function listToday() {
  const cards = listStudied(round.section);
  const isNew = (item) => !progress.of(item);
  const due = cards.filter((item) => progress.of(item)?.due <= today());
  return mix([...due, ...mix(cards.filter(isNew)).slice(0, MOST_NEW)]);
}

function showCard() {
  const turn = round.turns[round.at];
  const isOver = !turn;
  card.hidden = isOver;
  typing.hidden = isOver || round.turned || !turn.item.typed;
  over.hidden = !isOver;
  grades.hidden = buttons.pause.hidden = isOver;
  buttons.back.disabled = round.at === 0;
  if (isOver) showOver();
  else showFaces(turn);
  showProgress();
}

function showFaces({ item, before }) {
  if (!typing.hidden) typing.lang = languageTyped(item);
  const { front, back, expected } = makeFaces(item, round.turned);
  const section = item.note.closest(".part");
  card.dataset.tint = section?.dataset.tint ?? "";
  const isOneOfSeveral = deck.some((each) => each.section !== section);
  const from = element("p", "from", (isOneOfSeveral && section?.querySelector("h2")?.textContent) || "");
  card.replaceChildren(from, ...front);
  if (round.turned && back.length + round.typed.length) {
    const turned = element("div", "turned");
    if (expected !== null && round.typed) turned.append(compare(round.typed, expected));
    turned.append(...back);
    card.append(turned);
  }
  for (const wide of all("pre, table", card)) scrolled.observe(wide);
  makeZoomable(card);
  buttons.show.hidden = round.turned;
  gradeButtons.forEach((button, place) => {
    button.hidden = !round.turned;
    const when = button.querySelector("small");
    const days = grade(before, place + 1).due - today();
    if (when) when.textContent = days ? sayDays(days) : "";
  });
}

const lengths = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "narrow" });
const sayDays = (number) => lengths.format(number);

// How each card of the round went at first; what was passed over has no grade.
function tally() {
  const first = round.turns.filter((turn) => !turn.isRepeat);
  const missed = first.filter((turn) => turn.how === AGAIN).length;
  const knew = first.filter((turn) => turn.how && turn.how !== AGAIN).length;
  return { all: first.length, missed, knew, left: first.length - missed - knew };
}

function showProgress() {
  const { missed, knew } = tally();
  const at = round.paused < 0 ? round.at : round.paused;
  const length = round.turns.length;
  const parts = [say("{n} of {all}", { n: Math.min(at + 1, length), all: length }), say("Known: {n}", { n: knew }), say("Missed: {n}", { n: missed })];
  part("page_progress", "p").textContent = parts.join(" · ");
  meter.style.setProperty("--share", String(length ? Math.min(at, length) / length : 0));
}

function showOver() {
  const { knew, missed, left, all: number } = tally();
  const paused = round.paused >= 0;
  const parts = [say(paused ? "So far" : "That was all"), say("Known: {n}", { n: knew }), say("Missed: {n}", { n: missed })];
  if (left) parts.push(say(paused ? "To go: {n}" : "Skipped: {n}", { n: left }));
  const cards = listStudied(round.section);
  const sum = count(cards);
  let text = parts.join(" · ");
  if (cards.length === 0) {
    text = say(
      hasRecall
        ? "There is nothing to study here. Clear the filters, or study the other kind."
        : "There is nothing to study here. Clear the filters.",
    );
  } else if (number === 0) text = say("Nothing is due today");
  part("page_over", "p").textContent = text;
  const next = [say("New: {n}", { n: sum.fresh })];
  if (sum.due) next.unshift(say("Due today: {n}", { n: sum.due }));
  if (sum.nextDay !== null) next.push(say("Due {when}: {n}", { when: sayDay(sum.nextDay), n: sum.nextCount }));
  part("page_then", "p").textContent = cards.length ? [...next, ...listWarnings()].join(" · ") : "";
  showBoxes(cards);
  buttons.on.hidden = !paused && sum.due + sum.fresh === 0;
  buttons.again.hidden = missed === 0;
  buttons.all.hidden = cards.length === 0;
  buttons.forget.hidden = progress.records.size === 0;
  put(buttons.forget, "Forget my progress");
}

// How many cards are in each box, as columns.
function showBoxes(cards) {
  const numbers = DAYS.map(() => 0);
  for (const item of cards) {
    const record = progress.of(item);
    if (record) numbers[record.box] += 1;
  }
  const most = Math.max(...numbers.slice(1), 1);
  const columns = numbers.slice(1).map((number, place) => {
    const column = element("li");
    const bar = element("i");
    bar.style.setProperty("--share", String(number / most));
    column.append(String(number), bar, element("small", "", sayDays(DAYS[place + 1])));
    return column;
  });
  part("page_boxes", "ol").replaceChildren(...columns);
}

function goTo(at, paused = -1) {
  round.paused = paused;
  round.at = Math.max(0, Math.min(at, round.turns.length));
  round.turned = false;
  round.typed = typing.value = "";
  showCard();
  scrollTo(0, 0);
  const place = typing.hidden ? card : typing;
  (round.at < round.turns.length ? place : part("page_over", "p")).focus({ preventScroll: true });
}

// From the summary, both ways lead to where one was.
const goBack = () => goTo(round.paused < 0 ? round.at - 1 : round.paused);
const goForward = () => goTo(round.paused < 0 ? round.at + 1 : round.paused);

function startRound(items) {
  round.turns = items.map(makeTurn);
  goTo(0);
}

function turnOver() {
  if (round.turned || !round.turns[round.at]) return;
  round.turned = true;
  round.typed = typing.value.trim();
  showCard();
  card.focus({ preventScroll: true });
}

// A grade replaces the one that the card was given before one went back to it.
function gradeCard(how) {
  if (!round.turned) return;
  const turn = round.turns[round.at];
  turn.how = how;
  const planned = round.turns.indexOf(turn.repeat);
  if (planned > round.at) round.turns.splice(planned, 1);
  turn.repeat = null;
  const record = grade(turn.before, how);
  progress.put(turn.item.key, record);
  if (how === AGAIN) {
    turn.repeat = { ...makeTurn(turn.item), before: record, isRepeat: true };
    round.turns.splice(Math.min(round.at + 1 + SOON, round.turns.length), 0, turn.repeat);
  }
  goTo(round.at + 1);
}

function goOn() {
  if (round.paused >= 0) goTo(round.paused);
  else startRound(listToday());
}

function studyMissed() {
  startRound(round.turns.filter((turn) => !turn.isRepeat && turn.how === AGAIN).map((turn) => turn.item));
}

let readingAt = 0;
let cameFrom = start;
function enterStudy(section = null, from = start) {
  readingAt = scrollY;
  cameFrom = from;
  round.section = section;
  document.body.classList.add("studying");
  study.hidden = false;
  startRound(listToday());
}

function leaveStudy() {
  document.body.classList.remove("studying");
  study.hidden = true;
  card.replaceChildren();
  showDesk();
  scrollTo(0, readingAt);
  cameFrom.focus({ preventScroll: true });
}

function forget() {
  const sure = "Really forget it? Press again";
  if (buttons.forget.textContent !== say(sure)) {
    put(buttons.forget, sure);
    return;
  }
  progress.forget();
  startRound(listToday());
}

// Anki's keys. Space and Enter show the answer, and then say that one knew it.
const goAhead = () => (round.turned ? gradeCard(GOOD) : turnOver());
const KEYS = {
  " ": goAhead, Enter: goAhead,
  1: () => gradeCard(AGAIN), 2: () => gradeCard(HARD), 3: () => gradeCard(GOOD), 4: () => gradeCard(EASY),
  j: goForward, k: goBack, u: goBack,
  Escape: leaveStudy,
};
// On a keyboard without Latin letters, or with digits on a second level, the key's place counts.
function nameKey({ key, code, shiftKey }) {
  const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code) ?? [];
  if (letter && !/^[a-z]$/i.test(key)) return letter.toLowerCase();
  return digit && !shiftKey && !/^[a-z]$/i.test(key) ? digit : key;
}

document.addEventListener("keydown", (event) => {
  // An input method has its own use for Enter and Escape.
  if (!isStudying() || isEnlarged() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const control = event.target.closest?.("button, a, summary, select, audio");
  if (event.target === typing && event.key !== "Escape") {
    if (event.key === "Enter") turnOver();
    return;
  }
  const name = nameKey(event);
  const action = KEYS[name];
  // These press the button that one is on, once however long they are held.
  if (control && (name === " " || name === "Enter")) {
    if (event.repeat && name === "Enter") event.preventDefault();
    return;
  }
  if (!action || (event.repeat && action !== goForward && action !== goBack)) return;
  if (!round.turns[round.at] && action === goAhead) return;
  event.preventDefault();
  action();
});

start.addEventListener("click", () => enterStudy());
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".study-part");
  if (button) enterStudy(button.closest(".part"), button);
});
gradeButtons.forEach((button, place) => button.addEventListener("click", () => gradeCard(place + 1)));
buttons.back.addEventListener("click", goBack);
buttons.next.addEventListener("click", goForward);
buttons.pause.addEventListener("click", () => goTo(round.turns.length, round.at));
buttons.on.addEventListener("click", goOn);
buttons.show.addEventListener("click", turnOver);
buttons.again.addEventListener("click", studyMissed);
buttons.all.addEventListener("click", () => startRound(mix(listStudied(round.section))));
buttons.forget.addEventListener("click", forget);
buttons.leave.addEventListener("click", leaveStudy);

makeZoomable(document.querySelector("main"));
followAddress();
