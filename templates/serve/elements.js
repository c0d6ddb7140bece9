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

/** Set a title, unless it is there, with its formulas as MathML: `formulas` has them by how they stand in the title. */
export function writeTitle(element, title, formulas) {
  const signature = JSON.stringify([title, formulas]);
  if (element.dataset.title === signature) return;
  element.dataset.title = signature;
  element.replaceChildren(...withFormulas(title, formulas));
}

/** Return a title in parts: texts, and its formulas as MathML. */
export function withFormulas(title, formulas) {
  const parts = [];
  let end = 0;
  for (const [place, begin] of placesOf(title, Object.keys(formulas))) {
    parts.push(title.slice(end, begin), formula(formulas[place]));
    end = begin + place.length;
  }
  return [...parts, title.slice(end)];
}

/** Return where texts stand in another text, in their order, none in a place that another one has. */
function placesOf(whole, texts) {
  const places = [];
  for (let at = 0; at < whole.length; at += 1) {
    const found = whole[at] === "\\" && texts.find(text => whole.startsWith(text, at));
    if (!found) continue;
    places.push([found, at]);
    at += found.length - 1;
  }
  return places;
}

function formula(source) {
  const drawn = new DOMParser().parseFromString(source, "text/html").querySelector("math");
  drawn.removeAttribute("display"); // a title is a line
  return document.adoptNode(drawn);
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
