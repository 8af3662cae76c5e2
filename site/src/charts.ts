// Figures in, SVG charts out, drawn by Observable Plot: SVG that follows the page's colours, and small enough to bundle.

import * as Plot from "@observablehq/plot";
import { STATES, type Timely } from "./pages/overview";
import { t } from "./language";

const COLOURS: Record<string, string> = {
  on_time: "var(--good)",
  late: "var(--late)",
  unknown: "var(--band)",
  missing: "var(--absent)",
  blocked: "var(--failed)",
};

export function timeliness(place: HTMLElement, years: Timely[]): void {
  const bars = years.flatMap((year) => STATES.map((state) => ({ year: year.year, state, bodies: year[state] })));
  place.replaceChildren(
    Plot.plot({
      className: "plot",
      ariaLabel: t("timeliness"),
      height: 240,
      marginLeft: 50,
      x: { label: null, tickFormat: "d", type: "band" },
      y: { label: t("number_of_bodies"), grid: true, ticks: 5, labelArrow: "none" },
      marks: [
        Plot.barY(bars, { x: "year", y: "bodies", fill: (bar) => COLOURS[bar.state], order: [...STATES], tip: false, title: (bar) => `${bar.year} ${t(bar.state)}: ${bar.bodies}` }),
        Plot.ruleY([0]),
      ],
    }),
  );
}
