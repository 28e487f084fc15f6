// Looks for known vulnerabilities in what we call. Where the database or the
// tool cannot be reached it says so and goes on; what it finds is a failure.
import { spawnSync } from "node:child_process";

const tool = "golang.org/x/vuln/cmd/govulncheck@v1.1.4";
const database = process.env.GOVULNDB || "https://vuln.go.dev";

function notRun(why) {
  console.log(`govulncheck: not run, ${why}`);
  process.exit(0);
}

// go runs the tool and keeps what it says.
function go(...args) {
  return spawnSync("go", ["run", tool, ...args], { encoding: "utf8", timeout: 10 * 60_000 });
}

if (/^https?:/.test(database)) {
  try {
    const answer = await fetch(`${database}/index/db.json`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) notRun(`${database} answers ${answer.status}`);
  } catch (error) {
    notRun(`${database} cannot be reached: ${error.cause?.code ?? error.cause?.message ?? error.name}`);
  }
}
if (go("-version").status !== 0) notRun(`${tool} cannot be fetched`);
const run = go("-db", database, ...(process.argv.length > 2 ? process.argv.slice(2) : ["./..."]));
process.stdout.write(run.stdout ?? "");
if (run.status === 0) process.exit(0);
// 3 is what it says when it has found something.
if (run.status !== 3 && /fetching vulnerabilities/.test(run.stderr)) notRun(`${database} stopped answering`);
process.stderr.write(run.stderr ?? "");
console.error("govulncheck: see above");
process.exit(1);
