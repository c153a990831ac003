import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '@/workers/testing/embedded';

declare module 'vitest' {
  interface ProvidedContext {
    engines: EngineUrls;
  }
}

/** Where engines answer, as somebody who may make databases. */
export type EngineUrls = { readonly databaseUrl: string; readonly clickhouseUrl: string };

/** Before integration tests: one PostgreSQL and one lake for all of them. No test of them is about what outlives a crash, so nothing waits for the disk. */
export default async function startEngines(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl, clickhouseUrl, stop } = await startEmbedded();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  project.provide('engines', { databaseUrl, clickhouseUrl });
  return stop;
}
