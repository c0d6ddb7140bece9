// The page is readable without a script. These files, put together into one module, add search, filters and studying.

// What is kept between visits stands in this browser under the deck's id. A browser may refuse to keep anything, and
// then it lasts as long as the page is open.
const store = {
  key: (name) => `cardpress:${document.body.dataset.deck}:${name}`,
  read(name) {
    try {
      return localStorage.getItem(this.key(name));
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      if (value) localStorage.setItem(this.key(name), value);
      else localStorage.removeItem(this.key(name));
    } catch {
      // Nothing is lost but the next visit's start.
    }
  },
};

// A text in the deck's language, by its English words: `TEXTS` has those that are not English. In a text from right to
// left, a number keeps its own direction.
const isEnglish = /^en\b/i.test(document.documentElement.lang);
const isolated = (value) => (document.documentElement.dir === "rtl" ? `\u2068${value}\u2069` : `${value}`);
const say = (english, values = {}) =>
  (TEXTS[english] ?? english).replace(/\{([a-z]+)\}/g, (whole, name) => (name in values ? isolated(values[name]) : whole));

// Puts a text into an element, which says so when the text is English and the deck is not.
function put(place, english, values) {
  place.textContent = say(english, values);
  if (isEnglish || english in TEXTS) place.removeAttribute("lang");
  else place.lang = "en";
}

const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  if (name === "button") made.type = "button";
  return made;
}

const KNEW = 1;
const MISSED = 2;

// How each card went, by its note's id and, where the note has several, the card's number: a new version of the deck goes
// on from there.
const progress = {
  marks: new Map(),
  load() {
    try {
      const kept = Object.entries(JSON.parse(store.read("progress")) ?? {});
      for (const [id, mark] of kept) if (mark === KNEW || mark === MISSED) this.marks.set(id, mark);
    } catch {
      // Not what we have written.
    }
  },
  of(id) {
    return this.marks.get(id);
  },
  mark(id, mark) {
    this.load(); // what another window has marked meanwhile
    this.marks.set(id, mark);
    store.write("progress", JSON.stringify(Object.fromEntries(this.marks)));
  },
  forget() {
    this.marks.clear();
    store.write("progress", null);
  },
};
progress.load();
