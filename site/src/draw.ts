// A place and what to draw in, an SVG chart out, by Observable Plot: SVG that takes the page's colours, and small enough.
// Plot writes one style sheet into each chart; its hash stands in policy.json.

import * as Plot from "@observablehq/plot";

const NARROW = 560;

/** The width that a chart has there. */
export function widthOf(place: HTMLElement): number {
  return Math.max(280, Math.min(place.clientWidth || NARROW, 900));
}

export function draw(place: HTMLElement, name: string, options: Plot.PlotOptions): void {
  const chart = Plot.plot({ className: "plot", width: widthOf(place), marginLeft: 48, style: { fontSize: "12px", background: "none" }, ...options });
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", name);
  for (const group of chart.querySelectorAll("g[aria-label], g[aria-description]")) {
    group.removeAttribute("aria-label"); // the chart as a whole has a name, and a table beside it has the numbers
    group.removeAttribute("aria-description");
  }
  place.replaceChildren(chart);
}
