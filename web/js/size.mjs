// Checks what compress.mjs and desktop.mjs made: node size.mjs LIMIT DEPS SCRIPT
//
// LIMIT is of app.wasm, in bytes of brotli; SCRIPT is of the Agent Desktop's
// deskbridge-widget.js, in bytes of gzip. DEPS is what the linker printed with -dumpdep:
// one call of reflect's Method by a variable name, or one text/template, keeps
// every exported method in the program, 400 kB of them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const [limit, deps, scriptLimit] = [Number(process.argv[2]), readFileSync(process.argv[3], "utf8"), Number(process.argv[4])];
if (!(limit > 0 && scriptLimit > 0)) throw new Error("arguments: LIMIT DEPS SCRIPT");
const built = join(dirname(fileURLToPath(import.meta.url)), "../static/build");
const { app } = JSON.parse(readFileSync(join(built, "manifest.json"), "utf8"));
const script = readFileSync(join(built, "desk/deskbridge-widget.js"));

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
const packed = gzipSync(script, { level: 9 }).length;
console.log(`deskbridge-widget.js: ${packed} of ${scriptLimit} bytes of gzip (raw ${script.length})`);
if (packed > scriptLimit) {
  bad = true;
  console.error(`deskbridge-widget.js is ${packed - scriptLimit} bytes too large`);
}
process.exit(bad ? 1 : 0);
