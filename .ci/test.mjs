// Runs every test, natively with the race detector and pkg/browser's in
// Chromium, and says how many ran. Under CI=true a skipped test is a failure.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const strict = process.env.CI === "true";
const total = { passed: 0, skipped: [], failed: [] };

// run counts the tests of one go test and shows the output of what failed.
async function run(name, args, env = {}) {
  const started = Date.now();
  const before = total.passed;
  const child = spawn("go", ["test", "-json", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = new Map();
  const show = (key, why) => console.log(`--- ${why} ${key}\n${(output.get(key) ?? []).join("")}`);
  for await (const line of createInterface({ input: child.stdout })) {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      console.log(line);
      continue;
    }
    const key = [event.Package ?? event.ImportPath, event.Test].filter(Boolean).join(" ");
    switch (event.Action) {
      case "output":
      case "build-output":
        output.set(key, [...(output.get(key) ?? []), event.Output]);
        break;
      case "build-fail":
        show(key, "does not build:");
        total.failed.push(key);
        break;
      case "pass":
        if (event.Test) total.passed++;
        else console.log(`ok    ${key} ${event.Elapsed}s`);
        output.delete(key);
        break;
      case "skip":
        if (event.Test) total.skipped.push(`${key}: ${(output.get(key) ?? []).filter((l) => /\.go:\d+:/.test(l)).join(" ").trim()}`);
        output.delete(key);
        break;
      case "fail":
        show(key, "FAIL");
        total.failed.push(key);
        break;
    }
  }
  const code = await new Promise((done) => (child.exitCode === null ? child.on("close", done) : done(child.exitCode)));
  if (code !== 0 && total.failed.length === 0) total.failed.push(`${name}: go test ended with ${code}`);
  console.log(`${name}: ${total.passed - before} tests passed in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

// mended is a go.mod under which a data race of chromedp's is mended: while it
// attaches to a frame, it looks a node up without the lock under which it writes
// the nodes, and the detector fails whichever test is running. Our tests ask for
// no nodes.
function mended() {
  const dir = execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/chromedp/chromedp"], { encoding: "utf8" }).trim();
  const racy = "\tn, ok := f.Nodes[id]\n";
  const text = readFileSync(join(dir, "target.go"), "utf8");
  if (text.split(racy).length !== 2) throw new Error(".ci/test.mjs: chromedp has changed; see whether its domEvent still reads nodes without a lock");
  rmSync("bin/chromedp", { recursive: true, force: true });
  execFileSync("mkdir", ["-p", "bin"]);
  execFileSync("cp", ["-r", dir, "bin/chromedp"]);
  execFileSync("chmod", ["-R", "u+w", "bin/chromedp"]);
  writeFileSync("bin/chromedp/target.go", text.replace(racy, "\tif !f.TryLock() {\n\t\treturn\n\t}\n\tn, ok := f.Nodes[id]\n\tf.Unlock()\n"));
  writeFileSync("bin/test.mod", readFileSync("go.mod", "utf8") + "\nreplace github.com/chromedp/chromedp => ./bin/chromedp\n");
  copyFileSync("go.sum", "bin/test.sum");
  return "bin/test.mod";
}

// Some tests build and start the server, which the test cache knows nothing of.
await run("native", ["-race", "-count=1", "-modfile=" + mended(), "-timeout", "15m", ...process.argv.slice(2), "./..."]);
execFileSync("go", ["build", "-o", "bin/wasmrun", "./web/wasmrun"], { stdio: "inherit" });
await run("Chromium", ["-exec", resolve("bin/wasmrun"), "-timeout", "5m", "./pkg/browser/..."], { GOOS: "js", GOARCH: "wasm" });

console.log(`${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
for (const skipped of total.skipped) console.log("  skipped " + skipped);
for (const failed of total.failed) console.log("  failed " + failed);
process.exit(total.failed.length > 0 || total.passed === 0 || (strict && total.skipped.length > 0) ? 1 : 0);
