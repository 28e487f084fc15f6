// Checks what compress.mjs made: node size.mjs LIMIT DEPS
//
// LIMIT is in bytes of brotli. DEPS is what the linker printed with -dumpdep:
// one call of reflect's Method by a variable name, or one text/template, keeps
// every exported method in the program, 400 kB of them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [limit, deps] = [Number(process.argv[2]), readFileSync(process.argv[3], "utf8")];
const manifest = join(dirname(fileURLToPath(import.meta.url)), "../static/build/manifest.json");
const { app } = JSON.parse(readFileSync(manifest, "utf8"));

let bad = false;
const lines = deps.split("\n");
if (lines.length < 1000) throw new Error(`${process.argv[3]}: not a linker's dump`);
const reflecting = lines.filter((line) => line.includes("<ReflectMethod>"));
if (reflecting.length > 0) {
  bad = true;
  console.error("The linker keeps all methods, because of:\n  " + reflecting.slice(0, 5).join("\n  "));
}
console.log(`app.wasm: ${app.br} of ${limit} bytes of brotli (raw ${app.raw}, gzip ${app.gzip})`);
if (app.br > limit) {
  bad = true;
  console.error(`app.wasm is ${app.br - limit} bytes too large`);
}
process.exit(bad ? 1 : 0);
