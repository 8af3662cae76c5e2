// A body's document in, its page out: its reports, its checks that do not pass, its indicators beside its peers.

import { type Check, checkBox, checkList } from "../checks";
import { one } from "../data";
import { append, h, page } from "../dom";
import { noticeFictional, setTitle } from "../frame";
import { either, number, t } from "../language";
import { flag, heads, table } from "../parts";
import { type Catalogue, load_catalogue } from "./indicators";

interface Value {
  indicator: string;
  year: number;
  value: number;
  unit: string | null;
  approx: string;
  flag: string;
  report: string;
  quantity: string;
  peer: number;
  peers: number;
}
interface Year {
  year: number;
  status: string;
  timeliness: string | null;
  published: string | null;
  days_late: number | null;
  report: string | null;
  reason: string | null;
  title: string | null;
  chars: number | null;
  quantities: number | null;
  mapped: number | null;
  failed: number | null;
}
interface YearCheck extends Check {
  year: number;
  report: string;
}
export interface Publisher {
  name: string;
  names: string | null;
  region: string | null;
  region_code: string | null;
  province: string | null;
  level: string | null;
  kind: string;
  function: string | null;
  fictional: boolean;
  years: Year[];
  values: Value[];
  checks: YearCheck[];
  links: { id: string; name: string; since: number | null; why: string | null; before: boolean }[];
}

const MANY = 30;

export async function show(main: HTMLElement, parameters: URLSearchParams): Promise<void> {
  const [body, catalogue] = await Promise.all([one<Publisher>("publisher", parameters.get("id") ?? ""), load_catalogue()]);
  noticeFictional(body.fictional);
  setTitle(body.name);
  append(main, [
    head(body),
    h("h2", {}, t("its_reports")),
    reports(body),
    h("h2", {}, t("its_checks")),
    checks(body, catalogue),
    h("h2", {}, t("its_indicators")),
    h("p", { class: "note" }, t("peers_note")),
    h("ul", { class: "legend" }, h("li", { class: "k-own" }, t("own")), h("li", { class: "k-peer" }, t("peer_median"))),
    indicators(body, catalogue, parameters.get("id") ?? ""),
  ]);
}

function head(body: Publisher): HTMLElement {
  const told = [t(`level_${body.level ?? "unknown"}`), t(body.kind), body.function].filter(Boolean).join(" · ");
  const links = body.links.map((link) =>
    h("p", { class: "by" }, t(link.before ? "before" : "after", link.since ?? ""), " ", h("a", { href: page("publisher", { id: link.id }) }, link.name), h("small", {}, ` ${link.why ?? ""}`)),
  );
  const region = body.region ? h("a", { href: page("region", { code: body.province ?? "unknown" }) }, body.region) : t("unknown_region");
  return h("header", {}, h("p", { class: "kicker" }, told), h("h1", {}, body.name), h("p", { class: "by" }, region, body.region_code ? ` · ${body.region_code}` : ""), links);
}

function reports(body: Publisher): HTMLElement {
  const rows = body.years.map((year) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, String(year.year)),
      h("td", {}, h("span", { class: `status k-${year.status === "published" ? (year.timeliness ?? "unknown") : year.status}` }, t(year.status === "published" ? (year.timeliness ?? "unknown") : year.status)), year.days_late ? ` ${t("days_late", year.days_late)}` : "", year.reason ? ` ${year.reason}` : ""),
      h("td", { class: "whole" }, year.published ?? ""),
      h("td", { class: "wide" }, year.report ? h("a", { href: page("report", { id: year.report }) }, year.title ?? year.report) : ""),
      h("td", { class: "num" }, number(year.quantities)),
      h("td", { class: "num" }, number(year.mapped)),
      h("td", { class: "num" }, year.failed ? h("span", { class: "tag failed" }, number(year.failed)) : number(year.failed)),
    ),
  );
  return table(t("its_reports"), heads(t("year"), t("status"), t("published_on"), t("title"), [t("quantities")], [t("with_indicator")], [t("failed_checks")]), rows);
}

function checks(body: Publisher, catalogue: Catalogue): HTMLElement[] {
  const failed = body.checks.some((check) => check.verdict === "fail");
  const boxes = checkList(body.checks, MANY, (check) => {
    const known = check.indicator ? catalogue[check.indicator] : undefined;
    return checkBox(check, [h("a", { href: page("report", { id: check.report }) }, String(check.year)), known ? ` \u00b7 ${either(known)}` : ""], []);
  });
  return failed ? boxes : [h("p", {}, t("no_failed_checks")), ...boxes];
}

function indicators(body: Publisher, catalogue: Catalogue, id: string): HTMLElement {
  const years = [...new Set(body.values.map((item) => item.year))].sort();
  const byIndicator = Map.groupBy(body.values, (item) => item.indicator);
  const byTheme = Map.groupBy(byIndicator.keys(), (name) => catalogue[name]?.theme ?? "organisation");
  const observer = new IntersectionObserver((seen) => {
    for (const entry of seen)
      if (entry.isIntersecting) {
        observer.unobserve(entry.target);
        const values = byIndicator.get((entry.target as HTMLElement).dataset.indicator ?? "") ?? [];
        void import("../lines").then((charts) => charts.spark(entry.target as HTMLElement, values, years));
      }
  });
  const sections = [...byTheme].map(([theme, names], place) => {
    const rows = names.map((name) => {
      const values = new Map((byIndicator.get(name) ?? []).map((item) => [item.year, item]));
      const known = catalogue[name];
      const spark = h("td", { class: "spark", "data-indicator": name });
      observer.observe(spark);
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, h("a", { href: page("indicator", { id: name, body: id }) }, known ? either(known) : name), h("small", {}, ` ${known?.unit ?? ""}`)),
        spark,
        years.map((year) => h("td", { class: "num" }, cell(values.get(year)))),
      );
    });
    return h("details", { open: place < 3 }, h("summary", {}, `${t(`theme_${theme}`)} (${names.length})`), table(t(`theme_${theme}`), heads(t("indicator"), "", ...years.map((year): [string] => [String(year)])), rows, "wide-first"));
  });
  return sections.length ? h("div", {}, sections) : h("p", {}, t("no_values"));
}

function cell(item: Value | undefined): (Node | string | null)[] {
  if (!item) return [""];
  return [
    h("a", { href: page("report", { id: item.report, quantity: item.quantity }), title: t("to_sentence") }, number(item.value)),
    flag(item.flag),
    item.peers > 1 ? h("small", { class: "peer", title: t("peer_told", item.peers) }, number(item.peer)) : null,
  ];
}
