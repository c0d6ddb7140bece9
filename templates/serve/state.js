// What the server says: the state of the project, anew after each save, and whether the server is there.

const RETRY = 1000; // milliseconds

/** The state of the project as the server last told it. It tells listeners what has changed. */
export class Project {
  constructor() {
    this.state = null;
    this.notes = new Map();
    this.isAway = false;
    this.listeners = [];
    this.earlyListeners = [];
    // The revision from which a note's cards are, where it is later than that of all.
    this.changed = new Map();
    this.waiting = null;
    this.isFetching = false;
    this.isBehind = false;
    // How many times a server was found, each of which counts anew.
    this.servers = 0;
    this.isFound = false;
  }

  /** Call a function after each change, with the ids of the notes whose cards are new, null for all of them. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** Begin to follow the server. It goes on for as long as the page is open. */
  connect() {
    const events = new EventSource("/api/events");
    let isNew = true;
    events.addEventListener("state", event => {
      const told = JSON.parse(event.data);
      const notes = new Map((told.notes ?? []).map(id => [id, told.revision]));
      // What happened while the server was away is unknown, and it may count anew.
      const isAll = isNew || told.is_all;
      this.isFound ||= isNew;
      isNew = false;
      this.setAway(false);
      if (!isAll) this.renew(notes);
      this.expect({ notes, isAll });
    });
    events.addEventListener("problems", () => this.expect({ notes: new Map(), isAll: false }));
    events.addEventListener("error", () => {
      isNew = true;
      this.setAway(true);
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.connect(), RETRY);
    });
  }

  // Cards need not wait for the state: who shows one of these notes loads it at once.
  renew(notes) {
    for (const [id, revision] of notes) this.changed.set(id, revision);
    for (const listener of this.earlyListeners) listener(notes);
  }

  /** Call a function with the notes whose cards are new, as soon as that is known: their ids, and the revision. */
  onNewCards(listener) {
    this.earlyListeners.push(listener);
  }

  setAway(isAway) {
    if (this.isAway === isAway) return;
    this.isAway = isAway;
    this.tell([]);
  }

  // Events that come while the state is fetched are answered by one more fetch, however many they are.
  expect({ notes, isAll }) {
    this.waiting ??= { notes: new Map(), isAll: false };
    for (const [id, revision] of notes) this.waiting.notes.set(id, revision);
    this.waiting.isAll ||= isAll;
    if (!this.isFetching) this.fetch();
  }

  async fetch() {
    this.isFetching = true;
    while (this.waiting) {
      const { notes, isAll } = this.waiting;
      this.waiting = null;
      try {
        const answer = await fetch("/api/state");
        if (!answer.ok) throw new Error(answer.statusText);
        this.take(await answer.json(), notes, isAll);
      } catch {
        this.waiting = { notes: new Map([...notes, ...(this.waiting?.notes ?? [])]), isAll: isAll || this.waiting?.isAll };
        this.setAway(true);
        await new Promise(resolve => setTimeout(resolve, RETRY));
      }
    }
    this.isFetching = false;
  }

  take(state, notes, hasAll) {
    // A server that has just begun knows nothing yet. What it knows next is all new.
    this.isBehind ||= hasAll;
    if (!state.deck && state.problems.length === 0 && this.state?.deck) return;
    const isAll = this.isBehind;
    this.isBehind = false;
    if (this.isFound) this.servers += 1;
    this.isFound = false;
    const isFirst = this.state === null;
    // A server that has just begun makes nothing before the rules were asked; what it makes is most likely the same.
    if (this.state && !state.made_of && !state.is_checked && !state.is_stale) state.outputs = this.state.outputs;
    this.state = state;
    this.isAway = false;
    const listed = state.sections.flatMap(section => section.notes);
    this.notes = new Map(listed.map((note, at) => [note.id, { ...note, at }]));
    if (isAll) {
      this.loads = (this.loads ?? 0) + 1;
      this.changed.clear();
    }
    for (const [id, revision] of notes) this.changed.set(id, revision);
    this.base = isAll || isFirst ? `${this.loads}.${state.revision}` : this.base;
    this.placeProblems();
    this.tell(isAll || isFirst ? null : [...notes.keys()]);
  }

  tell(notes) {
    for (const listener of this.listeners) listener(notes);
  }

  /** Whether the server knows what is made of the deck: the page, and which sheets. */
  get knowsOutputs() {
    return Boolean(this.state?.made_of);
  }

  /** Return the address of a side of a card, another one after each change. */
  address(note, number, side, { device, night }) {
    const version = `${this.base}.${this.changed.get(note) ?? 0}`;
    return `/card/${encodeURIComponent(note)}/${number}/${side}?night=${night}&device=${device}&r=${version}`;
  }

  // A note goes from its line to that of the next one in the same file.
  placeProblems() {
    const starts = new Map();
    for (const note of this.notes.values()) {
      if (!starts.has(note.path)) starts.set(note.path, []);
      starts.get(note.path).push([note.line, note.id]);
    }
    for (const each of starts.values()) each.sort(([one], [other]) => one - other);
    this.problems = new Map();
    for (const problem of this.state.problems) {
      let owner = null;
      for (const [line, id] of (problem.path && starts.get(problem.path)) || []) {
        if (line > problem.line) break;
        owner = id;
      }
      problem.note = owner;
      if (owner === null) continue;
      if (!this.problems.has(owner)) this.problems.set(owner, []);
      this.problems.get(owner).push(problem);
    }
  }

  /** Return the problems in the source of a note. */
  problemsOf(id) {
    return this.problems?.get(id) ?? [];
  }
}

/** Return the worst severity of some problems, null of none. */
export function worst(problems) {
  return ["error", "warning"].find(severity => problems.some(each => each.severity === severity)) ?? problems[0]?.severity ?? null;
}
