// Counts in, bar charts out.

import * as Plot from "@observablehq/plot";
import { draw, widthOf } from "./draw";
import type { Year } from "./pages/indicator";
import { type Timely, STATES } from "./pages/overview";
import { type Kind, VERDICTS } from "./pages/quality";
import { compact, number, t } from "./language";

const WIDE = 500;
const COLOURS: Record<string, string> = {
  on_time: "var(--good)",
  late: "var(--late)",
  unknown: "var(--band)",
  missing: "var(--absent)",
  blocked: "var(--failed)",
  pass: "var(--good)",
  explained: "var(--band)",
  unusual: "var(--late)",
  fail: "var(--failed)",
};

export function timeliness(place: HTMLElement, years: Timely[]): void {
  const bars = years.flatMap((year) => STATES.map((state) => ({ year: year.year, state, bodies: year[state] })));
  draw(place, t("timeliness"), {
    height: 240,
    x: { label: null, tickFormat: "d", type: "band" },
    y: { label: t("number_of_bodies"), grid: true, ticks: 5, nice: true, labelArrow: "none", tickFormat: compact },
    marks: [
      Plot.barY(bars, { x: "year", y: "bodies", fill: (bar) => COLOURS[bar.state], order: [...STATES], title: (bar) => `${bar.year} ${t(bar.state)}: ${number(bar.bodies)}` }),
      Plot.ruleY([0]),
    ],
  });
}

/** How many bodies have a value between one step and the next. */
export function spread(place: HTMLElement, year: Year, unit: string | null): void {
  const percents = unit === "%";
  const bins = filled(new Map(year.bins), percents).map(([from, bodies]) => ({ label: binName(from, percents), bodies }));
  draw(place, `${t("distribution")} ${year.year}`, {
    height: 260,
    marginBottom: 45,
    x: { label: null, domain: bins.map((bin) => bin.label), tickRotate: bins.length * 62 > widthOf(place) ? -35 : 0, labelArrow: "none" },
    y: { label: t("number_of_bodies"), grid: true, ticks: Math.min(5, Math.max(...bins.map((bin) => bin.bodies))), labelArrow: "none", tickFormat: "d" },
    marks: [Plot.barY(bins, { x: "label", y: "bodies", fill: "var(--achievements)", title: (bin) => `${bin.label} ${unit ?? ""}: ${number(bin.bodies)}` }), Plot.ruleY([0])],
  });
}

export function verdicts(place: HTMLElement, kinds: Kind[]): void {
  const bars = kinds.flatMap((item) => VERDICTS.map((verdict) => ({ kind: t(item.kind), verdict, checks: item[verdict] })));
  draw(place, t("checks_by_kind"), {
    height: 50 + 34 * kinds.length,
    marginLeft: 165,
    x: { label: null, grid: true, tickFormat: compact, ticks: widthOf(place) > WIDE ? 6 : 3 },
    y: { label: null, domain: kinds.map((item) => t(item.kind)) },
    marks: [
      Plot.barX(bars, { y: "kind", x: "checks", fill: (bar) => COLOURS[bar.verdict], order: [...VERDICTS], title: (bar) => `${bar.kind} ${t(bar.verdict)}: ${number(bar.checks)}` }),
      Plot.ruleX([0]),
    ],
  });
}

/** The bins that nothing fell into too, so that the shape is true: for percents all from 0 to 100, else one beside the last. */
function filled(bins: Map<number, number>, percents: boolean): [number, number][] {
  const known = [...bins.keys()].sort((a, b) => a - b);
  const stepped = percents ? known : known.filter((from) => from > 0);
  const [first, last] = [stepped[0], stepped.at(-1)];
  const found: [number, number][] = percents ? [] : known.filter((from) => from <= 0).map((from) => [from, bins.get(from) ?? 0]);
  if (first === undefined || last === undefined) return found;
  let from = percents ? Math.min(first, 0) : first > 1 ? preceding(first) : first;
  const end = percents ? Math.max(last, 90) : following(last);
  for (let steps = 0; steps < 60; steps += 1) {
    const nearest = stepped.find((bin) => Math.abs(bin - from) <= Math.abs(bin) * 1e-9);
    found.push([from, nearest === undefined ? 0 : (bins.get(nearest) ?? 0)]);
    if (from >= end * (1 - 1e-9)) break;
    from = percents ? from + 10 : following(from);
  }
  return found;
}

/** A step of 1, 2, 5, 10, 20 … as its size and its first digit. */
function step(from: number): [number, number] {
  const size = 10 ** Math.floor(Math.log10(from) + 1e-9);
  return [size, Math.round(from / size)];
}

function following(from: number): number {
  const [size, lead] = step(from);
  return lead === 1 ? 2 * size : lead === 2 ? 5 * size : 10 * size;
}

function preceding(from: number): number {
  const [size, lead] = step(from);
  return lead === 1 ? size / 2 : lead === 2 ? size : 2 * size;
}

function binName(from: number, percents: boolean): string {
  if (percents) return from >= 100 ? ">100" : from < 0 ? `${from} \u2026 ${from + 10}` : `${from}\u2013${from + 10}`;
  if (from < 0) return `${compact(-following(-from))} \u2026 ${compact(from)}`;
  return from === 0 ? "0" : `${compact(from)}\u2013${compact(following(from))}`;
}
