// Bundles the pages that tests and measurements use, from pages/*.js into
// dist/: HubSpot's own SDK as host and as widget. They are not part of the
// product.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "pages");
await build({
  entryPoints: readdirSync(pages).filter((file) => file.endsWith(".js")).map((file) => join(pages, file)),
  outdir: join(here, "dist"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  logLevel: "warning",
});
