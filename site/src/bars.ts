// Counts in, bar charts out.

import * as Plot from "@observablehq/plot";
import { draw, widthOf } from "./draw";
import type { Year } from "./pages/indicator";
import { type Timely, STATES } from "./pages/overview";
import { type Kind, VERDICTS } from "./pages/quality";
import { compact, number, t } from "./language";

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
    y: { label: t("number_of_bodies"), grid: true, ticks: 5, labelArrow: "none" },
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
    marginLeft: 170,
    x: { label: t("checks"), grid: true, labelArrow: "none", tickFormat: compact, ticks: 5 },
    y: { label: null },
    marks: [
      Plot.barX(bars, { y: "kind", x: "checks", fill: (bar) => COLOURS[bar.verdict], order: [...VERDICTS], title: (bar) => `${bar.kind} ${t(bar.verdict)}: ${number(bar.checks)}` }),
      Plot.ruleX([0]),
    ],
  });
}

/** The bins that nothing fell into too, so that the shape is true. */
function filled(bins: Map<number, number>, percents: boolean): [number, number][] {
  const known = [...bins.keys()].sort((a, b) => a - b);
  const found: [number, number][] = known.filter((from) => from <= 0 && !percents).map((from) => [from, bins.get(from) ?? 0]);
  const positive = percents ? known : known.filter((from) => from > 0);
  const last = positive.at(-1);
  let from = positive[0];
  for (let steps = 0; from !== undefined && last !== undefined && steps < 60; steps += 1) {
    const nearest = positive.find((bin) => Math.abs(bin - (from as number)) <= Math.abs(bin) * 1e-9);
    found.push([from, nearest === undefined ? 0 : (bins.get(nearest) ?? 0)]);
    if (from >= last * (1 - 1e-9)) break;
    from = percents ? from + 10 : following(from);
  }
  return found;
}

function following(from: number): number {
  const size = 10 ** Math.floor(Math.log10(from) + 1e-9);
  const lead = Math.round(from / size);
  return lead === 1 ? 2 * size : lead === 2 ? 5 * size : 10 * size;
}

function binName(from: number, percents: boolean): string {
  if (percents) return from >= 100 ? ">100" : `${from}–${from + 10}`;
  return from <= 0 ? number(from) : `${compact(from)}–${compact(following(from))}`;
}
