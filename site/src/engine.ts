// SQL in, rows out: DuckDB as WebAssembly in a worker of this site, over the published database, read piece by piece.
// It reads DuckDB's own file: its Parquet reader is an extension that would be fetched from another host.

import { AsyncDuckDB, type AsyncDuckDBConnection, DuckDBDataProtocol, VoidLogger } from "@duckdb/duckdb-wasm";

export interface Answer {
  names: string[];
  rows: unknown[][];
  more: boolean;
}

// locking comes last: no query can open the doors again
const LOCKED = [
  "set autoinstall_known_extensions = false",
  "set autoload_known_extensions = false",
  "attach 'warehouse.duckdb' as warehouse (read_only)",
  "use warehouse.marts",
  "set enable_external_access = false",
  "set lock_configuration = true",
];

let opened: Promise<AsyncDuckDBConnection> | null = null;

export async function query(sql: string, most: number): Promise<Answer> {
  opened ??= open();
  const connection = await opened.catch((error: unknown) => {
    opened = null;
    throw error;
  });
  const reader = await connection.send(sql, true);
  const answer: Answer = { names: [], rows: [], more: false };
  for await (const batch of reader) {
    answer.names = batch.schema.fields.map((field) => field.name);
    for (const row of batch) {
      if (answer.rows.length >= most) {
        answer.more = true;
        await connection.cancelSent();
        return answer;
      }
      answer.rows.push(answer.names.map((_, place) => plain(row?.[answer.names[place] ?? ""])));
    }
  }
  return answer;
}

async function open(): Promise<AsyncDuckDBConnection> {
  const at = (path: string): string => new URL(path, document.baseURI).href;
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(workerAddress()));
  await database.instantiate(at("app/duckdb.wasm"));
  // forced or not sure of its server, the engine would fetch the file as a whole
  const filesystem = { reliableHeadRequests: true, allowFullHTTPReads: true, forceFullHTTPReads: false };
  await database.open({ path: ":memory:", filesystem, query: { castBigIntToDouble: true, castDecimalToDouble: true, castTimestampToDate: true } });
  await database.registerFileURL("warehouse.duckdb", at("data/warehouse.duckdb"), DuckDBDataProtocol.HTTP, false);
  const connection = await database.connect();
  for (const statement of LOCKED) await connection.query(statement);
  return connection;
}

/** The one script that pages may start by its address, where the browser asks for such an assurance. */
function workerAddress(): string {
  const address = new URL("app/duckdb.worker.js", document.baseURI).href;
  const types = (window as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(address: string): string } } }).trustedTypes;
  return types ? types.createPolicy("fazhi-worker", { createScriptURL: () => address }).createScriptURL("") : address;
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  if (typeof value === "bigint") return Number(value);
  if (value !== null && typeof value === "object") return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
  return value;
}
