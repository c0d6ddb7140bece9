// What the author sees of `cardpress serve`: its parts, and what they tell each other.

import { find, write } from "/assets/elements.js";
import { listen } from "/assets/keys.js";
import { List } from "/assets/list.js";
import { Outputs } from "/assets/outputs.js";
import { Problems, copy, editorAddress, place, placeLinks, say, summary } from "/assets/problems.js";
import { VIEWS, onSetting, set, setting, toggleView } from "/assets/settings.js";
import { Stage, turnArrangement } from "/assets/stage.js";
import { Project } from "/assets/state.js";

const project = new Project();
const stage = new Stage(project);
const outputs = new Outputs(project);
const list = new List(project, id => openNote(id));
const problems = new Problems(project);
let current = null; // the id of the note that is shown
let position = 0; // where it stood in the list
let lastEdited = null;
let hasNotes = false; // whether there ever were any: until then, the address waits

// ---- What is shown, and its address

/** Show a note, or another one in its place if it is gone. */
function openNote(id, { keepsTab = false } = {}) {
  const notes = [...project.notes.values()];
  const note = project.notes.get(id) ?? notes[Math.min(position, notes.length - 1)] ?? null;
  if (note) {
    current = note.id;
    position = note.at;
  }
  if (!keepsTab) outputs.open(null);
  list.mark(current);
  showNote();
  keepAddress();
  setListOpen(false);
}

let drawing = null;
let lastDrawn = -Infinity;

// Who holds a key down sees the list move, and the cards of the note on which it stops. What can be clicked
// (its place, its problems) is of the chosen note at any time.
function showNote() {
  const note = project.notes.get(current) ?? null;
  problems.draw(note);
  drawPlace(note);
  document.title = [note?.title, project.state.deck?.title ?? project.state.project].filter(Boolean).join(" · ");
  clearTimeout(drawing);
  const draw = () => {
    const shown = project.notes.get(current) ?? null;
    if (shown) lastDrawn = performance.now();
    stage.open(shown);
  };
  if (performance.now() - lastDrawn > 300) draw();
  else drawing = setTimeout(draw, 120);
}

function drawPlace(note) {
  const links = note?.path ? placeLinks(project.state.root, { path: note.path, line: note.line }) : [];
  find("note_place").replaceChildren(...links);
}

function keepAddress() {
  if (!hasNotes) return;
  const address = outputs.name ? `#output=${encodeURIComponent(outputs.name)}` : current ? `#note=${encodeURIComponent(current)}` : "#cards";
  if (location.hash !== address) history.replaceState(null, "", address);
}

function followAddress() {
  const [kind, value] = location.hash.slice(1).split("=");
  let name;
  try {
    name = decodeURIComponent(value ?? "");
  } catch {
    return;
  }
  if (kind === "note" && project.notes.has(name)) openNote(name);
  else if (kind === "output" && (outputs.find(name) || !project.knowsOutputs)) {
    outputs.open(name);
    setListOpen(false);
  } else if (kind === "cards") openNote(current);
}

// ---- What the server tells

function changed(notes) {
  find("connection").dataset.away = project.isAway ? "yes" : "no";
  write(find("connection"), project.isAway ? "Server away, waiting for it" : "");
  problems.count();
  const { state } = project;
  if (!state) return;
  const { deck } = state;
  const title = find("deck_title");
  write(title, deck?.title ?? state.project);
  if (deck) {
    title.lang = deck.language;
    title.dir = deck.direction;
  }
  write(find("deck_version"), deck?.version ?? "");
  drawBanner(state);
  list.draw();
  outputs.draw();
  const hasAddress = location.hash.startsWith("#note=") || location.hash.startsWith("#output=");
  const isFirst = !hasNotes && project.notes.size > 0;
  hasNotes ||= isFirst;
  if (isFirst && hasAddress) {
    current = [...project.notes.keys()][0] ?? null;
    followAddress();
    if (outputs.name) openNote(current, { keepsTab: true });
    else if (!stage.note) openNote(current);
    return;
  }
  const target = followed(notes);
  if (notes?.length) list.markEdited(notes);
  if (target !== null) {
    if (target !== current) {
      if (!list.shows(target)) list.clear();
      say(`Edited: ${project.notes.get(target).title}`);
    }
    openNote(target, { keepsTab: outputs.name !== null });
  } else openNote(current, { keepsTab: outputs.name !== null });
  if (setting("follows")) outputs.follow();
}

