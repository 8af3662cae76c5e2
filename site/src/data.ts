// The name of a data file in, its JSON out. Files are gzip; a server that unpacks them itself is as good.

export interface Site {
  as_of: string | null;
  buckets: { report: number; publisher: number };
  page: number;
  provinces: Record<string, string>;
  search?: boolean;
}

const known = new Map<string, Promise<unknown>>();

export class Missing extends Error {}

export function load<T>(file: string): Promise<T> {
  let found = known.get(file);
  if (!found) {
    found = fetched(`data/${file}`);
    known.set(file, found);
  }
  return found as Promise<T>;
}

/** One document of a file that holds several, by id. */
export async function one<T>(kind: "report" | "publisher", id: string): Promise<T> {
  const site = await load<Site>("site.json");
  const documents = await load<Record<string, T>>(`${kind}/${bucketOf(id, site.buckets[kind])}.json.gz`);
  const found = Object.hasOwn(documents, id) ? documents[id] : undefined;
  if (found === undefined) throw new Missing(id);
  return found;
}

/** FNV-1a over the UTF-8 bytes, as warehouse/explorer computes it. */
export function bucketOf(name: string, buckets: number): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value % buckets;
}

async function fetched(path: string): Promise<unknown> {
  if (path.includes("..")) throw new Missing(path);
  const response = await fetch(path.split("/").map(encodeURIComponent).join("/"));
  if (response.status === 404) throw new Missing(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return JSON.parse(new TextDecoder().decode(bytes));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).json();
}
