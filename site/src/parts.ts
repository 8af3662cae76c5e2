// Small pieces that several pages have: a row of figures, a table that scrolls by itself on a phone.

import { h } from "./dom";
import { number } from "./language";

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

export function heads(...names: string[]): HTMLElement {
  return h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)));
}
