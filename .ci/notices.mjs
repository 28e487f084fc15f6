// Writes THIRD_PARTY_NOTICES.md: what is linked into the server, the panel and
// the Agent Desktop's widget, under which licences. With --check it only says
// whether the file is still true.
//
// Run it after a change of go.mod or web/js/package.json: node .ci/notices.mjs
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { sources } from "../web/js/desktop.mjs";
import { inside, outside } from "./sdk.mjs";

const target = "THIRD_PARTY_NOTICES.md";
const go = (args, env = {}) => execFileSync("go", args, { encoding: "utf8", env: { ...process.env, ...env } });
const template = "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}";

const modules = new Map();
function linked(into, args, env) {
  for (const line of go(["list", "-deps", "-f", template, ...args], env).split("\n")) {
    const [path, version, dir] = line.split("\t");
    if (!version) continue;
    const module = modules.get(path) ?? { path, version, dir, into: new Set() };
    module.into.add(into);
    modules.set(path, module);
  }
}
linked("server", ["./server"], { GOOS: "linux", GOARCH: "amd64" });
linked("panel", ["./wasm", "./wasm/studio"], { GOOS: "js", GOARCH: "wasm" });
modules.set("Go", { path: "Go standard library", version: "", dir: go(["env", "GOROOT"]).trim(), into: new Set(["panel", "server"]) });

// npm's packages: those that our bundles have files of, and those that Cisco has
// put into its one.
const packages = resolve("web/js/node_modules") + "/";
const nameOf = (path) => path.slice(packages.length).split("/").slice(0, path.startsWith(packages + "@") ? 2 : 1).join("/");
const manifest = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
for (const path of await sources()) {
  if (!path.startsWith(packages)) continue;
  const name = nameOf(path);
  const add = (path, version, within) => modules.set(path, { path, version, within, dir: join(packages, path), into: new Set(["widget"]), says: manifest(path).license });
  add(name, "v" + manifest(name).version);
  const code = readFileSync(path, "utf8");
  for (const [path, words] of Object.entries(inside[name] ?? {})) {
    if (words && !code.includes(words)) throw new Error(`${path} is not in ${name} any more: correct .ci/sdk.mjs`);
    add(path, "", name);
  }
  decided(name, name, new Set());
}

// decided says of everything that a package depends on that somebody has looked
// whether it is bundled with it.
function decided(root, name, seen) {
  for (const next of Object.keys(manifest(name).dependencies ?? {})) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!(next in inside[root]) && !outside[root].includes(next)) throw new Error(`${next}: look whether ${root} has it in its file, and say so in .ci/sdk.mjs`);
    decided(root, next, seen);
  }
}

// kinds tell a licence by words that only it has.
const kinds = [
  ["MPL-2.0", /Mozilla Public License,? Version 2\.0/i],
  ["Apache-2.0", /Apache License\s+Version 2\.0/],
  ["BSD-3-Clause", /Neither the name/],
  ["BSD-2-Clause", /Redistributions in binary form/],
  ["ISC", /Permission to use, copy, modify, and(?:\/or)? distribute this software/],
  ["MIT", /Permission is hereby granted, free of charge/],
];
const byReference = {
  "MPL-2.0": "The source of these modules is at their addresses, unchanged. Text: <https://www.mozilla.org/MPL/2.0/>",
  "Apache-2.0": "Text: [LICENSE](LICENSE)",
};

const groups = new Map();
const licenceOf = (module) => readdirSync(module.dir).find((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
const sorted = [...modules.values()].sort((a, b) => a.path.localeCompare(b.path));
// What only names its licence stands with others that have its text.
for (const module of [...sorted.filter(licenceOf), ...sorted.filter((module) => !licenceOf(module))]) {
  const name = licenceOf(module);
  if (!name) {
    const group = [...groups.values()].find(({ kind }) => kind === module.says);
    if (!group) throw new Error(`${module.path}: no licence in ${module.dir}`);
    group.modules.push(Object.assign(module, { copyright: [], more: [], notice: "", bare: true }));
    continue;
  }
  const text = readFileSync(join(module.dir, name), "utf8").replaceAll("\r", "");
  const kind = kinds.find(([, words]) => words.test(text))?.[0];
  if (!kind) throw new Error(`${module.path}: unknown licence, look at ${name} and extend .ci/notices.mjs`);
  const isCopyright = (line) => /^[\s#]*copyright\b.*(\d{4}|\(c\))/i.test(line);
  module.copyright = text.split("\n").map((line) => line.replace(/^#+/, "").trim()).filter((line) => isCopyright(line) && !line.includes("[yyyy]"));
  module.more = readdirSync(module.dir).filter((file) => /licen[cs]e/i.test(file) && file !== name);
  module.notice = existsSync(join(module.dir, "NOTICE")) ? readFileSync(join(module.dir, "NOTICE"), "utf8").trim() : "";
  const body = byReference[kind] ?? text.split("\n").filter((line) => !isCopyright(line) && !/^\s*(all rights reserved\.?$|(the )?mit license)/i.test(line)).join("\n").replace(/\n{3,}/g, "\n\n").trim();
  const key = kind + body.replace(/\W+/g, "").toLowerCase();
  const group = groups.get(key) ?? { kind, body, modules: [] };
  group.modules.push(module);
  groups.set(key, group);
}

let out = `# Third-party notices

Deskbridge itself is under the Apache License 2.0 ([LICENSE](LICENSE)). What
its server, the panel in the browser and the Agent Desktop's widget are linked
with is listed here by licence. Made by \`node .ci/notices.mjs\`; tools and test
libraries are not distributed and not listed. SQLite, inside modernc.org/sqlite,
is in the public domain.
`;
for (const group of [...groups.values()].sort((a, b) => a.kind.localeCompare(b.kind) || b.modules.length - a.modules.length)) {
  out += `\n## ${group.kind}\n\n`;
  for (const module of group.modules) {
    out += `- ${module.path} ${module.version}`.trimEnd() + ` (${[...module.into].sort().join(", ")})\n`;
    if (module.within) out += `  Bundled in ${module.within}.\n`;
    if (module.bare) out += `  It names this licence, without a text or a copyright line of its own.\n`;
    if (module.more.length > 0) out += `  Parts of it are others'; its files ${module.more.join(", ")} name them.\n`;
    for (const line of module.copyright) out += `  ${line}\n`;
    if (module.notice) out += module.notice.split("\n").map((line) => `  ${line}`.trimEnd()).join("\n") + "\n";
  }
  out += byReference[group.kind] ? `\n${group.body}\n` : `\n\`\`\`text\n${group.body}\n\`\`\`\n`;
}

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== out) {
    console.error(`${target} does not fit go.mod and web/js/package.json any more: node .ci/notices.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(target, out);
  console.log(`${target}: ${modules.size} modules`);
}
