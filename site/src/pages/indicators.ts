// The catalogue in, the list of indicators out: by field of work, narrowed while one types.

import { load } from "../data";
import { append, h, page } from "../dom";
import { setTitle } from "../frame";
import { either, number, t } from "../language";
import { heads, table } from "../parts";

export interface Known {
  zh: string;
  en: string;
  theme: string | null;
  unit: string | null;
  kind: string;
  values: number;
  bodies: number;
  first: number | null;
  last: number | null;
}
export type Catalogue = Record<string, Known>;

export const load_catalogue = (): Promise<Catalogue> => load<Catalogue>("indicators.json.gz");

export async function show(main: HTMLElement): Promise<void> {
  const catalogue = await load_catalogue();
  setTitle(t("indicators"));
  const lists = h("div");
  const box = h("input", { id: "filter", type: "search", autocomplete: "off", input: () => fill(lists, catalogue, (box as HTMLInputElement).value) });
  append(main, [
    h("h1", {}, t("indicators")),
    h("p", { class: "note" }, t("indicators_note", Object.keys(catalogue).length)),
    h("p", { class: "controls" }, h("label", { for: "filter" }, t("filter")), box),
    lists,
  ]);
  fill(lists, catalogue, "");
}

function fill(lists: HTMLElement, catalogue: Catalogue, typed: string): void {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const entries = Object.entries(catalogue).filter(([id, item]) => {
    const text = `${id} ${item.zh} ${item.en}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const themes = [...new Set(entries.map(([, item]) => item.theme ?? "organisation"))];
  const sections = themes.map((theme) => {
    const known = entries.filter(([, item]) => (item.theme ?? "organisation") === theme);
    known.sort((a, b) => b[1].values - a[1].values || a[0].localeCompare(b[0]));
    const rows = known.map(([id, item]) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, h("a", { href: page("indicator", { id }) }, either(item))),
        h("td", {}, item.unit ?? ""),
        h("td", { class: "num" }, number(item.values)),
        h("td", { class: "num" }, number(item.bodies)),
        h("td", { class: "num" }, item.first ? `${item.first}–${item.last}` : "–"),
      ),
    );
    const head = heads(t("indicator"), t("unit"), [t("values")], [t("publishers")], [t("years")]);
    const [name, with_values] = [t(`theme_${theme}`), known.filter(([, item]) => item.values).length];
    const rest = rows.slice(with_values);
    const unknown = h("details", { open: typed !== "" }, h("summary", {}, t("without_values", rest.length)), table(`${name}: ${t("without_values", rest.length)}`, heads(t("indicator"), t("unit"), [t("values")], [t("publishers")], [t("years")]), rest, "wide-first"));
    return h("section", {}, h("h2", {}, name), with_values ? table(name, head, rows.slice(0, with_values), "wide-first") : null, rest.length ? unknown : null);
  });
  lists.replaceChildren(...(sections.length ? sections : [h("p", { role: "status" }, t("nothing_found"))]));
}
