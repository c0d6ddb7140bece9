// What the server says: the state of the project, anew after each save, and whether the server is there.

const RETRY = 1000; // milliseconds

/** The state of the project as the server last told it. It tells listeners what has changed. */
export class Project {
  constructor() {
    this.state = null;
    this.notes = new Map();
    this.isAway = false;
    this.listeners = [];
    // The revision from which a note's cards are, where it is later than that of all.
    this.changed = new Map();
    this.since = 0;
    this.waiting = null;
    this.isFetching = false;
    this.isFirst = true;
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
      // What happened while the server was away is unknown, and it may count anew.
      this.expect({ notes: told.notes ?? [], isAll: isNew || told.is_all });
      isNew = false;
      this.setAway(false);
    });
    events.addEventListener("problems", () => this.expect({ notes: [], isAll: false }));
    events.addEventListener("error", () => {
      isNew = true;
      this.setAway(true);
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.connect(), RETRY);
    });
  }

  setAway(isAway) {
    if (this.isAway === isAway) return;
    this.isAway = isAway;
    this.tell([]);
  }

  // Events that come while the state is fetched are answered by one more fetch, however many they are.
  expect({ notes, isAll }) {
    this.waiting ??= { notes: new Set(), isAll: false };
    for (const id of notes) this.waiting.notes.add(id);
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
        this.waiting = { notes: new Set([...notes, ...(this.waiting?.notes ?? [])]), isAll: isAll || this.waiting?.isAll };
        this.setAway(true);
        await new Promise(resolve => setTimeout(resolve, RETRY));
      }
    }
    this.isFetching = false;
  }

  take(state, notes, isAll) {
    const isFirst = this.state === null;
    this.state = state;
    this.isAway = false;
    const listed = state.sections.flatMap(section => section.notes);
    this.notes = new Map(listed.map((note, at) => [note.id, { ...note, at }]));
    if (isAll) {
      this.loads = (this.loads ?? 0) + 1;
      this.changed.clear();
    }
    for (const id of notes) this.changed.set(id, state.revision);
    this.base = isAll || isFirst ? `${this.loads}.${state.revision}` : this.base;
    this.placeProblems();
    this.tell(isAll || isFirst ? null : [...notes], isFirst);
  }

  tell(notes, isFirst = false) {
    for (const listener of this.listeners) listener(notes, isFirst);
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
