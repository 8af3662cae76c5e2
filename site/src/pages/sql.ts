// A statement in, a table out, computed in the browser; ready statements, and the tables with their columns.

import { load } from "../data";
import { append, h } from "../dom";
import { setTitle } from "../frame";
import { either, number, t } from "../language";
import { chosen, heads, table } from "../parts";
import type { Answer } from "../engine";
import queries from "../queries.json";

const MOST = 1000;
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export async function show(main: HTMLElement): Promise<void> {
  setTitle("SQL");
  const tables = await load<Record<string, [string, string][]>>("tables.json.gz");
  const text = h("textarea", { id: "statement", rows: 9, spellcheck: "false", autocapitalize: "off" }) as HTMLTextAreaElement;
  text.value = queries[0]?.sql ?? "";
  const results = h("div", { "aria-live": "polite" });
  const button = h("button", { type: "button", click: () => void run() }, t("run"));
  const run = async (): Promise<void> => {
    button.setAttribute("disabled", "");
    results.replaceChildren(h("p", { class: "note" }, t("running")));
    try {
      const { query } = await import("../engine");
      const began = performance.now();
      results.replaceChildren(...shown(await query(text.value, MOST), performance.now() - began));
    } catch (error) {
      results.replaceChildren(h("pre", { class: "box", role: "alert" }, error instanceof Error ? error.message : String(error)));
    } finally {
      button.removeAttribute("disabled");
    }
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run();
  });
  const ready = queries.map((item, place): [string, string] => [String(place), either(item)]);
  append(main, [
    h("h1", {}, "SQL"),
    h("p", { class: "note" }, t("sql_note")),
    h("p", { class: "controls" }, chosen("ready", t("ready_queries"), ready, "0", (place) => (text.value = queries[Number(place)]?.sql ?? ""))),
    h("label", { for: "statement", class: "above" }, t("statement")),
    text,
    h("p", { class: "controls" }, button, h("span", { class: "note" }, t("run_key"))),
    results,
    h("h2", {}, t("tables")),
    Object.entries(tables).map(([name, columns]) => described(name, columns)),
  ]);
}

function described(name: string, columns: [string, string][]): HTMLElement {
  const rows = columns.map(([column, comment]) => h("tr", {}, h("th", { scope: "row" }, column), h("td", {}, comment)));
  const file = h("a", { href: `data/parquet/${name}.parquet`, download: true }, `${name}.parquet`);
  return h("details", {}, h("summary", {}, name), h("p", { class: "note" }, file), table(name, heads(t("column"), t("meaning")), rows));
}

function shown(answer: Answer, milliseconds: number): HTMLElement[] {
  const rows = answer.rows.map((row) => h("tr", {}, row.map((value) => h("td", { class: typeof value === "number" ? "num" : null }, cell(value)))));
  const told = t(answer.more ? "first_rows" : "rows", number(answer.rows.length), (milliseconds / 1000).toFixed(1));
  const save = h("button", { type: "button", click: () => download(answer) }, t("download_csv"));
  return [h("p", { class: "controls" }, h("span", { role: "status" }, told), save), table(t("result"), heads(...answer.names), rows, "raw")];
}

function cell(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

function download(answer: Answer): void {
  const written = [answer.names, ...answer.rows].map((row) => row.map(guarded).join(",")).join("\r\n");
  const address = URL.createObjectURL(new Blob(["\ufeff", written], { type: "text/csv" }));
  h("a", { href: address, download: "fazhi.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A cell of a CSV file; text that a spreadsheet would run as a formula gets an apostrophe before it. */
function guarded(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
