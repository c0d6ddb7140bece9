// The page and the sheets, each in a tab. One is made anew after a save, and replaced when it is there.

import { find, make } from "/assets/elements.js";

/** What is shown in place of the cards. */
export class Outputs {
  constructor(project) {
    this.project = project;
    this.name = null;
    this.frame = this.next = null;
    this.shown = null;
    find("output_again").addEventListener("click", () => this.load());
  }

  /** Draw the tabs. */
  draw() {
    const outputs = this.project.state.outputs;
    const signature = JSON.stringify(outputs);
    if (signature !== this.signature) {
      this.signature = signature;
      const tabs = [{ name: "cards", title: "Cards" }, ...outputs].map(({ name, title }) => {
        const address = name === "cards" ? "#cards" : `#output=${encodeURIComponent(name)}`;
        return make("li", {}, make("a", { href: address, text: title, "data-tab": name }));
      });
      find("tabs").replaceChildren(...tabs);
    }
    this.mark();
  }

  mark() {
    for (const tab of find("tabs").querySelectorAll("a")) {
      if (tab.dataset.tab === (this.name ?? "cards")) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    const isOld = this.shown !== null && this.shown !== this.version();
    find("output_again").hidden = !isOld;
  }

  version() {
    return `${this.name} ${this.project.base} ${this.project.state.revision}`;
  }

  find(name) {
    return this.project.state?.outputs.find(each => each.name === name) ?? null;
  }

  /** Show an output by its name, null for the cards. */
  open(name) {
    const output = this.find(name);
    const isOther = this.name !== (output?.name ?? null);
    this.name = output?.name ?? null;
    find("output").hidden = output === null;
    find("cards").hidden = output !== null;
    if (output === null) this.clear();
    else if (isOther) {
      this.clear();
      find("output_title").textContent = output.title;
      find("output_alone").href = output.address;
      this.load();
    }
    this.mark();
  }

  clear() {
    this.frame?.remove();
    this.next?.remove();
    this.frame = this.next = this.shown = null;
  }

  /** Show it as it is now, if one is open. */
  load() {
    const output = this.find(this.name);
    if (!output) return;
    this.shown = this.version();
    this.next?.remove();
    const frame = make("iframe", { title: output.title, class: "next" });
    // The page has scripts, which can be a project's own. A browser's viewer of PDFs does not work in a sandbox.
    if (!output.address.endsWith(".pdf")) frame.setAttribute("sandbox", "allow-scripts");
    frame.src = `${output.address}?r=${encodeURIComponent(this.project.state.revision)}`;
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
