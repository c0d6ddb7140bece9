// The page is readable without a script. These files, put together into one module, add
// search, filters, closed answers and studying.

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
      return true;
    } catch {
      return false; // full, or not allowed
    }
  },
};

// The language in which numbers of days are written. Of tags that browsers refuse, such as zh-yue, its first part.
const [language] = [document.documentElement.lang, document.documentElement.lang.split("-")[0], "en"].filter(isKnown);
function isKnown(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

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

// A part that the page of a template of somebody's own may lack: then it is one that nobody sees.
const part = (id, name = "button") => byId(id) ?? element(name);

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  if (name === "button") made.type = "button";
  return made;
}

const questions = all("article.question");
const isStudying = () => document.body.classList.contains("studying");
