// Elements, icons and the sheet of styles that every shadow root shares.

// h makes an element. Of its properties those beginning with on are listeners,
// class, data-…, aria-… and role attributes, the others properties.
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "class" || name === "role" || name === "for" || name === "slot" || /^(data|aria)-/.test(name)) el.setAttribute(name, value);
    else el[name] = value;
  }
  el.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return el;
}

const shapes = {
  tasks: "M4 5h16v3H4zM4 10.5h16v3H4zM4 16h16v3H4z",
  home: "M12 3 3 11h2v9h5v-6h4v6h5v-9h2z",
  page: "M6 3h9l4 4v14H6zm2 7v2h9v-2zm0 4v2h9v-2z",
  call: "M6.6 3 10 4l1 4-2.200 2a12 12 0 0 0 5.200 5.200l2-2.200 4 1 1 3.400A3 3 0 0 1 18 20.500 15.500 15.500 0 0 1 3.500 6 3 3 0 0 1 6.600 3z",
  bell: "M12 3a6 6 0 0 0-6 6v5l-2 3h16l-2-3V9a6 6 0 0 0-6-6zm-2.500 15a2.500 2.500 0 0 0 5 0z",
  team: "M9 5a3.500 3.500 0 1 0 .01 0zM2.500 19c0-4 3-6 6.500-6s6.500 2 6.500 6zM16.500 7a2.800 2.800 0 1 0 .01 0zM17 19h4.500c0-3.500-2-5.200-5-5.400A9 9 0 0 1 17 19z",
  close: "m6 4.600 6 6 6-6L19.400 6l-6 6 6 6-1.400 1.400-6-6-6 6L4.600 18l6-6-6-6z",
  down: "m6 9 6 6 6-6z",
  flask: "M9 3h6v2h-1v4.500l5 9.500a1.500 1.500 0 0 1-1.300 2H6.300A1.500 1.500 0 0 1 5 19l5-9.500V5H9z",
  large: "M4 4h7v2H7.400l4 4-1.400 1.400-4-4V11H4zm16 16h-7v-2h3.600l-4-4 1.400-1.400 4 4V13h2z",
  webex: "M12 4a8 8 0 1 0 .01 0zm0 3a5 5 0 1 1-.01 0z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[name] ?? shapes.page);
  svg.append(path);
  return svg;
}

let sheet = null;

// useStyles makes the sheet at an address that of every shadow root.
export function useStyles(url) {
  sheet = new CSSStyleSheet();
  return fetch(url).then((answer) => answer.text()).then((text) => sheet.replace(text));
}

export function shadow(el) {
  const root = el.attachShadow({ mode: "open" });
  if (sheet) root.adoptedStyleSheets = [sheet];
  return root;
}

// find looks for an element through every open shadow root; all finds them all.
export function all(selector, root = document) {
  const found = [...root.querySelectorAll(selector)];
  for (const el of root.querySelectorAll("*")) if (el.shadowRoot) found.push(...all(selector, el.shadowRoot));
  return found;
}
export const find = (selector) => all(selector)[0] ?? null;
