import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeContext, closeRestore, composeContext, composeRestore } from '../compose';
import { type Env, readEnv } from '../config/env';
import { onOneConnection } from '../db/database';
import { formatById } from '../core/formats';
import { OWN_CHAIN } from '../core/own-chain';
import { verifySegments } from '../testing/verify';
import { appliedMigrations, migrateTo } from '../db/migrate';
import { testActor } from '../testing/actor';
import { type Databases, makeDatabases } from '../testing/databases';
import { ArchiveWriter } from './archive-writer';
import { checkBackup } from './open-backup';
import { restoreBackup } from './restore-backup';
import { copyOut, sequencesOf, tablesOf } from './tables';

const ID = '019a0000-0000-7000-8000-000000000000';
/** The last migration of the release that made the backup. */
const LEVEL = '0041-preferences';

let folder: string;
let older: Databases;
let newer: Databases;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-older-'));
  [older, newer] = [await makeDatabases(), await makeDatabases()];
}, 60_000);
afterAll(async () => {
  await older?.drop();
  await newer?.drop();
  await rm(folder, { recursive: true });
}, 60_000);

const envOf = ({ databaseUrl, clickhouseUrl }: Databases): Env =>
  readEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    CLICKHOUSE_URL: clickhouseUrl,
    EVIDENCE_URL: pathToFileURL(path.join(folder, 'evidence')).href,
    SEALTRAIL_DATA_DIR: folder,
    SEALTRAIL_URL: 'http://127.0.0.1:7325',
    SEALTRAIL_SECRET: 'x'.repeat(64),
  });

/** What that release would have written of a chain and an action. */
async function writeOlder(file: string): Promise<void> {
  const ctx = await composeRestore(envOf(older));
  const handle = await open(file, 'wx');
  const writer = new ArchiveWriter({
    write: async (bytes) => void (await handle.write(bytes)),
    end: () => handle.close(),
  });
  await onOneConnection(ctx, (client, db) =>
    db.transaction().execute(async (tx) => {
      await migrateTo(tx, [LEVEL], ctx.env.workspaceId);
      await sql`INSERT INTO chains (name, format, generation, records, size_bytes) VALUES ('old', 'occasio', 1, 0, 0)`.execute(
        tx,
      );
      await sql`INSERT INTO audit_log (workspace_id, actor_kind, actor_id, actor_name, actor_role, action, subject_type, subject_id, details)
        VALUES ('default', 'system', 'a', 'a', 'administrator', 'chain.upload', 'chain', 'b', '{}')`.execute(tx);
      const about = {
        format: 1 as const,
        id: ID,
        release: '0.0.1',
        takenAt: '2026-06-01T00:00:00.000Z',
        migrations: await appliedMigrations(tx),
      };
      const tables = await tablesOf(tx);
      await writer.add('backup.json', Buffer.from(JSON.stringify({ ...about, tables })));
      const written = [];
      for (const table of tables) {
        const pieces = writer.pieces(`database/${table.name}`, 'copy');
        const rows = await copyOut(client, tx, table, (chunk) => pieces.write(chunk));
        await pieces.end();
        written.push({ name: table.name, rows, sizeBytes: 0 });
      }
      await writer.add('sequences.json', Buffer.from(JSON.stringify(await sequencesOf(tx))));
      await writer.end({
        ...about,
        tables: written,
        objects: { count: 0, sizeBytes: 0 },
        damaged: [],
        incoming: 0,
        jobs: 0,
        secrets: [],
        log: null,
        heads: { chains: 1, sha256: 'a'.repeat(64) },
      });
    }),
  ).finally(() => closeRestore(ctx));
}

it('a backup of an older release is restored with its schema and goes on with that of this one', async () => {
  const backup = { file: path.join(folder, 'older.tar'), passphrase: null, onBytes: () => undefined };
  await writeOlder(backup.file);
  const restoring = await composeRestore(envOf(newer));
  const checked = await checkBackup(backup);
  expect(checked.manifest.migrations.at(-1)).toBe(LEVEL);
  await restoreBackup(restoring, { ...backup, checked, secret: null, actor: testActor() });
  await expect(
    restoreBackup(restoring, { ...backup, checked, secret: null, actor: testActor() }),
  ).rejects.toMatchObject({ code: 'CONFLICT' });
  await closeRestore(restoring);
  const ctx = await composeContext(envOf(newer), 'cli');
  try {
    expect((await appliedMigrations(ctx.db)).length).toBeGreaterThan(checked.manifest.migrations.length);
    expect(await ctx.db.selectFrom('chains').select(['name', 'format']).execute()).toEqual([
      { name: 'old', format: 'occasio' },
    ]);
    const audit = await ctx.db.selectFrom('audit_log').select(['id', 'action']).orderBy('id').execute();
    expect(audit.map(({ action }) => action)).toEqual(['chain.upload', 'backup.restore']);
    // What was recorded before there was a chain of actions is carried into it, behind the line that says so.
    const lines = await ctx.db.selectFrom('activity_lines').select('line').orderBy('seq').execute();
    expect(lines.map(({ line }) => JSON.parse(line ?? '').body)).toMatchObject([
      { action: 'activity.begin', details: { earlier: 1 } },
      { action: 'chain.upload', actor: { id: 'a' }, subject: { id: 'b' } },
      { action: 'backup.restore' },
    ]);
    const bytes = Buffer.from(lines.map(({ line }) => `${line}\n`).join(''));
    expect(verifySegments(formatById(OWN_CHAIN.format), ctx.hasher, [bytes]).verdict).toBe('verified');
  } finally {
    await closeContext(ctx);
  }
});
