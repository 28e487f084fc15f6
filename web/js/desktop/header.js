// The element among the Desktop's icons: a button, and the panel below it in a
// popover above everything else. The panel's frame is always in the page, so
// that it keeps its state. Nothing can leave a frame: where the Desktop gives
// the element one of its own, the popover has only what room that one has.

const SIZE = { width: 400, height: 600 };
const LEAST = 120; // px of height without which the panel does not open
const GAP = 6; // px to the button and to the window's edges
const NO_ROOM = "There is no room here for the panel. Your administrator can put it on a page or into a tab.";
const MARK = "M3 18.500V8M21 18.500V8M3 9c3.5 7 14.5 7 18 0M7 12.500v6M12 14.500v4M17 12.500v6M2 18.500h20"; // icons/bridge.svg

const STYLE = `
:host { display: flex !important; align-items: center; flex: none; }
button { display: inline-flex; align-items: center; gap: 6px; height: 32px; padding: 0 12px; border: 1px solid color-mix(in srgb, currentColor 30%, transparent);
  border-radius: 16px; background: none; color: inherit; font: inherit; font-size: 14px; font-weight: 500; line-height: 20px; white-space: nowrap; cursor: pointer; }
button:hover, button[aria-expanded="true"] { background: color-mix(in srgb, currentColor 12%, transparent); }
button:focus-visible { outline: 2px solid #1170cf; outline-offset: 2px; }
svg { width: 20px; height: 20px; flex: none; }
div { display: block; position: fixed; inset: auto; z-index: 2147483647; box-sizing: border-box; margin: 0; padding: 0; overflow: hidden;
  border: 1px solid #8886; border-radius: 8px; box-shadow: 0 8px 24px #0005; }
div:not([data-open]) { visibility: hidden; }
iframe { display: block; width: 100%; height: 100%; border: 0; }
@media (max-width: 640px) { button { padding: 0 6px; } span { display: none; } }
`;

// place says where the popover stands: below the button, its left edge at the
// button's, where it leaves the Desktop's own view of the call alone, inside the
// window. All in px.
export function place(button, view) {
  const width = Math.min(SIZE.width, view.width - 2 * GAP);
  const top = button.bottom + GAP;
  return {
    left: Math.max(GAP, Math.min(button.left, view.width - GAP - width)),
    top,
    width,
    height: Math.max(0, Math.min(SIZE.height, view.height - top - GAP)),
  };
}

function mark() {
  const make = (name, attributes) => {
    const el = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    return el;
  };
  const svg = make("svg", {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": true,
  });
  svg.append(make("path", { d: MARK }));
  return svg;
}

// makeHeader puts the button and the panel's frame into host. It returns
// {open(yes), dress(dark), remove()}.
export function makeHeader(host, frame) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // Unlike a style element it needs no leave of the page's policy.
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  const box = document.createElement("div");
  const label = document.createElement("span");
  label.textContent = "HubSpot";
  const set = (el, attributes) => Object.entries(attributes).forEach(([name, value]) => el.setAttribute(name, value));
  set(button, { type: "button", "aria-label": "HubSpot", "aria-haspopup": "dialog", "aria-controls": "panel", "aria-expanded": false });
  set(box, { id: "panel", role: "dialog", "aria-label": "HubSpot", popover: "manual" });
  button.append(mark(), label);
  box.append(frame);
  root.replaceChildren(button, box);

  let shown = false;
  function fit() {
    const at = place(button.getBoundingClientRect(), { width: innerWidth, height: innerHeight });
    for (const [name, value] of Object.entries(at)) box.style[name] = `${value}px`;
    return at.height >= LEAST;
  }
  function open(yes) {
    if (yes === shown) return;
    const within = root.activeElement === frame;
    const room = fit();
    button.title = room ? "HubSpot" : NO_ROOM;
    if (yes && !room) return;
    shown = yes;
    button.setAttribute("aria-expanded", yes);
    box.toggleAttribute("data-open", yes);
    if (yes) box.showPopover?.(); // Into the top layer, over whatever the Desktop has.
    else box.hidePopover?.();
    if (!yes && within) button.focus();
  }
  // Escape is ours when the focus is here or nowhere.
  function key(event) {
    if (!shown || event.key !== "Escape" || event.defaultPrevented) return;
    if (event.target !== document.body && !event.composedPath().includes(host)) return;
    event.preventDefault();
    open(false);
  }
  const moved = () => shown && fit();
  button.addEventListener("click", () => {
    open(!shown);
    if (shown) frame.focus();
  });
  window.addEventListener("keydown", key);
  window.addEventListener("resize", moved);
  button.title = fit() ? "HubSpot" : NO_ROOM;
  return {
    open,
    // dress takes the Desktop's dark mode; what is not known is inherited.
    dress: (dark) => (button.style.color = dark === undefined || dark === null ? "" : String(dark) === "true" ? "#fff" : "#1a1a1a"),
    remove() {
      window.removeEventListener("keydown", key);
      window.removeEventListener("resize", moved);
      root.replaceChildren();
    },
  };
}
