// Reads a desktop layout: of roles (0.1.0) or flat (0.0.x). It is lenient, as the
// Desktop is: what it cannot use becomes a problem, the rest still works.

export const roles = ["agent", "supervisor", "supervisorAgent"];
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// readLayout returns {model, problems}. A problem is {path, what}. The model is
// {title, logo, header, headless, panel, persistent, home, pages, settings}; it
// is empty where there is no layout at all.
export function readLayout(text, role = "agent") {
  const problems = [];
  const problem = (path, what) => problems.push({ path, what });
  const model = { title: "Webex Contact Center", logo: "", header: [], headless: null, panel: null, persistent: [], home: null, pages: [], settings: {} };
  let file;
  try {
    file = typeof text === "string" ? JSON.parse(text.replace(/^\uFEFF/, "")) : text;
  } catch (error) {
    problem("", `The file is no JSON: ${error.message}`);
    return { model, problems };
  }
  if (!isObject(file)) {
    problem("", "The file is not a layout: it has to be an object.");
    return { model, problems };
  }
  let at = role;
  let mine = file[role];
  const flat = isObject(file.area) && !roles.some((name) => name in file);
  if (flat) {
    [mine, at] = [file, ""];
  } else if (!isObject(mine)) {
    const other = roles.find((name) => isObject(file[name]));
    problem(role, `There is no object ${role}.${other ? ` ${other} is shown.` : ""}`);
    if (!other) return { model, problems };
    [mine, at] = [file[other], other];
  }
  const path = (...more) => [at, ...more].filter((part) => part !== "").join(".");
  model.settings = mine;
  if (typeof mine.appTitle === "string") model.title = mine.appTitle;
  if (typeof mine.logo === "string") model.logo = mine.logo;
  const area = mine.area;
  if (!isObject(area)) {
    problem(path("area"), "The area is missing: nothing but the Desktop's own parts is shown.");
    return { model, problems };
  }
  const read = makeReader(problem);
  if (area.advancedHeader !== undefined) {
    model.header = read.components(area.advancedHeader, path("area.advancedHeader"));
    for (const old of ["header", "headerActions"]) {
      if (area[old] !== undefined || mine[old] !== undefined) problem(path("area.advancedHeader"), `${old} is ignored beside advancedHeader: take one of them out.`);
    }
  } else {
    const known = { webex: "agentx-webex", outdial: "agentx-outdial", notification: "agentx-notification" };
    const actions = Array.isArray(mine.headerActions) ? mine.headerActions : Object.keys(known);
    model.header = [...actions.filter((name) => known[name]).map((name) => component(known[name])), component("agentx-state-selector")];
    if (area.header !== undefined) model.header.unshift(...(read.page(area.header, path("area.header"))?.order ?? []));
  }
  if (area.headless !== undefined) model.headless = read.page(area.headless, path("area.headless"));
  if (area.panel !== undefined) model.panel = read.component(area.panel, path("area.panel"));
  if (area.persistent !== undefined) model.persistent = read.components(area.persistent, path("area.persistent"));
  const home = area.homepage ?? area.homePage;
  if (home !== undefined) model.home = read.entry(home, path("area.homepage"), new Set());
  if (area.navigation !== undefined) {
    if (!Array.isArray(area.navigation)) problem(path("area.navigation"), "The navigation has to be a list.");
    else {
      const routes = new Set();
      model.pages = area.navigation.map((entry, n) => read.entry(entry, path(`area.navigation[${n}]`), routes)).filter(Boolean);
    }
  }
  return { model, problems };
}

const component = (comp, more = {}) => ({ comp, script: "", attributes: {}, properties: {}, children: [], style: {}, ...more });

