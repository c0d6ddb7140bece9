// Five boxes, as Leitner had them: what one knows moves on to the next box and comes back later, what one misses goes back
// to the start. A card's record is its box and the day on which it is due; box 0 has what was missed.

const DAYS = [0, 1, 3, 7, 16, 35];
const LAST_BOX = DAYS.length - 1;
const [AGAIN, HARD, GOOD, EASY] = [1, 2, 3, 4]; // the keys that Anki has for them
const DAY_LENGTH = 864e5;

// The number of the reader's day, which begins at four in the morning, as in Anki: who studies late studies today.
function today() {
  const now = new Date(Date.now() - DAY_LENGTH / 6);
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_LENGTH;
}

// The record that a card has after a grade. Who looks at a card before its day moves it no further.
function grade(record, how) {
  const now = today();
  const { box, due } = record ?? { box: 0, due: now };
  const early = due > now ? 1 : 0;
  const next = { [AGAIN]: 0, [HARD]: Math.max(box, 1), [GOOD]: box + 1 - early, [EASY]: box + 2 - early }[how];
  const moved = Math.min(Math.max(next, how === AGAIN ? 0 : 1), LAST_BOX);
  return { box: moved, due: now + DAYS[moved] };
}

// A record as it was kept. A day that is further away than its box allows comes from a clock that was wrong.
function readRecord(kept) {
  if (!Array.isArray(kept) || kept.length !== 2 || !kept.every(Number.isInteger)) return null;
  const [box, due] = kept;
  return box in DAYS && due >= 0 ? { box, due: Math.min(due, today() + DAYS[box]) } : null;
}

// Records stand under the note's id and, where the note has several cards, the card's number: a new version of the deck
// goes on from there. What it no longer has is kept, since an older copy may still be in use.
const progress = {
  records: new Map(),
  isKept: true,
  load() {
    const kept = this.list("boxes").map(([key, value]) => [key, readRecord(value)]);
    this.records = new Map(kept.filter(([, record]) => record));
  },
  // The page of release 1.0.0 kept 1 for what was known, and 2 for what was not. What was known comes back soon.
  adopt() {
    const marks = this.list("progress");
    if (marks.length === 0) return;
    for (const [key, mark] of marks) {
      if (this.records.has(key) || (mark !== 1 && mark !== 2)) continue;
      const box = mark === 1 ? 2 : 0;
      this.records.set(key, { box, due: today() + DAYS[box] });
    }
    if (this.save()) store.write("progress", null);
  },
  list(name) {
    try {
      return Object.entries(JSON.parse(store.read(name)) ?? {});
    } catch {
      return []; // not what we have written
    }
  },
  save() {
    const kept = [...this.records].map(([key, { box, due }]) => [key, [box, due]]);
    this.isKept = store.write("boxes", kept.length ? JSON.stringify(Object.fromEntries(kept)) : null);
    return this.isKept;
  },
  // Of a cloze text that has got or lost gaps, a card may have its record under another key.
  of(card) {
    return this.records.get(card.key) ?? this.records.get(card.before);
  },
  put(key, record) {
    if (this.isKept) this.load(); // what another window has noted or forgotten meanwhile
    this.records.set(key, record);
    this.save();
  },
  forget() {
    this.records.clear();
    this.save();
    store.write("progress", null);
  },
};
progress.load();
progress.adopt();

// How many of these cards there are, were seen, are known, are due, and are new; and the day on which more fall due.
function count(cards) {
  const now = today();
  const sum = { all: cards.length, seen: 0, known: 0, due: 0, fresh: 0, nextDay: null, nextCount: 0 };
  for (const card of cards) {
    const record = progress.of(card);
    if (!record) {
      sum.fresh += 1;
      continue;
    }
    sum.seen += 1;
    if (record.box > 0) sum.known += 1;
    if (record.due <= now) sum.due += 1;
    else if (sum.nextDay === null || record.due < sum.nextDay) [sum.nextDay, sum.nextCount] = [record.due, 1];
    else if (record.due === sum.nextDay) sum.nextCount += 1;
  }
  return sum;
}
