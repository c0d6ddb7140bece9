// The sections and their notes, with a filter; which of them is chosen, which were edited, which have problems.

import { count, find, make, withFormulas, write } from "/assets/elements.js";
import { worst } from "/assets/state.js";

/** Make a text comparable: small letters without accents. */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
}

/** The list of notes. `choose` is called with the id of a note that the author chooses. */
export class List {
  constructor(project, choose) {
    this.project = project;
    this.choose = choose;
    this.box = find("note_list");
    this.search = find("search");
    this.rows = [];
    this.byId = new Map();
    this.edited = new Set();
    this.chosen = null;
    this.onlyProblems = false;
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", event => this.pressed(event));
    this.box.addEventListener("keydown", event => this.pressed(event));
    this.box.addEventListener("click", event => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(row.dataset.note);
    });
    find("only_problems").addEventListener("click", () => this.showOnlyProblems(!this.onlyProblems));
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };
    const inList = event.currentTarget === this.box;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in steps) this.step(steps[event.key]);
    else if (event.key === "Home" && inList) this.step(-Infinity);
    else if (event.key === "End" && inList) this.step(Infinity);
    else if (event.key === "Enter") this.step(0);
    else if (event.key === "Escape" && !inList && (this.search.value || this.onlyProblems)) this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Choose the note that is some notes further on among those that are listed. */
  step(by) {
    const listed = this.rows.filter(({ row }) => !row.hidden);
    if (listed.length === 0) return;
    const at = listed.findIndex(({ note }) => note.id === this.chosen);
    const to = at < 0 ? (by < 0 ? listed.length - 1 : 0) : Math.min(Math.max(at + by, 0), listed.length - 1);
    this.choose(listed[to].note.id);
  }

  /** Return whether a note is listed. */
  shows(id) {
    return this.byId.get(id)?.row.hidden === false;
  }

  /** List all notes again. */
  clear() {
    this.search.value = "";
    this.onlyProblems = false;
    this.filter();
    this.reveal();
  }

  showOnlyProblems(only) {
    this.onlyProblems = only;
    this.filter();
    this.reveal();
  }

  /** Mark the chosen note, and bring it into view. */
  mark(id) {
    this.byId.get(this.chosen)?.row.setAttribute("aria-selected", "false");
    this.chosen = id;
    this.edited.delete(id);
    const found = this.byId.get(id);
    for (const element of [this.box, this.search]) {
      if (found) element.setAttribute("aria-activedescendant", found.row.id);
      else element.removeAttribute("aria-activedescendant");
    }
    if (!found) return;
    found.row.setAttribute("aria-selected", "true");
    this.badge(found);
    this.reveal();
  }

  reveal() {
    const row = this.byId.get(this.chosen)?.row;
    if (!row || row.hidden) return;
    const place = row.getBoundingClientRect();
    const room = this.box.getBoundingClientRect();
    // The heading of a section stays on top.
    if (place.top < room.top + 34 || place.bottom > room.bottom) {
      this.box.scrollTop += (place.top + place.bottom - room.top - room.bottom) / 2;
    }
  }

  /** Mark notes as edited while another one was shown. */
  markEdited(ids) {
    for (const id of ids) {
      if (id !== this.chosen && this.byId.has(id)) this.edited.add(id);
    }
    for (const each of this.rows) this.badge(each);
  }

  /** List the notes of the present state. */
  draw() {
    const { sections, deck } = this.project.state;
    const signature = JSON.stringify([deck?.language, deck?.direction, sections.map(one => [one.title, one.notes.map(note => [note.id, note.title, note.below])])]);
    if (signature === this.signature) {
      for (const each of this.rows) each.note = this.project.notes.get(each.note.id);
    } else {
      this.signature = signature;
      this.fill(sections, deck);
    }
    for (const each of this.rows) this.badge(each);
    this.filter();
  }

  fill(sections, deck) {
    const place = this.box.scrollTop;
    this.rows = [];
    this.groups = sections.map((section, at) => {
      const title = make("span", { text: section.title, lang: deck.language, dir: deck.direction });
      const number = make("span", { class: "number" });
      const heading = make("div", { class: "section-name", id: `section_${at}`, role: "presentation" }, title, number);
      const rows = section.notes.map(note => {
        const name = make("span", { class: "note-name", lang: deck.language, dir: deck.direction }, ...withFormulas(note.title, note.formulas));
        const row = make("div", { role: "option", class: note.below ? "below" : null, id: `row_${this.rows.length}`, "data-note": note.id, "aria-selected": note.id === this.chosen ? "true" : "false", title: note.title }, name);
        this.rows.push({ note, row, words: plain(`${note.title}\n${note.id}\n${section.title}`), badges: "" });
        return row;
      });
      const element = make("div", { role: "group", "aria-labelledby": `section_${at}` }, heading, ...rows);
      return { element, rows, number };
    });
    this.box.replaceChildren(...this.groups.map(group => group.element));
    this.byId = new Map(this.rows.map(each => [each.note.id, each]));
    this.edited = new Set([...this.edited].filter(id => this.byId.has(id)));
    this.box.scrollTop = place;
  }

  badge(each) {
    const { note, row } = each;
    const problems = this.project.problemsOf(note.id);
    const severity = worst(problems);
    const badges = `${this.edited.has(note.id)} ${severity} ${problems.length} ${note.cards.length}`;
    if (badges === each.badges) return;
    each.badges = badges;
    for (const old of row.querySelectorAll(".badge, .number")) old.remove();
    if (this.edited.has(note.id)) row.append(make("span", { class: "badge edited", role: "img", "aria-label": "edited", title: "Edited since you saw it" }));
    if (severity) {
      const label = count(problems.length, severity === "error" || severity === "warning" ? severity : "problem");
      row.append(make("span", { class: `badge ${severity}`, role: "img", "aria-label": label, title: label }));
    }
    if (note.cards.length > 1) row.append(make("span", { class: "number", text: String(note.cards.length), "aria-label": count(note.cards.length, "card") , role: "img" }));
  }

  filter() {
    const words = plain(this.search.value).split(/\s+/).filter(Boolean);
    let listed = 0;
    for (const each of this.rows) {
      const fits = words.every(word => each.words.includes(word)) && (!this.onlyProblems || this.project.problemsOf(each.note.id).length > 0);
      if (each.row.hidden === fits) each.row.hidden = !fits;
      listed += fits;
    }
    for (const { element, rows, number } of this.groups ?? []) {
      const left = rows.filter(row => !row.hidden).length;
      element.hidden = left === 0;
      write(number, left === rows.length ? String(left) : `${left} of ${rows.length}`);
    }
    const whole = count(this.rows.length, "note");
    write(find("listed"), listed === this.rows.length ? whole : `${listed.toLocaleString("en")} of ${whole}`);
    find("none_listed").hidden = listed > 0 || this.rows.length === 0;
    find("only_problems").setAttribute("aria-pressed", this.onlyProblems);
  }
}
