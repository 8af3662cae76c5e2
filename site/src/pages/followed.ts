// Ids of bodies, or codes of provinces, in, their values of one indicator out, to be drawn beside the rest.

import { Missing, one, type Site } from "../data";
import { t } from "../language";
import type { Year } from "./indicator";
import type { Publisher } from "./publisher";

export interface Followed {
  id: string;
  name: string;
  values: { year: number; value: number }[];
}

export async function follow(ids: string[], indicator: string): Promise<Followed[]> {
  const found = await Promise.all(ids.map((id) => one<Publisher>("publisher", id).catch(ignoreMissing)));
  return found.flatMap((body, place) =>
    body ? [{ id: ids[place] ?? "", name: body.name, values: body.values.filter((item) => item.indicator === indicator) }] : [],
  );
}

/** The median of a province's bodies over the years. */
export function province(code: string, years: Year[], site: Site): Followed {
  const values = years.flatMap((year) => year.provinces.filter((item) => item.code === code).map((item) => ({ year: year.year, value: item.middle })));
  return { id: code, name: `${provinceName(code, site)} \u00b7 ${t("median")}`, values };
}

export function provinceName(code: string, site: Site): string {
  return site.provinces[code] ?? (code || t("unknown_region"));
}

/** A body of an old link that is not known any more is left out. */
function ignoreMissing(error: unknown): null {
  if (error instanceof Missing) return null;
  throw error;
}
