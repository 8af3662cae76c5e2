// An indicator, a group and a year in, its bodies by value out, some at a time; each value leads to its sentence.

import { load } from "../data";
import { h, page } from "../dom";
import { number, t } from "../language";
import { flag, heads, pager, table } from "../parts";
import type { Followed } from "./followed";

type Ranked = [number, string, string, string | null, number, string, string, string, string];
export interface Wanted {
  id: string;
  group: string;
  year: number;
  bodies: number;
  size: number;
  unit: string | null;
}

const SHOWN = 50;
const APPROX: Record<string, string> = { about: "≈ ", at_least: "≥ ", more_than: "> ", less_than: "< " };

export function ranking(wanted: Wanted, followed: Followed[], add: (id: string) => void): HTMLElement {
  return pager(wanted.bodies, SHOWN, async (from) => {
    const rows = await load<Ranked[]>(`ranking/${wanted.id}/${wanted.group}-${wanted.year}-${Math.floor(from / wanted.size)}.json.gz`);
    const start = from % wanted.size;
    const told = rows.slice(start, start + SHOWN).map((row) => line(row, followed, add));
    return table(t("ranking"), heads(["#"], t("publisher"), t("region"), [wanted.unit ? `${t("value")} (${wanted.unit})` : t("value")], "", ""), told);
  });
}

function line(row: Ranked, followed: Followed[], add: (id: string) => void): HTMLElement {
  const [place, id, name, region, value, approx, quality, report, quantity] = row;
  const plotted = followed.some((body) => body.id === id);
  return h(
    "tr",
    {},
    h("td", { class: "num" }, number(place)),
    h("th", { scope: "row" }, h("a", { href: page("publisher", { id }) }, name)),
    h("td", {}, region ?? ""),
    h("td", { class: "num" }, h("a", { href: page("report", { id: report, quantity }), title: t("to_sentence") }, `${APPROX[approx] ?? ""}${number(value)}`)),
    h("td", {}, flag(quality)),
    h("td", {}, h("button", { type: "button", class: "small", "aria-pressed": String(plotted), "aria-label": `${t("follow")} ${name}`, click: () => add(id) }, t("follow"))),
  );
}
