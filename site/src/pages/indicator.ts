// An indicator's document in, its page out: definition, trend, spread, provinces and ranking of one group of bodies.

import { load, type Site } from "../data";
import { append, h, page } from "../dom";
import { setTitle } from "../frame";
import { either, number, t } from "../language";
import { chosen, heads, table, update } from "../parts";
import { type Followed, follow, province, provinceName } from "./followed";
import { load_catalogue } from "./indicators";
import { ranking } from "./ranking";

export interface Year {
  group: string;
  year: number;
  bodies: number;
  quantiles: number[];
  sum: number;
  flagged: number;
  bins: [number, number][];
  provinces: { code: string; bodies: number; middle: number; sum: number }[];
}
interface Indicator {
  zh: string;
  en: string;
  theme: string | null;
  unit: string | null;
  kind: string;
  definition_zh: string | null;
  definition_en: string | null;
  parent: string | null;
  total: string | null;
  numerator: string | null;
  denominator: string | null;
  since: number | null;
  years: Year[];
}
interface State {
  group: string;
  year: number;
  followed: Followed[];
  regions: string[];
}
const MOST_LINES = 6;

export async function show(main: HTMLElement, parameters: URLSearchParams): Promise<void> {
  const id = parameters.get("id") ?? "";
  const [site, catalogue] = await Promise.all([load<Site>("site.json"), load_catalogue()]);
  const indicator = await load<Indicator>(`indicator/${id}.json.gz`);
  setTitle(either(indicator));
  const groups = [...new Set(indicator.years.map((item) => item.group))];
  const group = groups.includes(parameters.get("group") ?? "") ? (parameters.get("group") ?? "") : "all";
  const years = indicator.years.filter((item) => item.group === group).map((item) => item.year);
  const asked = Number(parameters.get("year"));
  const state: State = {
    group,
    year: years.includes(asked) ? asked : Math.max(...years),
    followed: await follow(parameters.getAll("body").slice(-MOST_LINES), id),
    regions: parameters.getAll("region").slice(-MOST_LINES),
  };
  const shown = h("div");
  const draw = (): void => {
    update({ group: state.group, year: state.year, body: state.followed.map((body) => body.id), region: state.regions });
    shown.replaceChildren(...drawn(id, indicator, site, state, draw));
  };
  append(main, [
    h("p", { class: "kicker" }, t(`theme_${indicator.theme ?? "organisation"}`)),
    h("h1", {}, either(indicator)),
    h("p", {}, either({ zh: indicator.definition_zh ?? "", en: indicator.definition_en ?? "" })),
    h("p", { class: "note" }, relations(indicator, id, (other) => (catalogue[other] ? either(catalogue[other]) : other))),
  ]);
  if (!years.length) {
    main.append(h("p", { class: "box note", role: "status" }, t("no_values")));
    return;
  }
  const select = chosen("group", t("group"), groups.map((name) => [name, groupName(name)]), state.group, (value) => {
    state.group = value;
    const known = indicator.years.filter((item) => item.group === value).map((item) => item.year);
    if (!known.includes(state.year)) state.year = Math.max(...known);
    draw();
  });
  append(main, [
    h("p", { class: "controls" }, select, h("a", { href: `data/csv/${encodeURIComponent(id)}.csv`, download: `${id}.csv` }, t("download_csv"))),
    shown,
  ]);
  draw();
}

function relations(indicator: Indicator, id: string, named: (id: string) => string): (Node | string)[] {
  const told: (Node | string)[] = [`${t("unit")}: ${indicator.unit ?? "–"} · ${t("since", indicator.since ?? "–")} · ${id}`];
  for (const [word, other] of [
    ["parent", indicator.parent],
    ["total", indicator.total],
    ["numerator", indicator.numerator],
    ["denominator", indicator.denominator],
  ] as const)
    if (other) told.push(` · ${t(word)}: `, h("a", { href: page("indicator", { id: other }) }, named(other)));
  return told;
}

