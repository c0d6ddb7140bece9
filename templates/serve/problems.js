// What is wrong in the source: first what is wrong with the note that is shown, then all else.

import { count, find, icon, make, withCode, write } from "/assets/elements.js";
import { onSetting, set, setting } from "/assets/settings.js";
import { worst } from "/assets/state.js";

// So many are listed at once, and so many characters of a line.
const MANY = 100;
const AROUND = 100;

/** Put a text on the clipboard, and say so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${text}`);
  } catch {
    say(text);
  }
}

let silence;

/** Say something in a line that goes away by itself. */
export function say(text) {
  const line = find("said");
  write(line, text);
  clearTimeout(silence);
  silence = setTimeout(() => write(line, ""), 4000);
}

/** Return a place as reports write it. */
export function place({ path, line, column }) {
  return [path, line, column].filter(part => part !== null && part !== undefined).join(":");
}

/** Return the address that opens a place in an editor, null where the folder of the project is not told. */
export function editorAddress(root, { path, line, column }) {
  if (!root) return null;
  const whole = `${root.replaceAll("\\", "/").replace(/\/$/, "")}/${path}`;
  const address = whole.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
  return `vscode://file${address.startsWith("/") ? "" : "/"}${address}:${line ?? 1}:${column ?? 1}`;
}

/** Return a button that copies a place, and a link that opens it in an editor if that can be. */
export function placeLinks(root, at) {
  const text = place(at);
  const button = make("button", { type: "button", class: "place", title: "Copy the place" }, make("bdi", { text }), icon("copy"));
  button.addEventListener("click", () => copy(text));
  const address = editorAddress(root, at);
  if (!address) return [button];
  return [button, make("a", { class: "edit", href: address, title: "Edit in VS Code", "aria-label": `Edit ${text} in VS Code` }, icon("edit"), "Edit")];
}

/** Return a line of the source in which the place of a problem is marked. */
function sourceLine({ source, column, end_column: end }) {
  const characters = Array.from(source);
  const from = Math.min(Math.max((column ?? 1) - 1, 0), characters.length);
  const to = Math.min(Math.max((end ?? from + 2) - 1, from + 1), Math.max(characters.length, from + 1));
  const first = Math.max(0, from - AROUND);
  const last = Math.min(characters.length, Math.min(to, from + AROUND) + AROUND);
  const part = (start, stop) => characters.slice(start, stop).join("");
  return [
    (first > 0 ? "…" : "") + part(first, from),
    make("mark", { text: part(from, Math.min(to, last)) || " " }),
    part(to, last) + (last < characters.length ? "…" : ""),
  ];
}

/** The panel with all problems. `open` is called with the id of a note that is to be shown. */
export class Problems {
  constructor(project, open) {
    this.project = project;
    this.open = open;
    this.note = null;
    this.most = MANY;
    find("problems_button").addEventListener("click", () => set("problems", !setting("problems")));
    onSetting(() => this.fold());
  }

  fold() {
    const any = (this.project.state?.problems.length ?? 0) > 0;
    const isOpen = setting("problems") && any;
    find("problems").dataset.open = isOpen ? "yes" : "no";
    const button = find("problems_button");
    button.setAttribute("aria-expanded", isOpen);
    button.disabled = !any;
  }

  /** Say how many there are, as far as that is known. */
  count() {
    const { state, isAway } = this.project;
    const problems = state?.problems ?? [];
    const isChecked = state !== null && state.is_checked !== false;
    const known = problems.length > 0 || isChecked ? summary(problems) : "";
    let now = "";
    if (isAway) now = known ? "the server is away" : "Not checked: the server is away";
    else if (!isChecked) now = known ? "checking …" : "Checking …";
    write(find("problems_count"), [known, now].filter(Boolean).join("; "));
    const kind = worst(problems) ?? (now ? "unknown" : "fine");
    find("problems_button").className = kind;
    write(find("only_problems_text"), known || (isAway ? "Not checked" : "Checking …"));
    find("only_problems").className = `summary ${kind}`;
  }

  /** List the problems, with those of this note on top. */
  draw(note) {
    const { problems, root } = this.project.state;
    this.note = note;
    const own = problems.filter(each => note && each.note === note.id);
    const other = problems.filter(each => !own.includes(each));
    this.count();
    const signature = JSON.stringify([root, own, other, this.most]);
    if (signature !== this.signature) {
      this.signature = signature;
      const parts = [this.group("In this note", own.slice(0, this.most), own.length, root)];
      const isAlone = own.length === 0;
      parts.push(this.group(isAlone ? "In the source" : "Elsewhere", other.slice(0, this.most), other.length, root));
      find("problem_list").replaceChildren(...parts.filter(Boolean));
    }
    this.fold();
  }

  group(title, listed, whole, root) {
    if (whole === 0) return null;
    const heading = make("h3", {}, title, " ", make("span", { class: "number", text: whole.toLocaleString("en") }));
    const items = make("ul", {}, ...listed.map(each => this.item(each, root)));
    const group = make("section", {}, heading, items);
    if (whole > listed.length) {
      const more = make("button", { type: "button", class: "more", text: `Show ${Math.min(whole - listed.length, MANY)} more` });
      more.addEventListener("click", () => {
        this.most += MANY;
        this.draw(this.note);
      });
      group.append(more);
    }
    return group;
  }

  item(problem, root) {
    const about = this.project.notes.get(problem.note);
    const head = make("p", { class: "kind" }, make("strong", { text: problem.severity }), " ", problem.code ? make("code", { text: problem.code }) : null);
    const where = make("p", { class: "where" }, ...(problem.path ? placeLinks(root, problem) : []));
    if (about && about.id !== this.note?.id) {
      const link = make("a", { href: `#note=${encodeURIComponent(about.id)}`, class: "about", text: "Show the note" });
      where.append(link);
    }
    return make(
      "li",
      { class: `problem ${problem.severity}` },
      head,
      make("p", { class: "message" }, ...withCode(problem.message)),
      problem.source ? make("pre", { dir: "ltr" }, make("span", { class: "line-number", text: String(problem.line) }), ...sourceLine(problem)) : null,
      problem.help ? make("p", { class: "help" }, make("b", { text: "help" }), " ", ...withCode(problem.help)) : null,
      where,
    );
  }
}

/** Say how many problems there are of each kind. */
export function summary(problems) {
  const kinds = ["error", "warning"].map(kind => [kind, problems.filter(each => each.severity === kind).length]);
  const other = problems.length - kinds.reduce((sum, [, number]) => sum + number, 0);
  const parts = [...kinds, ["note", other]].filter(([, number]) => number > 0).map(([kind, number]) => count(number, kind));
  return parts.join(", ") || "No problems";
}
