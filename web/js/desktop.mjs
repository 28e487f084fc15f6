// Bundles what an Agent Desktop loads, from desktop/*.js into static/build/desk/,
// where the server embeds it: the element's script, which is small and keeps its
// address, and Cisco's SDK.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, "../static/build/desk");
const common = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };
const bundles = [
  { ...common, entryPoints: [join(here, "desktop", "element.js")], outfile: join(outdir, "deskbridge-widget.js"), format: "iife" },
  {
    ...common,
    entryPoints: [join(here, "desktop", "sdk.js")],
    outfile: join(outdir, "desktop-sdk.js"),
    format: "esm",
    define: { global: "globalThis" },
  },
];

// sources are the files that end up in the bundles, as absolute paths.
export async function sources() {
  const found = await Promise.all(bundles.map((bundle) => build({ ...bundle, absWorkingDir: here, write: false, metafile: true })));
  return found.flatMap(({ metafile }) => Object.keys(metafile.inputs).map((path) => join(here, path)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(outdir, { recursive: true });
  await Promise.all(bundles.map((bundle) => build(bundle)));
}
