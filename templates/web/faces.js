// The cards of the page's notes, and what their two sides show: copies of parts of the page.

// A copy of a part of the page, without what may be there only once.
function copyOf(part, className = part.className) {
  const copy = part.cloneNode(true);
  copy.className = className;
  for (const each of [copy, ...all("[id]", copy)]) each.removeAttribute("id");
  copy.removeAttribute("hidden");
  for (const each of all(".permalink, .reveal, details.recall", copy)) each.remove();
  // Below the one heading that this screen has of its own.
  for (const each of [copy, ...all("h4", copy)]) if (/^h\d$/i.test(each.tagName) || each.matches(".heading")) each.ariaLevel = each === copy ? 2 : 3;
  return copy;
}

// In a formula, what is hidden is a text, too, which takes an element of its own.
const hideGaps = (gaps) => {
  for (const gap of gaps) {
    const shown = gap.localName === "mrow" ? document.createElementNS(gap.namespaceURI, "mtext") : gap;
    shown.textContent = `[${gap.dataset.hint ?? "…"}]`;
    if (shown === gap) continue;
    gap.closest("math").removeAttribute("alttext"); // which tells what is hidden
    gap.replaceChildren(shown);
  }
};

// A part of a formula stays one, since the places of a fraction are counted.
const showGap = (gap) => (gap.localName === "mrow" ? gap.removeAttribute("class") : gap.replaceWith(...gap.childNodes));

// The card of a note that has no other: what the page shows first, and everything else.
function questionFaces(note) {
  const front = all(".heading, .context", note).map((each) => copyOf(each));
  return { front, back: [copyOf(answerOf(note), "hideable")], expected: null };
}

function recallFaces(note, turned) {
  const asked = copyOf(note.querySelector(".asked"), "lean");
  if (!turned) hideGaps(all(".cloze", asked));
  const front = [asked, ...all(":scope > .code", note).map((part) => copyOf(part))];
  return { front, back: all(".told", note).map((part) => copyOf(part)), expected: null };
}

// The card templates of note types, as the page's template wrote them.
const templates = all("i", byId("page_kinds")?.content ?? document.createElement("div")).map(({ dataset }) => ({
  ...dataset,
  asks: dataset.asks.split(" ").map((each) => each.split(":")),
  answers: dataset.answers.split(" ").filter(Boolean).map((each) => each.split(":")),
}));

// The cards of a note. Their keys are for ever: people's progress is kept under them. A note's first card has its id, and so
// has the only gap of a cloze text; several gaps have their numbers behind it. `before` is the key that a card may have had:
// of one of several gaps that of the text, of the only one its number among several.
function listCards(note) {
  const { kind: ofKind, cards, typed } = note.dataset;
  if (cards === "none") return [];
  if (!cards) return [{ note, key: note.id, before: `${note.id}:1`, typed: false }];
  const typedOnes = typed.split(" ");
  const numbers = cards.split(" ");
  return numbers.map((number) => {
    const template = templates.find((each) => each.kind === ofKind && (each.gaps || each.number === number));
    const isAlone = template.gaps ? numbers.length === 1 : number === "1";
    const numbered = `${note.id}:${number}`;
    const key = isAlone ? note.id : numbered;
    const before = isAlone ? numbered : template.gaps ? note.id : key;
    const name = numbers.length > 1 ? template.name : "";
    return { note, key, before, number, template, name, typed: typedOnes.includes(number) };
  });
}

// The part of a note that shows one of its fields, and not one of the notes below it.
const findField = (note, key) =>
  all(`[data-field="${key}"]`, note).find((part) => part.closest(".recall > ul > li, article") === note);

// Japanese as it is written, or how it is read.
const RUBY = {
  kanji: (ruby) => all("rt, rp", ruby).forEach((part) => part.remove()),
  kana: (ruby) => ruby.replaceWith(...all("rt", ruby).flatMap((part) => [...part.childNodes])),
};

function showField(note, [through, key], className) {
  const part = findField(note, key);
  if (!part) return [];
  let copy = copyOf(part, className);
  if (part.matches(".heading") && className !== "heading") {
    // The text that is the note's heading answers here.
    const plain = element("div", className);
    plain.dir = copy.dir;
    for (const number of all(":scope > .number", copy)) number.remove();
    plain.append(...copy.childNodes);
    copy = plain;
  }
  if (RUBY[through]) all("ruby", copy).forEach(RUBY[through]);
  if (through !== "hint") return [copy];
  const fold = element("details", "hinted");
  fold.append(element("summary", "", copy.querySelector("h4, .label")?.textContent ?? say("Hint")), copy);
  return [fold];
}

