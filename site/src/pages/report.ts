// A report's document in, its page out: warnings and checks, the text with every number marked, notes beside it.

import { type Check, checkBox, checkList } from "../checks";
import { load, one } from "../data";
import { append, h, outside, page } from "../dom";
import { noticeFictional, setTitle } from "../frame";
import { either, number, percent, t } from "../language";
import { figures, heads, table } from "../parts";
import { Body, PARTS, type Quantity, type Row, rowsOf, type Section, shares } from "../rows";

interface ReportCheck extends Check {
  inputs: { role: string; raw: string | null; value: number | null; quantity_id: string | null }[];
}
interface Report {
  title: string | null;
  publisher: string;
  publisher_id: string;
  region: string | null;
  region_code: string | null;
  year: number;
  published: string | null;
  signed: string | null;
  timeliness: string;
  days_late: number | null;
  source: string | null;
  index_no: string | null;
  document_no: string | null;
  site_id: string | null;
  url: string;
  archive: string | null;
  sha256: string | null;
  versions: number | null;
  appearances: number | null;
  fictional: boolean;
  derived: Record<string, string> | null;
  warnings: { code: string; detail?: string; excerpt?: string; place?: string }[] | null;
  body: string;
  sections: Section[];
  quantities: Quantity[];
  passed: number;
  checks: ReportCheck[];
}
type Names = Record<string, { zh: string; en: string }>;

const MANY = 30;
const SHORT = 12;
const SURE = 0.9;
const DOUBTFUL = 0.8;
const APPROX: Record<string, string> = { about: "≈", at_least: "≥", more_than: ">", less_than: "<" };
const DIRECTION: Record<string, string> = { up: "↑", down: "↓" };

export async function show(main: HTMLElement, parameters: URLSearchParams): Promise<void> {
  const [report, names] = await Promise.all([
    one<Report>("report", parameters.get("id") ?? ""),
    load<Names>("indicators.json.gz"),
  ]);
  noticeFictional(report.fictional);
  setTitle(report.title ?? report.publisher, String(report.year));
  const body = new Body(report.body);
  append(main, [head(report), parts(body, report.sections), alerts(report), text(report, body, names), metadata(report)]);
  const wanted = parameters.get("quantity");
  const place = wanted ? report.quantities.findIndex((item) => item.id === wanted) : -1;
  if (place >= 0) setTimeout(() => document.getElementById(`m${place + 1}`)?.querySelector("a")?.focus(), 0);
}

function stateOf(item: Quantity): string {
  if (item.flag === "failed_check") return "failed";
  if (item.confidence < DOUBTFUL) return "doubtful";
  if (item.target) return "target";
  return item.indicator ? "mapped" : "unmapped";
}

function head(report: Report): HTMLElement {
  const states = report.quantities.map(stateOf);
  const count = (state: string): number => states.filter((item) => item === state).length;
  const words = { mapped: "with_indicator", unmapped: "without_indicator", target: "targets", doubtful: "doubtful", failed: "in_failed_checks" };
  const rest = Object.entries(words).map(([state, word]): [number, string, string] => [count(state), t(word), state]);
  const late = report.days_late ? t("days_late", report.days_late) : t(report.timeliness);
  return h(
    "header",
    {},
    h("p", { class: "kicker" }, `${t("annual_report")} · ${report.year}`),
    h("h1", {}, report.title ?? report.publisher),
    h(
      "p",
      { class: "by" },
      h("a", { href: page("publisher", { id: report.publisher_id }) }, report.publisher),
      [report.region, report.published, late].filter(Boolean).map((item) => ` · ${item}`),
      h("br"),
      outside(report.url),
    ),
    figures([
      [report.quantities.length, t("quantities")],
      ...rest.filter(([several]) => several),
      [report.passed, t("checks_passed")],
    ]),
  );
}

function parts(body: Body, sections: Section[]): HTMLElement {
  const found = shares(body.length, sections);
  const strip = h("div", { class: "strip", "aria-hidden": "true" });
  strip.style.gridTemplateColumns = [...found.values()].filter((share) => share > 0).map((share) => `${share.toFixed(4)}fr`).join(" ");
  append(strip, PARTS.filter((part) => found.get(part)).map((part) => h("span", { class: part })));
  const items = PARTS.filter((part) => found.get(part) || part !== "other").map((part) =>
    h("li", { class: found.get(part) ? part : `${part} absent` }, `${t(part)} `, found.get(part) ? percent(found.get(part) ?? 0, 1) : t("absent")),
  );
  return h("section", {}, h("h2", { class: "label" }, t("five_parts")), strip, h("ul", { class: "parts" }, items));
}

function alerts(report: Report): HTMLElement | null {
  const boxes = (report.warnings ?? []).map((item) =>
    h(
      "div",
      { class: "box" },
      h("p", {}, h("span", { class: "tag failed" }, `${t("warning")} \u00b7 ${t(item.code)}`), t(item.detail ?? "")),
      h("p", { class: "said" }, [item.excerpt, item.place].filter(Boolean).join(" ")),
    ),
  );
  const numbers = new Map(report.quantities.map((item, place) => [item.id, place + 1]));
  boxes.push(...checkList(report.checks, MANY, (item) => checkBox(item, [], inputs(item, numbers))));
  return boxes.length ? h("section", {}, h("h2", { class: "label" }, t("warnings_and_checks")), boxes) : null;
}

