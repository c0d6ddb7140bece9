// The chosen note: each of its cards, front and back, in the views that the author has chosen.

import { count, find, icon, make, write, writeTitle } from "/assets/elements.js";
import { VIEWS, chosenViews, onSetting, set, setting, toggleView } from "/assets/settings.js";
import { Side } from "/assets/swap.js";

const SIDES = ["front", "back"];
const DEVICES = [...new Set(VIEWS.map(({ device }) => device))];

/** Where the cards of one note are shown. */
export class Stage {
  constructor(project) {
    this.project = project;
    this.note = null;
    this.cards = [];
    this.buttons = find("views");
    VIEWS.forEach((view, at) => this.buttons.append(this.viewButton(view, at)));
    find("arrangement").addEventListener("click", turnArrangement);
    onSetting(() => this.draw());
  }

  viewButton(view, at) {
    const button = make("button", {
      type: "button",
      id: `view_${view.name}`,
      class: "view",
      "aria-label": view.title,
      title: `${view.title} (${at + 1})`,
    });
    button.append(icon(view.device), icon(view.night ? "moon" : "sun"));
    button.addEventListener("click", () => toggleView(view.name));
    return button;
  }

  /** Show a note, from its top; null for none. */
  open(note) {
    const isOther = note?.id !== this.note?.id;
    this.note = note;
    this.draw();
    if (isOther) find("stage").scrollTop = 0;
  }

  /** Load what could not be loaded. */
  retry() {
    for (const { sides } of this.cards) for (const side of sides.values()) side.retry();
  }

  draw() {
    const { note } = this;
    const { deck } = this.project.state ?? {};
    for (const view of VIEWS) find(`view_${view.name}`).setAttribute("aria-pressed", setting("views").includes(view.name));
    find("arrangement").setAttribute("aria-pressed", setting("arrangement") === "beside");
    find("note").hidden = note === null;
    find("nothing").hidden = note !== null;
    if (note === null) {
      this.trim(0);
      return;
    }
    const title = find("note_title");
    title.lang = deck.language;
    title.dir = deck.direction;
    writeTitle(title, note.title, note.formulas);
    write(find("note_kind"), `${note.note_type}, ${count(note.cards.length, "card")}`);
    const stage = find("card_list");
    stage.dataset.arrangement = setting("arrangement");
    note.cards.forEach((card, at) => {
      this.cards[at] ??= this.addCard(stage);
      this.drawCard(this.cards[at], card);
    });
    this.trim(note.cards.length);
  }

  trim(length) {
    for (const { element, sides } of this.cards.splice(length)) {
      for (const side of sides.values()) side.remove();
      element.remove();
    }
  }

  addCard(stage) {
    const heading = make("h3", { class: "card-name" });
    // The views of a device stay together where not all have room side by side.
    const groups = new Map(DEVICES.map(device => [device, make("div", { class: "device", "data-device": device })]));
    const views = make("div", { class: "card-views" }, ...groups.values());
    const element = make("section", { class: "shown-card" }, heading, views);
    stage.append(element);
    return { element, heading, groups, columns: new Map(), sides: new Map() };
  }

  drawCard(shown, card) {
    const { deck } = this.project.state;
    const many = this.note.cards.length;
    const isNamed = new Set(this.note.cards.map(each => each.name)).size === many;
    const name = isNamed ? make("bdi", { text: card.name, lang: deck.language }) : null;
    shown.heading.replaceChildren(...[`Card ${card.number} of ${many}`, " ", name].filter(Boolean));
    shown.heading.classList.toggle("unseen", many === 1);
    const chosen = chosenViews();
    for (const [name, column] of shown.columns) {
      if (chosen.some(view => view.name === name)) continue;
      for (const side of SIDES) {
        shown.sides.get(`${name} ${side}`).remove();
        shown.sides.delete(`${name} ${side}`);
      }
      column.remove();
      shown.columns.delete(name);
    }
    // What stands is never moved: a frame that moves is loaded again.
    chosen.forEach((view, at) => {
      if (!shown.columns.has(view.name)) {
        const column = this.addColumn(shown, view);
        shown.columns.set(view.name, column);
        const later = chosen.slice(at + 1).filter(each => each.device === view.device);
        const next = later.map(each => shown.columns.get(each.name)).find(Boolean);
        shown.groups.get(view.device).insertBefore(column, next ?? null);
      }
      for (const side of SIDES) {
        const title = `${side === "front" ? "Front" : "Back"} of card ${card.number}, ${view.title.toLowerCase()}`;
        const address = this.project.address(this.note.id, card.number, side, view);
        shown.sides.get(`${view.name} ${side}`).show(address, title);
      }
    });
  }

  addColumn(shown, view) {
    const sides = SIDES.map(name => {
      const side = new Side(view.device);
      shown.sides.set(`${view.name} ${name}`, side);
      const screen = make("div", { class: "screen" }, side.element);
      return make("figure", { "data-side": name }, make("figcaption", { text: name === "front" ? "Front" : "Back" }), screen);
    });
    const heading = make("h4", {}, icon(view.device), icon(view.night ? "moon" : "sun"), view.title);
    return make(
      "div",
      { class: "column", "data-view": view.name, "data-device": view.device, "data-night": view.night },
      heading,
      make("div", { class: "sides" }, ...sides),
    );
  }
}

/** Put front and back beside each other, or one below the other. */
export function turnArrangement() {
  set("arrangement", setting("arrangement") === "beside" ? "stacked" : "beside");
}
