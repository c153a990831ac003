import 'server-only';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Db, Tx } from '../db/database';

/** A table with the columns that are stored, as they are written one after another. */
export type Table = { name: string; columns: string[] };
/** Where a sequence stands: the number it gave last, or will give first. */
export type Sequence = { name: string; value: string; isCalled: boolean };

/** Kept by the migrations themselves. */
const OF_MIGRATIONS = ['kysely_migration', 'kysely_migration_lock'];

/** No limit of a server's ends the transaction: objects are read or written in the midst of it, and a table may be large. */
export async function liftTimeouts(tx: Tx): Promise<void> {
  for (const timeout of ['idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout'])
    await sql`SELECT set_config(${timeout}, '0', true)`.execute(tx);
}

/** Every table of the workspace, each after those it refers to. @throws when some refer to one another. */
export async function tablesOf(db: Db | Tx): Promise<Table[]> {
  const { rows } = await sql<Table & { refers_to: string[] }>`
    SELECT c.relname AS name,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS refers_to
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> ALL(${OF_MIGRATIONS}) ORDER BY c.relname`.execute(
    db,
  );
  const ordered: Table[] = [];
  const placed = new Set<string>();
  while (ordered.length < rows.length) {
    const next = rows.filter(({ name, refers_to: to }) => !placed.has(name) && to.every((other) => placed.has(other)));
    if (next.length === 0) throw new Error('tables refer to one another in a circle');
    for (const { name, columns } of next) {
      placed.add(name);
      ordered.push({ name, columns });
    }
  }
  return ordered;
}

/** The first table that holds a row, or null. */
export async function firstFilled(db: Db | Tx): Promise<string | null> {
  for (const { name } of await tablesOf(db)) {
    const { rows } = await sql`SELECT FROM ${sql.table(name)} LIMIT 1`.execute(db);
    if (rows.length > 0) return name;
  }
  return null;
}

/** All rows of a table, as COPY writes them as text. Gives how many. */
export async function copyOut(
  client: pg.PoolClient,
  db: Db | Tx,
  table: Table,
  onChunk: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  const { sql: statement } = sql`COPY ${sql.table(table.name)} (${columnsOf(table)}) TO STDOUT`.compile(db);
  const stream = client.query(copyTo(statement));
  for await (const chunk of stream) await onChunk(chunk as Buffer); // a byte stream without encoding yields Buffers
  return stream.rowCount;
}

/** Fills a table with what `copyOut` gave. Gives how many rows came. */
export async function copyIn(
  client: pg.PoolClient,
  tx: Tx,
  table: Table,
  chunks: AsyncIterable<Buffer>,
): Promise<number> {
  const { sql: statement } = sql`COPY ${sql.table(table.name)} (${columnsOf(table)}) FROM STDIN`.compile(tx);
  const stream = client.query(copyFrom(statement));
  await pipeline(Readable.from(chunks, { objectMode: false }), stream);
  return stream.rowCount;
}

function columnsOf({ columns }: Table) {
  return sql.join(columns.map((column) => sql.ref(column)));
}

/** Empties every table of what migrations put there, and has none do anything about the rows that come. */
export async function prepareTables(tx: Tx, tables: readonly Table[]): Promise<void> {
  await sql`TRUNCATE ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(tx);
  for (const { name } of tables) await sql`ALTER TABLE ${sql.table(name)} DISABLE TRIGGER USER`.execute(tx);
}

/** What came is checked, and from here on changes are noted as ever. */
export async function finishTables(tx: Tx, tables: readonly Table[]): Promise<void> {
  await sql`SET CONSTRAINTS ALL IMMEDIATE`.execute(tx);
  for (const { name } of tables) await sql`ALTER TABLE ${sql.table(name)} ENABLE TRIGGER USER`.execute(tx);
}

/** Sequences as they stand now. They go on beside transactions, so what is read after the rows is beyond all of them. */
export async function sequencesOf(db: Db | Tx): Promise<Sequence[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'S' ORDER BY c.relname`.execute(db);
  const found: Sequence[] = [];
  for (const { name } of rows) {
    const { rows: states } = await sql<{ value: string; is_called: boolean }>`
      SELECT last_value::text AS value, is_called FROM ${sql.table(name)}`.execute(db);
    for (const { value, is_called: isCalled } of states) found.push({ name, value, isCalled });
  }
  return found;
}

export async function setSequence(tx: Tx, { name, value, isCalled }: Sequence): Promise<void> {
  await sql`SELECT setval(format('%I', ${name}::text)::regclass, ${value}::bigint, ${isCalled})`.execute(tx);
}
