// A report's text, headings and quantities in, its rows out: a stretch of text with the numbers that stand in it.
// The same cut as flows/shown_rows.py makes for `fazhi show`.

export interface Section {
  path: string;
  level: number;
  heading: string;
  part: string;
  at: number;
  to: number;
}
export interface Quantity {
  id: string;
  at: number;
  to: number;
  raw: string;
  value: number | null;
  unit: string | null;
  kind: string;
  approx: string;
  direction: string | null;
  subject: string | null;
  scope: string | null;
  year: number | null;
  target: boolean;
  indicator: string | null;
  confidence: number;
  flag: string | null;
  yearly: boolean;
  review: string | null;
  reason: string | null;
}
/** numbers: positions in the list of quantities, from `first` up to `last`. */
export interface Row {
  at: number;
  to: number;
  first: number;
  last: number;
  part: string;
  section: Section | null;
  opens: boolean;
}

export const PARTS = ["achievements", "problems", "leadership", "plan", "other"];
const STOPS = /[\s.;:\u3002\uff1b\uff1a]+$/;
const SENTENCE_END = /[\u3002!?\uff01\uff1f]+[\u201d\u300d\u300f\uff09)]*/gu;

/** Text by code points, as the offsets count; most texts have no character beyond the first plane and stay as they are. */
export class Body {
  private readonly points: string[] | null;
  constructor(private readonly text: string) {
    this.points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  }
  get length(): number {
    return this.points ? this.points.length : this.text.length;
  }
  slice(at: number, to: number): string {
    return this.points ? this.points.slice(at, to).join("") : this.text.slice(at, to);
  }
  /** Lines as [start, end]. */
  *lines(): Generator<[number, number]> {
    let at = 0;
    for (const line of this.text.split("\n")) {
      const to = at + (this.points ? Array.from(line).length : line.length);
      yield [at, to];
      at = to + 1;
    }
  }
  /** Ends of sentences within a stretch. */
  *ends(at: number, to: number): Generator<number> {
    const stretch = this.slice(at, to);
    for (const match of stretch.matchAll(SENTENCE_END)) {
      const end = match.index + match[0].length;
      yield at + (this.points ? Array.from(stretch.slice(0, end)).length : end);
    }
  }
}

export function* rowsOf(body: Body, sections: Section[], quantities: Quantity[]): Generator<Row> {
  const headings = new Map(sections.map((section) => [section.at, section]));
  const parts = sections.filter((section) => section.level === 1).sort((a, b) => a.at - b.at);
  let done = 0;
  for (const [start, end] of body.lines()) {
    let section = headings.get(start) ?? null;
    if (section && body.slice(start, end).trim().replace(STOPS, "") !== section.heading.trim().replace(STOPS, "")) section = null;
    let at = start;
    for (const cut of section ? [end] : [...cuts(body, start, end, quantities, done), end]) {
      if (cut <= at && at !== start) continue;
      let last = done;
      while (last < quantities.length && (quantities[last]?.at ?? 0) < cut) last += 1;
      yield { at, to: cut, first: done, last, part: partAt(parts, at), section, opens: at === start };
      done = last;
      at = cut;
    }
  }
}

/** Ends of sentences that have quantities, so that the notes stand beside their sentence; never within a quantity. */
function* cuts(body: Body, start: number, end: number, quantities: Quantity[], from: number): Generator<number> {
  let [before, seen, reach] = [from, from, 0];
  for (const cut of body.ends(start, end)) {
    for (let item = quantities[seen]; item && item.at < cut; item = quantities[seen]) {
      reach = Math.max(reach, item.to);
      seen += 1;
    }
    if (cut < end && seen > before && reach <= cut) {
      yield cut;
      before = seen;
    }
  }
}

function partAt(parts: Section[], at: number): string {
  let found = "";
  for (const part of parts) if (part.at <= at && at < part.to) found = part.part;
  return found;
}

/** The share of the text, 0 to 1, that each part takes; what stands under no heading is `other`. */
export function shares(length: number, sections: Section[]): Map<string, number> {
  const found = new Map(PARTS.map((part) => [part, 0]));
  for (const section of sections)
    if (section.level === 1) found.set(section.part, (found.get(section.part) ?? 0) + (section.to - section.at) / Math.max(length, 1));
  const told = [...found.values()].reduce((sum, share) => sum + share, 0);
  found.set("other", (found.get("other") ?? 0) + Math.max(0, 1 - told));
  return found;
}
