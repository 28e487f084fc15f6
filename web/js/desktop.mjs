// Bundles what an Agent Desktop loads, from desktop/*.js into static/build/desk/,
// where the server embeds it: the element's script, which is small and keeps its
// address, and Cisco's SDK.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, "../static/build/desk");
mkdirSync(outdir, { recursive: true });
const common = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };
await Promise.all([
  build({ ...common, entryPoints: [join(here, "desktop", "element.js")], outfile: join(outdir, "deskbridge-widget.js"), format: "iife" }),
  build({
    ...common,
    entryPoints: [join(here, "desktop", "sdk.js")],
    outfile: join(outdir, "desktop-sdk.js"),
    format: "esm",
    define: { global: "globalThis" },
  }),
]);
