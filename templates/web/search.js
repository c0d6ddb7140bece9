// Search: every word that was typed has to be there, in any order; a word that is nowhere stands for those it is
// closest to.

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

// What the page says of every question alike, such as buttons and labels of fields, and what it says of other questions.
const OF_ALL =
  "button, .permalink, .report, .also, .label, dt, summary, rp, .sources > span, .value > span, :is(.said, .beside, .further, .field) > h4";
const ENDS_LINE = /^(?:address|article|blockquote|br|dd|div|dl|dt|details|figcaption|figure|h\d|hr|li|ol|p|pre|section|table|td|th|tr|ul)$/;
// Where a match counts most: in the question, then in its answer, then anywhere else, and last in code and sources.
const [ASKED, ANSWERED, ELSEWHERE, LAST] = [0, 1, 2, 3];

function rankOf(part, rank) {
  if (part.matches(".heading")) return ASKED;
  if (part.matches(".said")) return ANSWERED;
  if (part.matches(".beside, .further, .context")) return ELSEWHERE;
  return part.matches("pre, .sources") && rank !== ASKED ? LAST : rank;
}

// The lines of a question, each with its rank, and the id of the note that it is in, if that stands below the question.
// `shown` is what is read; `also` what finds it, too: readings of characters, a formula's LaTeX, umlauts written out.
function linesOf(question) {
  const lines = [];
  let line = null;
  const begin = (rank, id) => {
    line = { rank, id, shown: "", read: "", latex: "" };
    lines.push(line);
  };
  const visit = (node, rank, id, isCode) => {
    if (node.nodeType === Node.TEXT_NODE) {
      (isCode ? node.data.split("\n") : [node.data]).forEach((text, number) => {
        if (number > 0) begin(rank, id);
        line.shown += text;
        line.read += text;
      });
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(OF_ALL)) return;
    if (node.localName === "ruby") {
      for (const each of node.childNodes) {
        if (each.localName === "rt") line.read += each.textContent;
        else if (each.localName !== "rp") line.shown += each.textContent;
      }
      return;
    }
    if (node.localName === "math") line.latex += ` ${node.getAttribute("alttext") ?? ""}`;
    if (node.matches(".number")) {
      line.latex += ` ${node.textContent}`;
      return;
    }
    const own = rankOf(node, rank);
    const within = node.matches(".recall > ul > li") ? node.id : id;
    const ends = ENDS_LINE.test(node.localName);
    if (ends) begin(own, within);
    for (const child of node.childNodes) visit(child, own, within, isCode || node.localName === "pre");
    if (ends) begin(rank, id);
  };
  begin(ELSEWHERE, "");
  visit(question, ELSEWHERE, "", false);
  return lines.filter((each) => each.shown.trim() || each.latex).map(({ rank, id, shown, read, latex }) => {
    const text = shown.replace(/\s+/g, " ").trim();
    const readings = read === shown ? "" : ` ${read.replace(/\s+/g, " ")}`;
    const spelled = (shown.normalize("NFC").match(/[\p{L}\p{M}]*[äöü][\p{L}\p{M}]*/giu) ?? []).map(withUmlauts);
    return { rank, id, shown: text, folded: folded([`${text}${readings}${latex}`, ...new Set(spelled)].join(" ")) };
  });
}

const index = {
  lines: null,
  texts: null,
  words: null,
  // Made when they are first needed, so that opening the page costs nothing.
  all() {
    this.lines ??= questions.map(linesOf);
    this.texts ??= this.lines.map((lines) => lines.map((line) => line.folded).join(" "));
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

const isLetter = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);

// How well a text has any of these words: as a word (0), as the start of one (1), inside of one (2); null where it has none.
function fit(text, words) {
  let best = null;
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0 && best !== 0; at = text.indexOf(word, at + 1)) {
      const quality = isLetter(text[at - 1]) && isLetter(word[0]) ? 2 : isLetter(text[at + word.length]) ? 1 : 0;
      best = Math.min(best ?? quality, quality);
    }
  }
  return best;
}

