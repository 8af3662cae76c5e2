// A province's bodies in, the list out, with what became of each year; narrowed by name, kind and status.

import { load, type Site } from "../data";
import { append, h, page } from "../dom";
import { setTitle } from "../frame";
import { number, t } from "../language";
import { chosen, heads, pager, table } from "../parts";

type Body = [string, string, string | null, string | null, string, number | null, [string, string][]];

const SHOWN = 100;
const STATUSES = ["published", "late", "missing", "blocked"];

export async function show(main: HTMLElement, parameters: URLSearchParams): Promise<void> {
  const code = parameters.get("code") ?? "";
  const [site, bodies] = await Promise.all([load<Site>("site.json"), load<Body[]>(`province/${code}.json.gz`)]);
  const name = site.provinces[code] ?? t("unknown_region");
  setTitle(name);
  const years = [...new Set(bodies.flatMap((body) => body[6].map(([year]) => year)))].sort();
  const list = h("div");
  const wanted = { text: "", year: parameters.get("year") ?? "", status: parameters.get("status") ?? "" };
  const draw = (): void => {
    const words = wanted.text.split(/\s+/).filter(Boolean);
    const found = bodies.filter(
      (body) =>
        words.every((word) => `${body[1]} ${body[2] ?? ""}`.includes(word)) &&
        (!wanted.status || body[6].some(([year, status]) => status === wanted.status && (!wanted.year || year === wanted.year))),
    );
    list.replaceChildren(
      h("p", { class: "note", role: "status" }, t("found_bodies", number(found.length))),
      pager(found.length, SHOWN, (from) => Promise.resolve(listed(found.slice(from, from + SHOWN), years, name))),
    );
  };
  const box = h("input", { id: "filter", type: "search", autocomplete: "off", input: () => ((wanted.text = (box as HTMLInputElement).value), draw()) });
  append(main, [
    h("h1", {}, name),
    h(
      "p",
      { class: "controls" },
      h("label", { for: "filter" }, t("filter")),
      box,
      chosen("year", t("year"), [["", t("any")], ...years.map((year): [string, string] => [year, year])], wanted.year, (value) => ((wanted.year = value), draw())),
      chosen("status", t("status"), [["", t("any")], ...STATUSES.map((status): [string, string] => [status, t(status)])], wanted.status, (value) => ((wanted.status = value), draw())),
    ),
    list,
  ]);
  draw();
}

function listed(bodies: Body[], years: string[], name: string): HTMLElement {
  const rows = bodies.map(([id, body, region, level, kind, reports, statuses]) => {
    const known = new Map(statuses);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h("a", { href: page("publisher", { id }) }, body), h("small", {}, ` ${region ?? ""}`)),
      h("td", {}, `${t(`level_${level ?? "unknown"}`)} · ${t(kind)}`),
      h("td", { class: "num" }, number(reports)),
      years.map((year) => h("td", {}, known.has(year) ? h("span", { class: `status k-${known.get(year)}` }, t(known.get(year) ?? "")) : "")),
    );
  });
  return table(name, heads(t("publisher"), t("level"), [t("reports")], ...years), rows, "wide-first");
}
