import 'server-only';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { queueSchemaOf, schemaOf } from '../config/workspace-env';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import { inQueueSchema } from './in-queue-schema';
import type { Database } from './schema';
import { StorableClient } from './storable-client';

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

/** int8 as a number; every count we keep stays far below 2^53, so a larger one is an error, not a rounding. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is beyond 2^53`);
  return value;
}

/** A pool of at most `maxConnections`, each of which names what is in the schema of the workspace and nothing else. A lost connection is logged and replaced; it never ends the process. */
export function openPool(
  databaseUrl: string,
  log: Logger,
  { maxConnections = 10, workspaceId = DEFAULT_WORKSPACE }: { maxConnections?: number; workspaceId?: string } = {},
): pg.Pool {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === pg.types.builtins.INT8 ? parseInt8 : pg.types.getTypeParser(oid, format),
  };
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    types,
    connectionTimeoutMillis: 10_000,
    Client: StorableClient,
    ...(workspaceId !== DEFAULT_WORKSPACE && {
      // Before anybody is given the connection; one on which it fails is given to nobody.
      onConnect: async (client: pg.ClientBase) => {
        await client.query(`SET search_path TO ${pg.escapeIdentifier(schemaOf(workspaceId))}`);
      },
    }),
  });
  pool.on('error', (error) => log.warn({ err: error }, 'lost a database connection'));
  return pool;
}

export function openDatabase(pool: pg.Pool, workspaceId = DEFAULT_WORKSPACE): Db {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: workspaceId === DEFAULT_WORKSPACE ? [] : [inQueueSchema(queueSchemaOf(workspaceId))],
  });
}

/** Work on one connection of a pool, for what a transaction does beside statements. One on which it failed is closed: it may be in the middle of something. */
export async function onOneConnection<T>(
  { pool, env }: { pool: pg.Pool; env: { workspaceId: string } },
  work: (client: pg.PoolClient, db: Db) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const onLost = () => undefined; // what is under way fails with it
  client.on('error', onLost);
  const one = { query: client.query.bind(client), release: () => undefined };
  const asPool = { connect: async () => one, end: async () => undefined };
  const db = openDatabase(asPool as unknown as pg.Pool, env.workspaceId); // all that the dialect asks of one
  let hasFailed = true;
  try {
    const done = await work(client, db);
    hasFailed = false;
    return done;
  } finally {
    client.off('error', onLost);
    client.release(hasFailed);
  }
}
