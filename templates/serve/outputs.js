// The page and the sheets, each in a tab. One is made anew after a save, and replaced when it is there.

import { find, make } from "/assets/elements.js";

function nameOf({ address }) {
  return address.split("/").at(-1);
}

function addressOf(output) {
  return `#output=${encodeURIComponent(nameOf(output))}`;
}

function isSheet({ address }) {
  return address.endsWith(".pdf");
}

function link([address, title]) {
  return make("li", {}, make("a", { href: address, text: title }));
}

/** What is shown in place of the cards. */
export class Outputs {
  constructor(project) {
    this.project = project;
    this.name = null; // of what is wanted, which may not be there yet
    this.opened = null; // the name of what is in the frame, and which version it is
    this.shown = null;
    this.frame = this.next = null;
    find("output_again").addEventListener("click", () => this.load());
  }

  /** Draw the tabs: the cards, the page, and one for all sheets. */
  draw() {
    const { outputs } = this.project.state;
    const signature = JSON.stringify(outputs);
    if (signature !== this.signature) {
      this.signature = signature;
      const sheets = outputs.filter(isSheet);
      const tabs = outputs.filter(each => !isSheet(each)).map(each => [addressOf(each), each.title]);
      if (sheets.length > 0) tabs.push([addressOf(sheets[0]), sheets.length > 1 ? "Sheets" : sheets[0].title]);
      find("tabs").replaceChildren(...[["#cards", "Cards"], ...tabs].map(link));
      find("sheets").replaceChildren(...sheets.map(each => link([addressOf(each), each.title])));
    }
    this.show();
  }

  mark() {
    const output = this.find(this.name);
    const address = output ? addressOf(output) : "#cards";
    const first = this.project.state?.outputs.find(isSheet);
    const tab = output && isSheet(output) ? addressOf(first) : address;
    find("sheets").hidden = !output || !isSheet(output);
    find("output_title").hidden = !find("sheets").hidden;
    for (const [place, current] of [[find("tabs"), tab], [find("sheets"), address]]) {
      for (const each of place.querySelectorAll("a")) {
        if (each.getAttribute("href") === current) each.setAttribute("aria-current", "page");
        else each.removeAttribute("aria-current");
      }
    }
    find("output_again").hidden = !this.isOld();
  }

  // It follows the cards when all rules have been asked, and not at all as long as the source has errors.
  version() {
    return `${this.name} ${this.project.servers} ${this.project.state.made_of}`;
  }

  isOld() {
    return this.shown !== null && this.project.knowsOutputs && this.shown !== this.version();
  }

  // Sheets of two sizes of paper have one name.
  find(name) {
    return this.project.state?.outputs.find(each => nameOf(each) === name) ?? null;
  }

  /** Return the names of what can be opened, the cards first. */
  names() {
    return [null, ...(this.project.state?.outputs ?? []).map(nameOf)];
  }

  /** Show an output by its name, null for the cards. One that is not made yet is shown when it is. */
  open(name) {
    this.name = name;
    this.show();
  }

  show() {
    const output = this.find(this.name);
    if (output === null && this.project.knowsOutputs) this.name = null;
    find("output").hidden = output === null;
    find("cards").hidden = output !== null;
    if (this.opened !== this.name || output === null) this.clear();
    if (output !== null && this.opened === null) {
      find("output_title").textContent = output.title;
      find("output_alone").href = output.address;
      this.load();
    }
    this.mark();
  }

  clear() {
    this.frame?.remove();
    this.next?.remove();
    this.frame = this.next = this.opened = this.shown = null;
  }

  /** Show it as it is now, if one is open and is another one by now. */
  follow() {
    if (this.isOld()) this.load();
  }

  /** Show it as it is now, if one is open. */
  load() {
    const output = this.find(this.name);
    if (!output || !this.project.knowsOutputs) return;
    this.opened = this.name;
    this.shown = this.version();
    this.next?.remove();
    const frame = make("iframe", { title: output.title, class: "next" });
    // The page has scripts, which can be a project's own. A browser's viewer of PDFs does not work in a sandbox.
    if (!isSheet(output)) frame.setAttribute("sandbox", "allow-scripts");
    frame.src = `${output.address}?r=${encodeURIComponent(this.version())}`;
    this.next = frame;
    const place = find("output_frame");
    place.setAttribute("aria-busy", "true");
    frame.addEventListener("load", () => {
      if (frame !== this.next) return;
      this.frame?.remove();
      frame.classList.remove("next");
      this.frame = frame;
      this.next = null;
      place.setAttribute("aria-busy", "false");
    });
    place.append(frame);
    this.mark();
  }
}