function makeReader(problem) {
  const object = (value, path, what) => {
    if (value === undefined) return {};
    if (isObject(value)) return value;
    problem(path, `${what} have to be an object.`);
    return {};
  };
  const read = {
    components(list, path) {
      if (!Array.isArray(list)) {
        problem(path, "It has to be a list of components.");
        return [];
      }
      return list.map((item, n) => read.component(item, `${path}[${n}]`)).filter(Boolean);
    },

    component(options, path) {
      if (!isObject(options)) {
        problem(path, "A component has to be an object.");
        return null;
      }
      const { comp, script } = options;
      if (typeof comp !== "string" || comp === "") {
        problem(path, "The component has no comp: the name of its element.");
        return null;
      }
      if (!/^#?[A-Za-z][\w.-]*$/.test(comp)) {
        problem(`${path}.comp`, `“${comp}” is no name of an element.`);
        return null;
      }
      let url = "";
      if (script !== undefined) {
        try {
          url = new URL(script).href;
          if (!/^https?:/.test(url)) throw new Error("scheme");
        } catch {
          problem(`${path}.script`, `“${script}” is no address of a script: it has to begin with https://.`);
          return null;
        }
        if (!comp.includes("-")) problem(`${path}.comp`, `“${comp}” cannot be a custom element: its name needs a hyphen.`);
      }
      return component(comp, {
        script: url,
        attributes: object(options.attributes, `${path}.attributes`, "Attributes"),
        properties: object(options.properties, `${path}.properties`, "Properties"),
        children: options.children === undefined ? [] : read.components(options.children, `${path}.children`),
        style: object(options.style, `${path}.style`, "Styles"),
        textContent: options.textContent,
        wrapper: isObject(options.wrapper) ? options.wrapper : null,
        visibility: options.visibility,
        responsive: !(options.responsive === false || options.responsive === "false"),
        width: Number(options.width) || undefined,
        height: Number(options.height) || undefined,
        path,
      });
    },

    entry(entry, path, routes) {
      if (!isObject(entry) || !isObject(entry.nav) || !isObject(entry.page)) {
        problem(path, "A page needs the objects nav and page.");
        return null;
      }
      const nav = entry.nav;
      const route = typeof nav.navigateTo === "string" ? nav.navigateTo.replace(/^\/+/, "") : "";
      if (route === "") problem(`${path}.nav.navigateTo`, "The page has no address.");
      else if (routes.has(route)) problem(`${path}.nav.navigateTo`, `Another page has the address “${route}”: only one of them can be reached by it.`);
      routes.add(route);
      const page = read.page(entry.page, `${path}.page`);
      if (!page) return null;
      return { route: route || path, label: String(nav.label ?? route), icon: String(nav.icon ?? ""), landing: nav.isDefaultLandingPage === true, visibility: entry.visibility, page };
    },

    // page is {id, flex, widgets, grid, order}: grid is null in the flex layout,
    // else {areas, cols, rows, inner} with the nested grids by name in inner.
    page(page, path) {
      if (!isObject(page) || !isObject(page.widgets)) {
        problem(path, "A page needs the object widgets.");
        return null;
      }
      const widgets = {};
      for (const [name, options] of Object.entries(page.widgets)) {
        const one = read.component(options, `${path}.widgets.${name}`);
        if (one) widgets[name] = one;
      }
      const flex = page.useFlexLayout === true || page.useFlexLayout === "true";
      const made = { id: String(page.id ?? ""), flex, widgets, order: Object.values(widgets), grid: null, header: null };
      if (page.pageHeader !== undefined) made.header = read.component(page.pageHeader, `${path}.pageHeader`);
      if (flex) return made;
      if (!isObject(page.layout)) {
        problem(`${path}.layout`, "The layout is missing: the widgets are shown below each other.");
        made.flex = true;
        return made;
      }
      const grids = Array.isArray(page.layout.areas) ? { ROOT: page.layout } : page.layout;
      made.grid = read.grid(grids, "ROOT", widgets, `${path}.layout`, []);
      if (!made.grid) made.flex = true;
      const shown = new Set();
      const collect = (grid) => grid?.areas.flat().forEach((name) => (grid.inner[name] ? collect(grid.inner[name]) : shown.add(name)));
      collect(made.grid);
      if (made.grid) {
        for (const name of Object.keys(widgets)) if (!shown.has(name)) problem(`${path}.widgets.${name}`, "The widget stands in no area of the layout: it is not shown.");
      }
      return made;
    },

    grid(grids, name, widgets, path, above) {
      const grid = grids[name];
      if (!isObject(grid) || !Array.isArray(grid.areas) || !grid.areas.length || !grid.areas.every((row) => Array.isArray(row) && row.length)) {
        problem(path, `The areas of ${name} have to be a list of lists of names.`);
        return null;
      }
      if (new Set(grid.areas.map((row) => row.length)).size > 1) problem(`${path}.areas`, "The rows of areas differ in length.");
      const fractions = (key, count) => {
        const list = grid.size?.[key];
        if (Array.isArray(list) && list.length === count && list.every((n) => typeof n === "number" && n > 0)) return list;
        problem(`${path}.size.${key}`, `There have to be ${count} positive numbers.`);
        return Array(count).fill(1);
      };
      const made = { areas: grid.areas, cols: fractions("cols", Math.max(...grid.areas.map((row) => row.length))), rows: fractions("rows", grid.areas.length), inner: {} };
      for (const inner of new Set(grid.areas.flat())) {
        if (widgets[inner]) continue;
        if (inner === "ROOT" || above.includes(inner)) problem(`${path}.areas`, `“${inner}” contains itself.`);
        else if (inner in grids) made.inner[inner] = read.grid(grids, inner, widgets, `${path}.${inner}`, [...above, name]) ?? undefined;
        else problem(`${path}.areas`, `There is no widget “${inner}”.`);
      }
      return made;
    },
  };
  return read;
}
