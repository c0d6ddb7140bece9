// Single keys, which can be turned off, and the small help that names them.

import { find, make } from "/assets/elements.js";
import { onSetting, set, setting } from "/assets/settings.js";

/** Let keys act. `keys` has, for each line of the help, its keys, what they do, and the function that does it. */
export function listen(keys) {
  const dialog = find("help");
  const rows = keys.flatMap(({ names, does }) => [
    make("dt", {}, ...names.map(name => make("kbd", { text: NAMES[name] ?? name }))),
    make("dd", { text: does }),
  ]);
  find("key_list").append(...rows);
  const acts = new Map(keys.flatMap(({ names, act }) => names.map((name, at) => [name, () => act(at)])));

  find("help_button").addEventListener("click", () => dialog.showModal());
  find("help_close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close();
  });
  const box = find("single_keys");
  const show = () => {
    box.checked = setting("keys");
  };
  box.addEventListener("change", () => set("keys", box.checked));
  onSetting(show);
  show();

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || dialog.open) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    // On keyboards without Latin letters, the key's place counts.
    const isOther = /^Key/.test(event.code) && !/^[a-z]$/i.test(event.key);
    const key = isOther ? event.code.slice(3).toLowerCase() : event.key;
    const isArrow = key.startsWith("Arrow");
    if (!acts.has(key) || (!setting("keys") && !isArrow)) return;
    // What scrolls keeps its arrows.
    if (isArrow && event.target !== document.body) return;
    event.preventDefault();
    acts.get(key)();
  });
}

const NAMES = { ArrowDown: "↓", ArrowUp: "↑" };
