// Words in, bodies and indicators by name out; passages and numbers too where `fazhi serve` answers.

import { load, type Site } from "../data";
import { append, h, page } from "../dom";
import { setTitle } from "../frame";
import { either, number, t } from "../language";
import { update } from "../parts";
import { type Catalogue, load_catalogue } from "./indicators";

type Name = [string, string, string | null, number | null, number | null];
interface Hit {
  report_id: string;
  publisher: string;
  region_name: string | null;
  report_year: number;
  heading: string | null;
  snippet: string;
  highlights: [number, number][];
  quantity_id?: string;
  value?: number;
  unit?: string | null;
}

const MOST = 30;
const FIRST = 8;
const PAUSE = 250;

export async function show(main: HTMLElement, parameters: URLSearchParams): Promise<void> {
  setTitle(t("search"));
  const [site, catalogue] = await Promise.all([load<Site>("site.json"), load_catalogue()]);
  const results = h("div", { "aria-live": "polite" });
  let waiting = 0;
  let asked = 0;
  const box = h("input", {
    id: "words",
    type: "search",
    autocomplete: "off",
    maxlength: 200,
    value: parameters.get("q"),
    input: () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(run, PAUSE);
    },
  }) as HTMLInputElement;
  const run = async (): Promise<void> => {
    const words = box.value.trim();
    const mine = (asked += 1);
    update({ q: words });
    if (!words) {
      results.replaceChildren();
      return;
    }
    const names = await load<Name[]>("names.json.gz");
    if (mine !== asked) return;
    const later = h("div");
    const named = [...found(t("publishers"), bodies(names, words)), ...found(t("indicators"), indicators(catalogue, words))];
    const none = h("p", {}, t("nothing_found"));
    results.replaceChildren(...(named.length || site.search ? named : [none]), later);
    if (!site.search) {
      later.append(h("p", { class: "note" }, t("needs_serve"), " ", h("a", { href: "sql.html" }, t("sql"))));
      return;
    }
    later.append(h("p", { class: "note", role: "status" }, t("loading")));
    void Promise.all([ask(words, "passages"), ask(words, "quantities")]).then(([passages, quantities]) => {
      if (mine !== asked) return;
      const told = [...found(t("passages"), passages), ...found(t("numbers"), quantities)];
      later.replaceChildren(...(named.length || told.length ? told : [none]));
    }, (error: unknown) => later.replaceChildren(h("p", { role: "alert" }, t("failed_to_load", String(error)))));
  };
  append(main, [
    h("h1", {}, t("search")),
    h("p", { class: "controls" }, h("label", { for: "words" }, t("search_words")), box),
    results,
  ]);
  if (box.value) await run();
  main.ownerDocument.addEventListener("shown", () => box.focus(), { once: true, capture: true });
}

/** A list with its heading, where there is something to list. */
function found(title: string, items: HTMLElement[]): HTMLElement[] {
  const rest = items.length > FIRST ? h("details", {}, h("summary", {}, t("more", items.length - FIRST)), h("ul", { class: "list" }, items.slice(FIRST))) : null;
  return items.length ? [h("section", {}, h("h2", {}, title), h("ul", { class: "list" }, items.slice(0, FIRST)), rest)] : [];
}

function bodies(names: Name[], text: string): HTMLElement[] {
  const words = text.split(/\s+/);
  const fitting = names.filter(([, name, region]) => words.every((word) => `${region ?? ""} ${name}`.includes(word)));
  return fitting.slice(0, MOST).map(([id, name, region, reports, last]) =>
    h("li", {}, h("a", { href: page("publisher", { id }) }, name), h("small", {}, ` ${[region, `${number(reports)} ${t("reports")}`, last].filter(Boolean).join(" · ")}`)),
  );
}

function indicators(catalogue: Catalogue, text: string): HTMLElement[] {
  const words = text.toLowerCase().split(/\s+/);
  const fitting = Object.entries(catalogue).filter(([id, item]) => words.every((word) => `${id} ${item.zh} ${item.en}`.toLowerCase().includes(word)));
  fitting.sort((a, b) => b[1].values - a[1].values);
  return fitting.slice(0, MOST).map(([id, item]) => h("li", {}, h("a", { href: page("indicator", { id }) }, either(item)), h("small", {}, ` ${number(item.values)} ${t("values")}`)));
}

async function ask(words: string, kind: string): Promise<HTMLElement[]> {
  const response = await fetch(`api/search?${new URLSearchParams({ q: words, kind, limit: "20" })}`);
  const answer = (await response.json()) as { hits?: Hit[]; error?: string };
  if (answer.error) return [h("li", { role: "alert" }, answer.error)];
  return (answer.hits ?? []).map((hit) =>
    h(
      "li",
      {},
      h("a", { href: page("report", { id: hit.report_id, quantity: hit.quantity_id }) }, `${hit.publisher} ${hit.report_year}`),
      h("small", {}, ` ${[hit.region_name, hit.heading].filter(Boolean).join(" · ")}`),
      h("p", { class: "snippet" }, hit.value === undefined ? null : h("b", {}, `${number(hit.value)} ${hit.unit ?? ""} `), highlighted(hit)),
    ),
  );
}

function highlighted(hit: Hit): (Node | string)[] {
  const points = Array.from(hit.snippet); // the places count characters, not UTF-16 units
  const pieces: (Node | string)[] = [];
  let at = 0;
  for (const [start, end] of hit.highlights) {
    pieces.push(points.slice(at, start).join(""), h("mark", { class: "found" }, points.slice(start, end).join("")));
    at = end;
  }
  return [...pieces, points.slice(at).join("")];
}
