// Values over the years in, line charts out.

import * as Plot from "@observablehq/plot";
import { draw } from "./draw";
import type { Followed } from "./pages/followed";
import type { Year } from "./pages/indicator";
import { compact, number, t } from "./language";

const LOW = 50;

/** Median, middle half and most of the bodies by year, and the bodies and provinces that the reader follows. */
export function trend(place: HTMLElement, years: Year[], followed: Followed[], name: string, percents: boolean): void {
  const known = years.map((year) => year.year);
  const lines = followed.flatMap((body, place) => body.values.map((item) => ({ ...item, name: body.name, place })));
  const lowest = Math.min(...years.map((year) => year.quantiles[1] ?? 0), ...lines.map((item) => item.value));
  const from_zero = !percents || lowest < LOW; // shares near 100 would lie on each other
  draw(place, `${t("trend")}: ${name}`, {
    height: 300,
    x: { label: null, tickFormat: "d", ticks: known, inset: 12 },
    y: { label: null, grid: true, zero: from_zero, nice: true, ticks: 6, tickFormat: compact },
    marks: [
      Plot.areaY(years, { x: "year", y1: (year) => year.quantiles[1], y2: (year) => year.quantiles[5], fill: "var(--band)", fillOpacity: 0.45 }),
      Plot.areaY(years, { x: "year", y1: (year) => year.quantiles[2], y2: (year) => year.quantiles[4], fill: "var(--band)" }),
      from_zero ? Plot.ruleY([0]) : null,
      Plot.lineY(years, { x: "year", y: (year) => year.quantiles[3], stroke: "currentColor", strokeWidth: 2 }),
      Plot.dot(years, { x: "year", y: (year) => year.quantiles[3], fill: "currentColor", r: 3, title: (year) => `${year.year} ${t("median")} ${number(year.quantiles[3])} (${number(year.bodies)})` }),
      Plot.lineY(lines, { x: "year", y: "value", z: "name", stroke: (item) => `var(--s${item.place})`, strokeWidth: 2 }),
      Plot.dot(lines, { x: "year", y: "value", fill: (item) => `var(--s${item.place})`, r: 3.5, title: (item) => `${item.name} ${item.year}: ${number(item.value)}` }),
    ],
  });
}

/** A body's values beside the median of its peers, small. */
export function spark(place: HTMLElement, values: { year: number; value: number; peer: number }[], years: number[]): void {
  const chart = Plot.plot({
    className: "plot",
    width: 96,
    height: 30,
    margin: 4,
    x: { axis: null, domain: [Math.min(...years), Math.max(...years, Math.min(...years) + 1)] },
    y: { axis: null, zero: true },
    marks: [
      Plot.lineY(values, { x: "year", y: "peer", stroke: "var(--absent)", strokeDasharray: "3 2" }),
      Plot.lineY(values, { x: "year", y: "value", stroke: "var(--series)", strokeWidth: 1.8 }),
      Plot.dot(values.slice(-1), { x: "year", y: "value", fill: "var(--series)", r: 2.4 }),
    ],
  });
  chart.setAttribute("aria-hidden", "true"); // the numbers stand beside it
  place.replaceChildren(chart);
}
