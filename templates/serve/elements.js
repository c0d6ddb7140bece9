// Elements, made in one line; and those that the page has from the beginning.

/** Return a new element. Properties are attributes; `text` is its text, and what is null or false is left out. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") element.textContent = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

/** Return a drawing that index.html defines. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon_${name}`);
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

/** Return the element with an id. */
export function find(id) {
  return document.getElementById(id);
}

/** Set a text, unless it is there: what is read aloud is then not read again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Return a number and its noun. */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Return a text with what stands between backticks as code. */
export function withCode(text) {
  return text.split("`").map((part, at, parts) => {
    if (at % 2 === 0) return part;
    return at === parts.length - 1 ? `\`${part}` : make("code", { text: part });
  });
}
