// Sources in, `dist/` (or the folder named) out: one page a kind, one bundle in pieces that load when a page asks for them.

import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? `${here}/dist`);
process.chdir(here);
const PAGES = ["index", "indicators", "indicator", "publisher", "region", "report", "search", "quality", "sql"];

await rm(out, { recursive: true, force: true });
await mkdir(`${out}/app`, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/main.css"],
  outdir: `${out}/app`,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  chunkNames: "[name]-[hash]",
  alias: { "d3-geo": "./src/no-maps.ts" },
});
// by kind of file: pages say it themselves, and a server may say it for all
const policies = Object.fromEntries(
  Object.entries(JSON.parse(await readFile("policy.json", "utf8"))).map(([kind, rules]) => [
    kind,
    Object.entries(rules).map(([name, value]) => `${name} ${value}`).join("; "),
  ]),
);
await writeFile(`${out}/policy.json`, `${JSON.stringify(policies, null, 1)}\n`);
const page = await readFile("page.html", "utf8");
for (const name of PAGES) {
  await writeFile(`${out}/${name}.html`, page.replace("{page}", name).replace("{policy}", policies.page));
}
await cp("icon.svg", `${out}/icon.svg`);
const engine = "node_modules/@duckdb/duckdb-wasm/dist";
await cp(`${engine}/duckdb-browser-eh.worker.js`, `${out}/app/duckdb.worker.js`);
await cp(`${engine}/duckdb-eh.wasm`, `${out}/app/duckdb.wasm`);
