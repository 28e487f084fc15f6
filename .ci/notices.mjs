// Writes THIRD_PARTY_NOTICES.md: what is linked into the server and the
// panel, under which licences. With --check it only says whether the file is
// still true.
//
// Run it after a change of go.mod: node .ci/notices.mjs
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
linked("panel", ["./wasm"], { GOOS: "js", GOARCH: "wasm" });
modules.set("Go", { path: "Go standard library", version: "", dir: go(["env", "GOROOT"]).trim(), into: new Set(["panel", "server"]) });

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
for (const module of [...modules.values()].sort((a, b) => a.path.localeCompare(b.path))) {
  const name = readdirSync(module.dir).find((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
  if (!name) throw new Error(`${module.path}: no licence in ${module.dir}`);
  const text = readFileSync(join(module.dir, name), "utf8").replaceAll("\r", "");
  const kind = kinds.find(([, words]) => words.test(text))?.[0];
  if (!kind) throw new Error(`${module.path}: unknown licence, look at ${name} and extend .ci/notices.mjs`);
  const isCopyright = (line) => /^\s*copyright\b.*(\d{4}|\(c\))/i.test(line);
  module.copyright = text.split("\n").map((line) => line.trim()).filter((line) => isCopyright(line) && !line.includes("[yyyy]"));
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
its server and the panel in the browser are linked with is listed here by
licence. Made by \`node .ci/notices.mjs\`; tools and test libraries are not
distributed and not listed. SQLite, inside modernc.org/sqlite, is in the public
domain.
`;
for (const group of [...groups.values()].sort((a, b) => a.kind.localeCompare(b.kind) || b.modules.length - a.modules.length)) {
  out += `\n## ${group.kind}\n\n`;
  for (const module of group.modules) {
    out += `- ${module.path} ${module.version}`.trimEnd() + ` (${[...module.into].sort().join(", ")})\n`;
    if (module.more.length > 0) out += `  Parts of it are others'; its files ${module.more.join(", ")} name them.\n`;
    for (const line of module.copyright) out += `  ${line}\n`;
    if (module.notice) out += module.notice.split("\n").map((line) => `  ${line}`.trimEnd()).join("\n") + "\n";
  }
  out += byReference[group.kind] ? `\n${group.body}\n` : `\n\`\`\`text\n${group.body}\n\`\`\`\n`;
}

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== out) {
    console.error(`${target} does not fit go.mod any more: node .ci/notices.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(target, out);
  console.log(`${target}: ${modules.size} modules`);
}