/** The numbers that went into a check, each a link to its place in the text. */
function inputs(check: ReportCheck, numbers: Map<string, number>): (Node | string)[][] {
  return (check.inputs ?? []).map((item, place) => {
    const at = item.quantity_id ? numbers.get(item.quantity_id) : undefined;
    const told = `${t(`role_${item.role}`)} ${item.raw ?? number(item.value)}`;
    return [place ? " \u00b7 " : "", at ? h("a", { href: `#m${at}` }, told) : told];
  });
}

function text(report: Report, body: Body, names: Names): HTMLElement {
  const place = h("div", { class: "text" });
  for (const row of rowsOf(body, report.sections, report.quantities)) place.append(rowElement(report, body, names, row));
  return h("section", { "aria-label": t("text") }, place);
}

function rowElement(report: Report, body: Body, names: Names, row: Row): HTMLElement {
  const pieces: (Node | string)[] = [];
  let at = row.at;
  for (let number = row.first; number < row.last; number += 1) {
    const item = report.quantities[number];
    if (!item) break;
    const start = Math.max(item.at, at);
    const end = Math.min(Math.max(item.to, at), row.to);
    pieces.push(body.slice(at, start), mark(body.slice(start, end), stateOf(item), number + 1));
    at = end;
  }
  pieces.push(body.slice(at, row.to));
  const level = Math.min((row.section?.level ?? 1) + 1, 4);
  const tag = row.section?.level === 1 ? h("span", { class: "tag" }, t(row.section.part)) : null;
  const first = row.section ? h(`h${level}`, {}, pieces, tag) : h("p", {}, pieces);
  const notes = [];
  for (let number = row.first; number < row.last; number += 1) {
    const item = report.quantities[number];
    if (item) notes.push(note(item, names, number + 1));
  }
  return h(
    "div",
    { class: `row${row.opens ? " opens" : ""} ${row.part}` },
    h("div", {}, first),
    notes.length ? h("ul", { class: "notes" }, notes) : null,
  );
}

function mark(raw: string, state: string, number: number): HTMLElement {
  const short = raw.length <= SHORT ? " short" : "";
  return h("mark", { class: state + short, id: `m${number}` }, h("a", { href: `#n${number}` }, raw, h("sup", {}, String(number))));
}

function note(item: Quantity, names: Names, place: number): HTMLElement {
  const indicator = item.indicator && Object.hasOwn(names, item.indicator) ? names[item.indicator] : undefined;
  const named = indicator
    ? h("a", { href: page("indicator", { id: item.indicator, year: item.year }) }, h("b", {}, either(indicator)))
    : h("span", { class: "none" }, t("no_indicator"));
  const amount = [APPROX[item.approx], DIRECTION[item.direction ?? ""], number(item.value), item.unit].filter(Boolean).join(" ");
  const details = [item.subject, item.scope, item.year, t(`kind_${item.kind}`)].filter(Boolean).join(" · ");
  return h(
    "li",
    { class: stateOf(item), id: `n${place}` },
    h("a", { class: "no", href: `#m${place}` }, String(place)),
    named,
    h("span", { class: "amount" }, amount),
    item.flag === "failed_check" ? h("span", { class: "tag failed" }, t("failed_check")) : null,
    item.confidence < SURE ? h("span", { class: "tag doubtful" }, t("confidence", item.confidence.toFixed(2))) : null,
    item.target ? h("span", { class: "tag target" }, t("goal")) : null,
    item.yearly ? h("span", { class: "tag mapped" }, t("yearly_value")) : null,
    item.review ? h("span", { class: "tag target" }, t(item.review), item.reason ? `: ${item.reason}` : "") : null,
    details,
  );
}

function metadata(report: Report): HTMLElement {
  const fields: [string, string | null, string][] = [
    ["title", report.title, "title"],
    ["publisher", report.publisher, "publisher"],
    ["region", [report.region, report.region_code].filter(Boolean).join(" "), "region_code"],
    ["published_on", report.published, "published_on"],
    ["signed_on", report.signed, "signed_on"],
    ["source", report.source, "source"],
    ["index_no", report.index_no, "index_no"],
    ["document_no", report.document_no, "document_no"],
    ["site_id", report.site_id, "site_id"],
    ["archive", report.archive, ""],
    ["content", report.sha256, ""],
    ["versions", t("seen", report.appearances ?? 1, report.versions ?? 1), ""],
  ];
  const rows = fields.map(([name, value, field]) =>
    h("tr", {}, h("th", { scope: "row" }, t(name)), h("td", {}, value ?? "–"), h("td", { class: "evidence" }, report.derived?.[field] ?? "")),
  );
  rows.push(h("tr", {}, h("th", { scope: "row" }, t("url")), h("td", {}, outside(report.url)), h("td")));
  return h("details", {}, h("summary", {}, t("source_and_metadata")), table(t("source_and_metadata"), heads(t("field"), t("value"), t("evidence")), rows));
}