/** Return the note that was just saved, if it is to be shown. */
function followed(notes) {
  const known = (notes ?? []).filter(id => project.notes.has(id));
  known.sort((one, other) => project.notes.get(one).at - project.notes.get(other).at);
  if (known.length === 0) return null;
  lastEdited = known[0];
  if (!setting("follows") || known.includes(current)) return null;
  return known[0];
}

function drawBanner(state) {
  const isBroken = state.is_stale || (!state.deck && state.problems.length > 0);
  find("banner").hidden = !isBroken;
  const what = state.deck ? "Shown: the last good state." : "There was no good state yet.";
  write(find("banner_text"), isBroken ? `The source is broken. ${what} ${summary(state.problems)}.` : "");
  let nothing = "Reading the source …";
  if (state.deck) nothing = "This deck has no notes yet.";
  else if (isBroken) nothing = "Nothing can be shown yet. Mend what is listed under the problems, and save.";
  write(find("nothing_text"), nothing);
}

// ---- Buttons and keys

function setListOpen(isOpen) {
  document.body.dataset.list = isOpen ? "open" : "closed";
  find("list_button").setAttribute("aria-expanded", isOpen);
}

function drawSettings() {
  document.documentElement.dataset.theme = setting("theme");
  const names = { auto: "as the system", light: "light", dark: "dark" };
  find("theme_button").setAttribute("aria-label", `Colors: ${names[setting("theme")]}`);
  find("theme_button").title = `Colors: ${names[setting("theme")]} (t)`;
  find("follow_button").setAttribute("aria-checked", setting("follows"));
}

function turnTheme() {
  const themes = ["auto", "light", "dark"];
  set("theme", themes[(themes.indexOf(setting("theme")) + 1) % themes.length]);
}

function edit() {
  const note = project.notes.get(current);
  if (!note?.path) return;
  const address = editorAddress(project.state.root, note);
  if (address) location.href = address;
  else copy(place({ path: note.path, line: note.line }));
}

function openTab(by) {
  const names = outputs.names();
  const to = names[(names.indexOf(outputs.name) + by + names.length) % names.length];
  outputs.open(to);
  keepAddress();
}

function openEdited() {
  if (lastEdited !== null && project.notes.has(lastEdited)) openNote(lastEdited);
}

find("list_button").addEventListener("click", () => {
  setListOpen(document.body.dataset.list !== "open");
  if (document.body.dataset.list === "open") find("search").focus();
});
// A click beside the open list, or Esc, closes it.
find("main").addEventListener("click", () => setListOpen(false));
document.addEventListener("keydown", event => {
  if (event.key !== "Escape" || document.body.dataset.list !== "open" || event.defaultPrevented) return;
  setListOpen(false);
  find("list_button").focus();
});
find("theme_button").addEventListener("click", turnTheme);
find("follow_button").addEventListener("click", () => set("follows", !setting("follows")));
addEventListener("hashchange", followAddress);
onSetting(drawSettings);
drawSettings();
listen([
  { names: ["j", "ArrowDown"], does: "next note", act: () => list.step(1) },
  { names: ["k", "ArrowUp"], does: "note before", act: () => list.step(-1) },
  {
    names: ["/"],
    does: "find notes",
    act: () => {
      setListOpen(true);
      find("search").focus();
      find("search").select();
    },
  },
  { names: ["1", "2", "3", "4"], does: "desktop by day, by night; phone by day, by night", act: at => toggleView(VIEWS[at].name) },
  { names: ["b"], does: "front and back beside each other", act: turnArrangement },
  { names: ["p"], does: "problems", act: () => set("problems", !setting("problems")) },
  { names: ["f"], does: "jump to edits, or stay", act: () => set("follows", !setting("follows")) },
  { names: ["e"], does: "the note edited last", act: openEdited },
  { names: ["o"], does: "edit the note in VS Code", act: edit },
  { names: ["[", "]"], does: "cards, page and sheets", act: at => openTab(at === 0 ? -1 : 1) },
  { names: ["t"], does: "light, dark, as the system", act: turnTheme },
  { names: ["?"], does: "these keys", act: () => find("help").showModal() },
]);

project.onNewCards(notes => {
  if (notes.has(current)) stage.draw();
});
project.onChange(notes => {
  changed(notes);
  if (!project.isAway) stage.retry();
});
project.connect();
