// A plan of visits (JSON, standard input) in, what a browser saw out (JSON): console errors, requests, texts, axe's findings.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, chromiumPath] = process.argv.slice(2);
const require = createRequire(modules);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { base, visits } = JSON.parse(readFileSync(0, "utf8"));
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
const seen = {};
for (const visit of visits) {
  const context = await browser.newContext({
    viewport: { width: visit.width ?? 1280, height: 900 },
    locale: visit.locale ?? "en-GB",
    colorScheme: visit.scheme ?? "light",
    bypassCSP: Boolean(visit.axe), // axe puts its own script into the page; pages are visited without it too
  });
  const page = await context.newPage();
  const found = (seen[visit.name] = { errors: [], foreign: [], ranges: 0, bytes: 0, texts: {}, axe: [], dialogs: 0 });
  page.on("console", (message) => message.type() === "error" && found.errors.push(message.text()));
  page.on("pageerror", (error) => found.errors.push(String(error)));
  page.on("dialog", (dialog) => ((found.dialogs += 1), void dialog.dismiss()));
  page.on("request", (request) => request.url().startsWith(base) || request.url().startsWith("blob:") || found.foreign.push(request.url()));
  page.on("response", (response) => {
    if (response.status() === 206) found.ranges += 1;
    const data = response.url().includes("/data/");
    if (!data) found.bytes += Number(response.headers()["content-length"] ?? 0);
  });
  try {
    await page.goto(base + visit.path);
    await page.waitForSelector("main[data-ready]", { timeout: 20_000 });
    found.ready = await page.evaluate("performance.now()"); // milliseconds since the address was asked for
    for (const [action, ...values] of visit.steps ?? []) {
      if (action === "scroll") await page.mouse.wheel(0, values[0]);
      else if (action === "wait") await page.waitForSelector(values[0], { timeout: 30_000 });
      else if (action === "keep") found.texts[values[0]] = await page.locator(values[1]).allInnerTexts();
      else if (action === "press") await page.keyboard.press(values[0]);
      else await page[action](...values);
    }
    await page.waitForTimeout(visit.pause ?? 250);
    for (const [name, selector] of Object.entries(visit.read ?? {}))
      found.texts[name] = await page.locator(selector).evaluateAll((items) => items.map((item) => (item.matches("input, textarea, select") ? item.value : item.innerText)));
    for (const [name, script] of Object.entries(visit.ask ?? {})) found.texts[name] = await page.evaluate(script);
    found.overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    found.url = page.url();
    if (visit.axe) {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
      found.axe = violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) }));
    }
  } catch (error) {
    found.failed = String(error);
  }
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(seen));