// The place of a question among what was found: the smaller, the earlier. None where a term is nowhere in it.
function rank(place, terms) {
  const text = index.all()[place];
  if (!terms.every((words) => words.some((word) => text.includes(word)))) return null;
  let ranks = 0;
  let quality = 0;
  for (const words of terms) {
    let best = [LAST, 2]; // a word may reach over the end of a line
    for (const line of index.lines[place]) {
      if (line.rank > best[0]) continue;
      const fits = fit(line.folded, words);
      if (fits !== null && (line.rank < best[0] || fits < best[1])) best = [line.rank, fits];
    }
    ranks += best[0];
    quality += best[1];
  }
  return ranks * 100 + quality;
}

// The questions that have something for each word, the best first: their places in the deck.
function matching(terms) {
  const ranked = questions.map((_, place) => [place, rank(place, terms)]).filter(([, value]) => value !== null);
  return ranked.sort((one, other) => one[1] - other[1] || one[0] - other[0]).map(([place]) => place);
}

// Where words stand in a text as it is read: ranges that do not overlap, in their order.
function findWords(text, words) {
  let plain = "";
  const places = []; // of each letter of the folded text, since folding may make two letters of one
  let at = 0;
  for (const letter of text) {
    const made = folded(letter);
    for (let count = made.length; count > 0; count -= 1) places.push(at);
    plain += made;
    at += letter.length;
  }
  places.push(at);
  const ranges = [];
  for (const word of words) {
    for (let start = plain.indexOf(word); start >= 0; start = plain.indexOf(word, start + word.length)) {
      ranges.push([places[start], Math.max(places[start + word.length], places[start] + 1)]);
    }
  }
  ranges.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  let last = 0;
  return ranges.filter(([start, end]) => {
    if (start < last) return false;
    last = end;
    return true;
  });
}

const EXCERPT = 150; // characters

// The line that says most of what was looked for, and where it stands.
function bestLine(place, terms) {
  const lines = index.lines[place];
  const has = (line) => terms.filter((words) => words.some((word) => line.folded.includes(word))).length;
  const rest = lines.filter((line) => line.rank !== ASKED && line.shown);
  let best = null;
  let most = 0;
  for (const line of rest) {
    const number = has(line);
    if (number > most || (number === most && number && line.rank < best.rank)) [best, most] = [line, number];
  }
  // What the question itself says is seen anyway: then its answer begins.
  const inQuestion = lines.filter((line) => line.rank === ASKED).some((line) => has(line) === terms.length);
  return best && (most === terms.length || !inQuestion) ? best : (rest.find((line) => line.rank === ANSWERED) ?? best);
}

// Some signs, such as emoji, are two characters for JavaScript.
const isInsideOfSign = (text, at) => /[\udc00-\udfff]/.test(text[at]);

// A part of a text around its first match, as pieces: those at odd places are matches. It begins and ends at a space,
// unless the next one is far, as in a language that writes none.
function excerpt(text, words, most = EXCERPT) {
  const ranges = findWords(text, words);
  const [first, behind] = ranges[0] ?? [0, 0];
  let start = text.length <= most || first < most * 0.6 ? 0 : first - Math.round(most / 3);
  if (start > 0) {
    const space = text.indexOf(" ", start) + 1;
    if (space > 0 && space <= first) start = space;
    else if (isInsideOfSign(text, start)) start += 1;
  }
  let end = Math.min(text.length, Math.max(start + most, behind));
  if (end < text.length) {
    const space = text.lastIndexOf(" ", end);
    if (space > start + most / 2 && space >= behind) end = space;
    else if (isInsideOfSign(text, end)) end += 1;
  }
  const pieces = [start > 0 ? "… " : ""];
  let at = start;
  for (const [from, to] of ranges) {
    if (from < start || to > end) continue;
    pieces[pieces.length - 1] += text.slice(at, from);
    pieces.push(text.slice(from, to), "");
    at = to;
  }
  pieces[pieces.length - 1] += text.slice(at, end) + (end < text.length ? " …" : "");
  return pieces;
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
