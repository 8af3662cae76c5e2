// overview.json in, the first page out: totals, provinces by years, timeliness, the newest reports.

import { load } from "../data";
import { append, h, page } from "../dom";
import { noticeFictional } from "../frame";
import { number, percent, t } from "../language";
import { figures, table } from "../parts";

interface Cell {
  code: string;
  name: string | null;
  short: string | null;
  year: number;
  expected: number;
  published: number;
  late: number;
  missing: number;
  blocked: number;
}
export interface Timely {
  year: number;
  on_time: number;
  late: number;
  unknown: number;
  missing: number;
  blocked: number;
}
interface Overview {
  totals: Record<string, number>;
  coverage: Cell[] | null;
  timeliness: Timely[] | null;
  newest: { id: string; title: string | null; publisher: string; year: number; published: string; failed: number }[] | null;
  fictional: boolean;
}
const FEW = 10;
export const STATES = ["on_time", "late", "unknown", "missing", "blocked"] as const;

export async function show(main: HTMLElement): Promise<void> {
  const found = await load<Overview>("overview.json.gz");
  noticeFictional(found.fictional);
  const { totals } = found;
  const cells = found.coverage ?? [];
  const few = new Set(cells.map((cell) => cell.code)).size < FEW; // then there is room below the grid
  const latest = h("section", { class: few ? "twice" : null }, h("h2", {}, t("newest")), newest(found));
  append(main, [
    h("h1", {}, t("site")),
    figures([
      [totals.reports ?? 0, t("reports")],
      [totals.publishers ?? 0, t("publishers")],
      [totals.quantities ?? 0, t("quantities")],
      [totals.values ?? 0, t("values"), "mapped"],
      [totals.checks ?? 0, t("checks")],
      [totals.failed ?? 0, t("failed_checks"), "failed"],
    ]),
    h(
      "div",
      { class: "columns" },
      h("section", {}, h("h2", {}, t("coverage")), h("p", { class: "note" }, t("coverage_note")), coverage(cells)),
      h("section", {}, h("h2", {}, t("timeliness")), timeliness(found.timeliness ?? []), few ? null : latest),
    ),
    few ? latest : null,
  ]);
}

function coverage(cells: Cell[]): HTMLElement {
  const years = [...new Set(cells.map((cell) => cell.year))].sort();
  const codes = [...new Set(cells.map((cell) => cell.code))].sort((a, b) => Number(!a) - Number(!b) || a.localeCompare(b));
  const at = new Map(cells.map((cell) => [`${cell.code}:${cell.year}`, cell]));
  const names = new Map(cells.map((cell) => [cell.code, cell.short ?? cell.name ?? (cell.code || t("unknown_region"))]));
  const rows = codes.map((code) => {
    const name = names.get(code) ?? code;
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h("a", { href: page("region", { code: code || "unknown" }) }, name)),
      years.map((year) => h("td", {}, tile(at.get(`${code}:${year}`), name))),
    );
  });
  return table(
    t("coverage"),
    h("tr", {}, h("th", { scope: "col" }, t("province")), years.map((year) => h("th", { scope: "col" }, String(year)))),
    rows,
    "grid",
  );
}

function tile(cell: Cell | undefined, name: string): HTMLElement | null {
  if (!cell) return null;
  const share = cell.expected ? cell.published / cell.expected : 0;
  const shade = cell.published === 0 ? 0 : Math.min(5, 1 + Math.floor(share * 4.5));
  const told = t("of", name, cell.year, cell.expected, cell.published, cell.late, cell.missing, cell.blocked);
  return h(
    "a",
    { class: `c${shade}`, href: page("region", { code: cell.code || "unknown", year: cell.year }), title: told },
    percent(cell.published, cell.expected),
    h("small", {}, `${number(cell.published)}/${number(cell.expected)}`),
  );
}

function timeliness(years: Timely[]): HTMLElement {
  const place = h("div", { class: "chart" });
  void import("../bars").then((charts) => charts.timeliness(place, years));
  const legend = h("ul", { class: "legend" }, STATES.map((state) => h("li", { class: `k-${state}` }, t(state))));
  const rows = years.map((year) =>
    h("tr", {}, h("th", { scope: "row" }, String(year.year)), STATES.map((state) => h("td", { class: "num" }, number(year[state])))),
  );
  const head = h("tr", {}, h("th", { scope: "col" }, t("year")), STATES.map((state) => h("th", { scope: "col", class: "num" }, t(state))));
  return h("div", {}, place, legend, h("details", {}, h("summary", {}, t("table")), table(t("timeliness"), head, rows)));
}

function newest(found: Overview): HTMLElement {
  const items = (found.newest ?? []).map((report) =>
    h(
      "li",
      {},
      h("a", { href: page("report", { id: report.id }) }, report.title ?? report.id),
      h("br"),
      h("small", {}, `${report.publisher} · ${report.year} · ${report.published}`),
      report.failed ? h("small", {}, " · ", h("span", { class: "tag failed" }, `${report.failed} ${t("failed_checks")}`)) : null,
    ),
  );
  return h("ul", { class: "list" }, items);
}
