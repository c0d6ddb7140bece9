// Search: every word that was typed has to be there, in any order; a word that is nowhere stands for those it is
// closest to.

const questions = all("article.question");
const WORD = /[\p{L}\p{N}_]+/gu;

// The same letters for everybody: no case, no accents, and the letters that keyboards without ß, æ, ø and ł type.
const TYPED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
function folded(text) {
  const lower = text.toLowerCase();
  if (!/[^\x00-\x7f]/.test(lower)) return lower;
  return lower.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[ßæœøłđðþı]/g, (letter) => TYPED[letter]);
}

// Umlauts as those write them who cannot type them. What is typed may have either form.
const withUmlauts = (text) => text.toLowerCase().normalize("NFC").replace(/[äöü]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue" })[letter]);

// What a question says. Characters with readings above them are found as they are written, and as they are read, and
// formulas as their LaTeX, too.
function textOf(question) {
  const latex = all("math[alttext]", question).map((formula) => ` ${formula.getAttribute("alttext")}`).join("");
  const words = wordsIn(question) + latex;
  const spelled = (words.normalize("NFC").match(/[\p{L}\p{M}]*[äöü][\p{L}\p{M}]*/giu) ?? []).map(withUmlauts);
  return [words, ...new Set(spelled)].join(" ");
}

// What the page says of every question alike, such as buttons and labels of fields.
const OF_ALL = "button, .permalink, .report, .label, dt, summary, .sources > span, .value > span, :is(.said, .beside, .further, .field) > h4";

function wordsIn(question) {
  const written = question.cloneNode(true);
  for (const each of all(OF_ALL, written)) each.remove();
  if (!written.querySelector("ruby")) return written.textContent;
  const read = written.cloneNode(true);
  for (const each of all("rp, rt", written)) each.remove();
  for (const each of all("ruby", read)) each.replaceWith(all("rt", each).map((reading) => reading.textContent).join(""));
  return `${written.textContent} ${read.textContent}`;
}

const index = {
  texts: null,
  words: null,
  // Made when they are first needed, so that opening the page costs nothing.
  all() {
    this.texts ??= questions.map((question) => folded(textOf(question)));
    return this.texts;
  },
  vocabulary() {
    this.words ??= [...new Set(this.all().flatMap((text) => [...new Set(text.match(WORD))]))];
    return this.words;
  },
};

// How many slips away the start of a word is from what was typed. A slip is a letter that is missing, too many, wrong,
// or has changed places with the next. Counts no further than `most`.
function slips(typed, word, most) {
  const width = Math.min(word.length, typed.length + most);
  let before = [];
  let above = Array.from({ length: width + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= width; column += 1) {
      const wrong = typed[row - 1] === word[column - 1] ? 0 : 1;
      here[column] = Math.min(above[column] + 1, here[column - 1] + 1, above[column - 1] + wrong);
      const swapped = row > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (swapped) here[column] = Math.min(here[column], before[column - 2] + 1);
    }
    if (Math.min(...here) > most) return most + 1;
    [before, above] = [above, here];
  }
  return Math.min(...above);
}

// Short words are typed right, or are another word.
const slipsAllowed = (term) => (term.length < 4 ? 0 : term.length < 8 ? 1 : 2);

// The words that stand for a term which is nowhere as it was typed.
function closest(term) {
  let most = slipsAllowed(term);
  let found = [];
  if (most === 0) return found;
  for (const word of index.vocabulary()) {
    if (word.length < term.length - most) continue;
    const count = slips(term, word, most);
    if (count < most) [most, found] = [count, [word]];
    else if (count === most) found.push(word);
  }
  return found;
}

const remembered = new Map();

// For each word of a query, what may stand for it: itself, where any question has it.
function meant(query) {
  return folded(query).split(/\s+/).filter(Boolean).map((term) => {
    if (!remembered.has(term)) {
      const exact = index.all().some((text) => text.includes(term));
      remembered.set(term, exact ? [term] : closest(term));
    }
    return remembered.get(term);
  });
}

// The questions, by their place in the deck, that have something for each word.
function matching(terms) {
  const texts = index.all();
  return texts.map((text) => terms.every((words) => words.some((word) => text.includes(word))));
}

// Matches are marked without touching the page, where the browser can do that, and only in what is on the screen.
const marks = {
  able: "highlights" in (globalThis.CSS ?? {}) && "Highlight" in globalThis,
  words: [],
  seen: null,
  show(terms) {
    if (!this.able) return;
    this.words = terms.flat();
    CSS.highlights.delete("page-found");
    this.seen?.disconnect();
    for (const details of all("details.matches")) details.classList.remove("matches");
    if (this.words.length === 0) return;
    const found = new Highlight();
    CSS.highlights.set("page-found", found);
    this.seen = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        this.seen.unobserve(entry.target);
        this.markIn(entry.target, found);
      }
    }, { rootMargin: "50%" });
    for (const place of all("article.question:not([hidden]), .contents li:not([hidden])")) this.seen.observe(place);
  },
  markIn(place, found) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const text = folded(node.data);
      if (text.length !== node.length) continue; // folding has moved the letters
      for (const word of this.words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length });
          found.add(range);
          const fold = node.parentElement.closest("details:not([open])");
          if (fold && !fold.closest(".contents")) fold.classList.add("matches");
        }
      }
    }
  },
};
