// quality.json in, the page out: how the checks came out, by kind, and where most is wrong.

import { load } from "../data";
import { append, h, page } from "../dom";
import { setTitle } from "../frame";
import { either, number, percent, t } from "../language";
import { heads, table } from "../parts";
import { type Catalogue, load_catalogue } from "./indicators";

export interface Kind {
  kind: string;
  pass: number;
  explained: number;
  unusual: number;
  fail: number;
}
interface Quality {
  checks: Kind[] | null;
  flags: { year: number; flag: string; values: number }[] | null;
  reports: { id: string; publisher: string; publisher_id: string; year: number; checks: number; failed: number }[] | null;
  indicators: { id: string; values: number; failed: number; doubtful: number }[] | null;
  warnings: { code: string; reports: number }[] | null;
}
export const VERDICTS = ["pass", "explained", "unusual", "fail"] as const;
const FLAGS = ["ok", "approximate", "unusual", "conflicting", "failed_check"];

export async function show(main: HTMLElement): Promise<void> {
  const [found, catalogue] = await Promise.all([load<Quality>("quality.json.gz"), load_catalogue()]);
  setTitle(t("quality"));
  const chart = h("div", { class: "chart" });
  const kinds = found.checks ?? [];
  void import("../bars").then((charts) => charts.verdicts(chart, kinds));
  append(main, [
    h("h1", {}, t("quality")),
    h("h2", {}, t("checks_by_kind")),
    h("p", { class: "note" }, t("checks_note")),
    chart,
    h("ul", { class: "legend" }, VERDICTS.map((verdict) => h("li", { class: `k-${verdict}` }, t(verdict)))),
    checks(kinds),
    h("h2", {}, t("flags")),
    flags(found),
    h(
      "div",
      { class: "columns" },
      h("section", {}, h("h2", {}, t("worst_reports")), reports(found)),
      h("section", {}, h("h2", {}, t("worst_indicators")), indicators(found, catalogue)),
    ),
    h("h2", {}, t("page_warnings")),
    warnings(found),
  ]);
}

function checks(kinds: Kind[]): HTMLElement {
  const rows = kinds.map((item) => {
    const all = VERDICTS.reduce((sum, verdict) => sum + item[verdict], 0);
    return h("tr", {}, h("th", { scope: "row" }, t(item.kind)), VERDICTS.map((verdict) => h("td", { class: "num" }, number(item[verdict]))), h("td", { class: "num" }, percent(item.pass, all)));
  });
  return table(t("checks_by_kind"), heads(t("kind_of_check"), ...VERDICTS.map((verdict): [string] => [t(verdict)]), [t("share_passed")]), rows);
}

function flags(found: Quality): HTMLElement {
  const cells = new Map((found.flags ?? []).map((item) => [`${item.year}:${item.flag}`, item.values]));
  const years = [...new Set((found.flags ?? []).map((item) => item.year))];
  const rows = years.map((year) => h("tr", {}, h("th", { scope: "row" }, String(year)), FLAGS.map((flag) => h("td", { class: "num" }, number(cells.get(`${year}:${flag}`) ?? 0)))));
  return table(t("flags"), heads(t("year"), ...FLAGS.map((flag): [string] => [t(`flag_${flag}`)])), rows);
}

function reports(found: Quality): HTMLElement {
  const rows = (found.reports ?? []).map((item) =>
    h("tr", {}, h("th", { scope: "row" }, h("a", { href: page("publisher", { id: item.publisher_id }) }, item.publisher)), h("td", {}, h("a", { href: page("report", { id: item.id }) }, String(item.year))), h("td", { class: "num" }, number(item.checks)), h("td", { class: "num" }, number(item.failed))),
  );
  return rows.length ? table(t("worst_reports"), heads(t("publisher"), t("year"), [t("checks")], [t("failed_checks")]), rows) : h("p", {}, t("no_failed_checks"));
}

function indicators(found: Quality, catalogue: Catalogue): HTMLElement {
  const rows = (found.indicators ?? []).map((item) => {
    const known = catalogue[item.id];
    return h("tr", {}, h("th", { scope: "row" }, h("a", { href: page("indicator", { id: item.id }) }, known ? either(known) : item.id)), [item.values, item.failed, item.doubtful].map((value) => h("td", { class: "num" }, number(value))));
  });
  return rows.length ? table(t("worst_indicators"), heads(t("indicator"), [t("values")], [t("flag_failed_check")], [t("doubtful")]), rows) : h("p", {}, t("no_failed_checks"));
}

function warnings(found: Quality): HTMLElement {
  const rows = (found.warnings ?? []).map((item) => h("tr", {}, h("th", { scope: "row" }, t(item.code)), h("td", { class: "num" }, number(item.reports))));
  return rows.length ? table(t("page_warnings"), heads(t("warning"), [t("reports")]), rows) : h("p", {}, t("no_warnings"));
}
