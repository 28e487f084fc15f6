// Puts compiled programs where the server looks for them: static/build, under
// names with the content's hash, as brotli and gzip.
//
//   node compress.mjs dev|release app=../app.wasm [pages=../pages.wasm storybook=…]
//
// Release is brotli 11, which takes 20 s for 7 MB; a file that is already
// there is not made again. Also puts Go's wasm_exec.js beside them, if go-app
// works with it.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants as z, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static/build");
const [mode, ...programs] = process.argv.slice(2);
if (mode !== "dev" && mode !== "release") throw new Error("first argument: dev or release");
// The storybook is for developers: nobody waits 20 s for it to be smaller.
const best = (name) => mode === "release" && name !== "storybook";

mkdirSync(out, { recursive: true });
const keep = new Set(["manifest.json", "wasm_exec.js", "desk", "standin.js", "standin-shell.js"]); // desktop.mjs and standin.mjs make the last three.
const manifest = {};
for (const program of programs) {
  const [name, file] = program.split("=");
  const raw = readFileSync(file);
  const hash = createHash("sha256").update(raw).digest("hex").slice(0, 12);
  const quality = best(name) ? 11 : 5;
  const made = `${name}.${hash}.q${quality}.wasm`;
  const write = (suffix, compress) => {
    const path = join(out, made + suffix);
    if (!existsSync(path)) writeFileSync(path, compress());
    keep.add(made + suffix);
    return statSync(path).size;
  };
  const br = write(".br", () =>
    brotliCompressSync(raw, {
      params: { [z.BROTLI_PARAM_QUALITY]: quality, [z.BROTLI_PARAM_LGWIN]: 24, [z.BROTLI_PARAM_SIZE_HINT]: raw.length },
    }),
  );
  const gz = write(".gz", () => gzipSync(raw, { level: best(name) ? 9 : 4 }));
  manifest[name] = { file: made, raw: raw.length, br, gzip: gz };
  console.log(`${name}: raw ${raw.length}, gzip ${gz}, brotli-${quality} ${br} bytes`);
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

const go = (...args) => execFileSync("go", args, { cwd: join(here, "../.."), encoding: "utf8" }).trim();
const runtime = readFileSync(join(go("env", "GOROOT"), "lib/wasm/wasm_exec.js"), "utf8");
const scripts = readFileSync(join(go("list", "-m", "-f", "{{.Dir}}", "github.com/maxence-charriere/go-app/v10"), "pkg/app/scripts.go"), "utf8");
const theirs = scripts.match(/wasmExecJSGoCurrent\s*=\s*("(?:[^"\\]|\\.)*")/);
if (!theirs || JSON.parse(theirs[1]) !== runtime) {
  throw new Error("wasm_exec.js of this Go differs from the one go-app was made for: use the Go release that go.mod names");
}
writeFileSync(join(out, "wasm_exec.js"), runtime);

for (const file of readdirSync(out)) {
  if (!keep.has(file)) rmSync(join(out, file));
}
