import { randomBytes } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import { Client } from 'pg';
import { inject } from 'vitest';
import { startEmbedded } from '@/workers/testing/embedded';
import type { EngineUrls } from './engines';

export type Databases = EngineUrls & {
  /** Removes both, with all that is connected. */
  readonly drop: () => Promise<void>;
};

/**
 * A database in PostgreSQL and one in the lake, of nobody else: empty, or with what a database has that nobody is connected to. Where a run has no
 * engines of its own, as for benchmarks, they are started.
 */
export async function makeDatabases(template = 'template1'): Promise<Databases> {
  const engines = shared();
  if (!engines) {
    const { stop, ...urls } = await startEmbedded();
    return { ...urls, drop: stop };
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onEngines(engines, `CREATE DATABASE ${name} TEMPLATE ${template}`, `CREATE DATABASE ${name}`);
  return {
    databaseUrl: withPath(engines.databaseUrl, name),
    // Of few rows several threads cost more than they save.
    clickhouseUrl: `${withPath(engines.clickhouseUrl, name)}?ch_max_threads=1`,
    drop: () => onEngines(engines, `DROP DATABASE ${name} WITH (FORCE)`, `DROP DATABASE ${name}`),
  };
}

/** The engines of the whole run. */
function shared(): EngineUrls | undefined {
  return inject('engines'); // the type knows of no run without
}

export function hasEngines(): boolean {
  return shared() !== undefined;
}

async function onEngines(
  { databaseUrl, clickhouseUrl }: EngineUrls,
  statement: string,
  lakeStatement: string,
): Promise<void> {
  const lake = createClient({ url: clickhouseUrl });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await Promise.all([client.query(statement), lake.command({ query: lakeStatement })]);
  } finally {
    await Promise.all([client.end(), lake.close()]);
  }
}

function withPath(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