// A copy of a part without what is not its own: a heading's number and its link.
function wordsOf(part) {
  const copy = copyOf(part);
  for (const each of all(":scope > .number", copy)) each.remove();
  return copy;
}

// The text that a person reads, in a line, as Anki compares it.
const readText = (part) => wordsOf(part).textContent.normalize("NFC").replace(/\s+/g, " ").trim();

// The language of what is typed: keyboards and dictionaries follow it.
const languageTyped = ({ note, template }) =>
  findField(note, template.typed)?.querySelector("[lang]")?.lang || document.documentElement.lang;

// A picture with masks: one is asked, and the others hide their parts only where the picture hides all.
function mask(picture, number, turned) {
  for (const each of all("[data-mask]", picture)) {
    const isAsked = each.dataset.mask === number;
    if (each.localName === "g" && (isAsked || picture.matches(".all"))) each.classList.add(isAsked ? (turned ? "told" : "asks") : "hides");
    else if (!isAsked || !turned) each.remove();
  }
}

// The number of a gap's card; the page leaves the first one out.
const numberOf = (gap) => gap.dataset.cloze ?? "1";

// Anki shows nothing of a cloze text that has no gap of the card's number.
const hasGap = (note, key, number) => {
  const part = findField(note, key);
  return !part || !!part.querySelector(".masked") || all(".cloze", part).some((gap) => numberOf(gap) === number);
};

function makeFaces({ note, number, template, name, typed }, turned) {
  if (!template) return note.matches("li") ? recallFaces(note, turned) : questionFaces(note);
  const asked = note.matches("li") ? "lean" : "heading";
  const texts = template.gaps.split(" ");
  const isShown = ([, key]) => !texts.includes(key) || hasGap(note, key, number);
  const asks = template.asks.filter(isShown);
  const front = (asks.length ? asks : template.asks).flatMap((shown, place) => showField(note, shown, place === 0 ? asked : "asked"));
  let expected = null;
  for (const picture of front.flatMap((part) => all(".masked", part))) mask(picture, number, turned);
  for (const part of template.gaps ? front : []) {
    const gaps = all(".cloze", part);
    const own = gaps.filter((gap) => numberOf(gap) === number);
    if (typed && own.length) expected = own.map(readText).join(", ");
    if (!turned) hideGaps(own);
    for (const gap of gaps) if (!own.includes(gap)) showGap(gap);
  }
  const back = template.answers.filter(isShown).flatMap((shown, place) =>
    showField(note, shown, place === 0 && !template.gaps ? "told" : "told extra"),
  );
  for (const gap of template.gaps ? back.flatMap((part) => all(".cloze", part)) : []) if (numberOf(gap) !== number) showGap(gap);
  if (typed && expected === null) expected = readText(findField(note, template.typed));
  for (const part of front[0] ? all(".number", front[0]) : []) if (front[0].className !== "heading") part.remove();
  const context = all(":scope > .context, :scope > .row > .context", note).map((part) => copyOf(part));
  if (name) context.push(element("p", "context card-name", name));
  return { front: [...front, ...context], back, expected };
}

// What was typed and what is right, letter by letter.
function compare(given, expected) {
  const one = Array.from(given.normalize("NFC").replace(/\s+/g, " "));
  const two = Array.from(expected);
  const made = element("p", "compared");
  made.dir = "auto";
  // The length of the longest common part of what is left from each place on.
  const common = Array.from({ length: one.length + 1 }, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = two.length - 1; j >= 0; j--)
      common[i][j] = one[i] === two[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const lines = [[], []];
  const add = (line, name, letter) => {
    const last = line.at(-1);
    if (last?.localName === name) last.textContent += letter;
    else line.push(element(name, "", letter));
  };
  for (let i = 0, j = 0; i < one.length || j < two.length; ) {
    if (i < one.length && j < two.length && one[i] === two[j]) {
      add(lines[0], "b", one[i++]);
      add(lines[1], "b", two[j++]);
    } else if (j >= two.length || (i < one.length && common[i + 1][j] >= common[i][j + 1])) add(lines[0], "del", one[i++]);
    else add(lines[1], "ins", two[j++]);
  }
  made.append(...lines[0]);
  if (one.join("") !== two.join("")) {
    const arrow = element("span", "arrow", "→");
    arrow.setAttribute("aria-hidden", "true");
    made.append(" ", arrow, " ", ...lines[1]);
  }
  return made;
}
