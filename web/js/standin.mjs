// Bundles the sandbox's Agent Desktop from standin/*.js to where the server
// looks for it. It is no part of the product.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, "../static/build");
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: { standin: join(here, "standin", "main.js"), "standin-shell": join(here, "standin", "shell.js") },
  outdir,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  logLevel: "warning",
});
