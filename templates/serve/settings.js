// What the author chose, kept by the browser: which views are shown, how they are arranged, light or dark.

const NAME = "cardpress serve";
const DEFAULTS = {
  views: ["desktop-day", "phone-night"],
  arrangement: "stacked",
  follows: true,
  theme: "auto",
  problems: true,
  keys: true,
};
const ALLOWED = { arrangement: ["stacked", "beside"], theme: ["auto", "light", "dark"] };

/** The four ways in which a card is seen, in the order in which they stand. */
export const VIEWS = [
  { name: "desktop-day", title: "Desktop, day", device: "desktop", night: 0 },
  { name: "desktop-night", title: "Desktop, night", device: "desktop", night: 1 },
  { name: "phone-day", title: "Phone, day", device: "phone", night: 0 },
  { name: "phone-night", title: "Phone, night", device: "phone", night: 1 },
];

const settings = { ...DEFAULTS, ...read() };
const listeners = [];

// Storage can be off, and what is in it can be anything.
function read() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
  const known = Object.entries(kept).filter(([key, value]) => {
    if (key === "views") return Array.isArray(value) && value.some(view => VIEWS.some(({ name }) => name === view));
    return ALLOWED[key] ? ALLOWED[key].includes(value) : typeof value === typeof DEFAULTS[key];
  });
  return Object.fromEntries(known);
}

/** Return one of the settings. */
export function setting(name) {
  return settings[name];
}

/** Change one of the settings, keep it, and tell who shows it. */
export function set(name, value) {
  settings[name] = value;
  try {
    localStorage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // It is then as it was when the page is opened again.
  }
  for (const listener of listeners) listener(name);
}

/** Call a function with the name of each setting that changes. */
export function onSetting(listener) {
  listeners.push(listener);
}

/** Return the views that are chosen. */
export function chosenViews() {
  return VIEWS.filter(({ name }) => settings.views.includes(name));
}

/** Show or hide a view. The last one stays. */
export function toggleView(name) {
  const views = settings.views.includes(name) ? settings.views.filter(each => each !== name) : [...settings.views, name];
  if (VIEWS.some(each => views.includes(each.name))) set("views", views);
}
