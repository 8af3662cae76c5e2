// Small pieces that several pages have: a row of figures, a table that scrolls by itself on a phone.

import { h } from "./dom";
import { number, t } from "./language";

type Figure = [number, string, string?];

export function figures(items: Figure[]): HTMLElement {
  return h("ul", { class: "figures" }, items.map(([count, word, kind]) => h("li", { class: kind }, h("b", {}, number(count)), word)));
}

/** A table in a frame that can be scrolled, by keyboard too. */
export function table(name: string, head: HTMLElement, rows: HTMLElement[], kind?: string): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": name },
    h("table", { class: kind }, h("thead", {}, head), h("tbody", {}, rows)),
  );
}

/** A row of column names; one in brackets heads a column of numbers. A column without a name has no heading. */
export function heads(...names: (string | [string])[]): HTMLElement {
  const cells = names.map((name) => {
    const word = typeof name === "string" ? name : name[0];
    return word ? h("th", { scope: "col", class: typeof name === "string" ? null : "num" }, word) : h("td");
  });
  return h("tr", {}, cells);
}

/** A labelled choice. */
export function chosen(id: string, label: string, options: [string, string][], value: string, change: (value: string) => void): HTMLElement {
  const select = h("select", { id, change: (event) => change((event.target as HTMLSelectElement).value) });
  for (const [key, word] of options) select.append(h("option", { value: key, selected: key === value }, word));
  return h("span", {}, h("label", { for: id }, label), " ", select);
}

/** Rows that are fetched some at a time; `rows` is asked for those from a place on. */
export function pager(all: number, step: number, rows: (from: number) => Promise<HTMLElement>): HTMLElement {
  const place = h("div");
  const told = h("span", { role: "status" });
  const back = h("button", { type: "button", click: () => go(at - step) }, t("back"));
  const next = h("button", { type: "button", click: () => go(at + step) }, t("next"));
  let at = 0;
  const go = (from: number): void => {
    at = Math.max(0, Math.min(from, Math.max(all - 1, 0)));
    at -= at % step;
    told.textContent = t("from_to", number(Math.min(at + 1, all)), number(Math.min(at + step, all)), number(all));
    back.toggleAttribute("disabled", at === 0);
    next.toggleAttribute("disabled", at + step >= all);
    if (all) rows(at).then((shown) => place.replaceChildren(shown), (error: unknown) => place.replaceChildren(h("p", { role: "alert" }, t("failed_to_load", String(error)))));
  };
  go(0);
  return h("div", {}, place, all > step ? h("p", { class: "controls" }, back, told, next) : null);
}

/** What is wrong with a value, where something is. */
export function flag(name: string): HTMLElement | null {
  if (name === "ok" || name === "approximate") return null;
  return h("span", { class: name === "failed_check" ? "tag failed" : "tag doubtful" }, t(`flag_${name}`));
}

/** Put what is chosen into the address, so that it can be passed on. */
export function update(values: Record<string, string | number | string[]>): void {
  const here = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    here.searchParams.delete(name);
    for (const item of Array.isArray(value) ? value : [value]) if (item !== "") here.searchParams.append(name, String(item));
  }
  history.replaceState(null, "", here);
}
