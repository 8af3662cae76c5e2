// Ids of bodies in, their values of one indicator out, to be drawn beside the rest.

import { Missing, one } from "../data";
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

/** A body of an old link that is not known any more is left out. */
function ignoreMissing(error: unknown): null {
  if (error instanceof Missing) return null;
  throw error;
}