function drawn(id: string, indicator: Indicator, site: Site, state: State, again: () => void): HTMLElement[] {
  const years = indicator.years.filter((item) => item.group === state.group);
  const year = years.find((item) => item.year === state.year);
  if (!year) return [];
  const trend = h("div", { class: "chart" });
  const spread = h("div", { class: "chart" });
  const compared = [...state.followed, ...state.regions.map((code) => province(code, years, site))].slice(0, MOST_LINES);
  void import("../lines").then((lines) => lines.trend(trend, years, compared, either(indicator), indicator.unit === "%"));
  void import("../bars").then((bars) => bars.spread(spread, year, indicator.unit));
  const buttons = years.map((item) =>
    h(
      "button",
      { type: "button", "aria-pressed": String(item.year === state.year), click: () => ((state.year = item.year), again()) },
      String(item.year),
    ),
  );
  const followed = compared.map((line, place) =>
    h("li", { class: `s${place}` }, line.name, " ", h("button", { type: "button", class: "small", "aria-label": `${t("unfollow")} ${line.name}`, click: () => (remove(state, line), again()) }, "\u00d7")),
  );
  const compare = (code: string): void => {
    if (state.regions.includes(code)) return remove(state, { id: code }), again();
    state.regions = [...state.regions, code].slice(-MOST_LINES + state.followed.length);
    again();
  };
  return [
    h("h2", {}, t("trend")),
    h("p", { class: "note" }, t("trend_note")),
    trend,
    h("ul", { class: "legend" }, h("li", { class: "k-middle" }, t("median")), h("li", { class: "k-half" }, t("half")), h("li", { class: "k-most" }, t("most")), followed),
    h("details", {}, h("summary", {}, t("table")), spreadTable(years, indicator.unit)),
    h("div", { class: "controls years", role: "group", "aria-label": t("year") }, buttons),
    h(
      "div",
      { class: "columns" },
      h("section", {}, h("h2", {}, `${t("distribution")} ${state.year}`), h("p", { class: "note" }, t("distribution_note", number(year.bodies), number(year.flagged))), spread),
      h("section", {}, h("h2", {}, `${t("by_province")} ${state.year}`), provinces(year, indicator.unit, site, state, compare)),
    ),
    h("h2", {}, `${t("ranking")} ${state.year}`),
    ranking({ id, group: state.group, year: state.year, bodies: year.bodies, size: site.page, unit: indicator.unit }, state.followed, (body) => {
      if (state.followed.some((item) => item.id === body)) return;
      void follow([body], id).then((found) => {
        state.followed = [...state.followed, ...found].slice(-MOST_LINES);
        again();
      });
    }),
  ];
}

function remove(state: State, line: { id: string }): void {
  state.followed = state.followed.filter((item) => item.id !== line.id);
  state.regions = state.regions.filter((code) => code !== line.id);
}

/** Shares add up to nothing that means anything. */
const adds = (unit: string | null): boolean => unit !== "%";

function spreadTable(years: Year[], unit: string | null): HTMLElement {
  const rows = years.map((item) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, String(item.year)),
      [item.bodies, ...item.quantiles, ...(adds(unit) ? [item.sum] : [])].map((value) => h("td", { class: "num" }, number(value))),
    ),
  );
  return table(t("trend"), heads(t("year"), ...[t("publishers"), t("lowest"), "10%", "25%", t("median"), "75%", "90%", t("highest"), ...(adds(unit) ? [t("sum")] : [])].map((word): [string] => [word])), rows);
}

function provinces(year: Year, unit: string | null, site: Site, state: State, compare: (code: string) => void): HTMLElement {
  const most = Math.max(...year.provinces.map((item) => Math.abs(item.middle)), 0);
  const sorted = [...year.provinces].sort((a, b) => b.middle - a.middle);
  const rows = sorted.map((item) => {
    const share = h("span", { class: "share", "aria-hidden": "true" });
    share.style.inlineSize = `${most ? (100 * Math.max(item.middle, 0)) / most : 0}%`;
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h("a", { href: page("region", { code: item.code || "unknown" }) }, provinceName(item.code, site))),
      h("td", { class: "num" }, number(item.bodies)),
      h("td", { class: "num" }, number(item.middle)),
      h("td", { class: "bars" }, share),
      adds(unit) ? h("td", { class: "num" }, number(item.sum)) : null,
      h("td", {}, h("button", { type: "button", class: "small", "aria-pressed": String(state.regions.includes(item.code)), "aria-label": `${t("follow")} ${provinceName(item.code, site)}`, click: () => compare(item.code) }, t("follow"))),
    );
  });
  return table(t("by_province"), heads(t("province"), [t("publishers")], [t("median")], "", ...(adds(unit) ? [[t("sum")] as [string]] : []), ""), rows);
}

export function groupName(group: string): string {
  if (group === "all") return t("all_bodies");
  const [level = "", kind = ""] = group.split("-");
  return `${t(`level_${level}`)} · ${t(kind)}`;
}
