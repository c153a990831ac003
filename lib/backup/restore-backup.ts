import 'server-only';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import * as z from 'zod';
import type { Actor } from '../access/actor';
import { rememberHead } from '../attest/log/known-head';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { filledLines, parseJson } from '../core/bytes/json-text';
import { AppError } from '../core/errors';
import { type Tx, onOneConnection } from '../db/database';
import { DELETED_CHAINS } from '../db/deleted-chains';
import { appliedMigrations, migrateTo } from '../db/migrate';
import { JOB_KINDS, Payloads } from '../queue/kinds';
import { ArchiveReader, type Entry } from './archive-reader';
import { AUTH_SECRET, FOLDERS, fileOf } from './files';
import { digestOfHeads } from './heads';
import { logHead } from './log-head';
import type { Beginning } from './manifest';
import { type Checked, type OpenBackup, openBackup, requireSame } from './open-backup';
import {
  type Table,
  copyIn,
  finishTables,
  firstFilled,
  liftTimeouts,
  prepareTables,
  setSequence,
  tablesOf,
} from './tables';

/** What an installation is restored with: it does not run yet, and its lake is filled later. */
export type RestoreContext = Pick<Context, 'env' | 'log' | 'pool' | 'db' | 'queue' | 'evidence' | 'now'> & {
  /** The same of a further workspace. */
  further(workspaceId: string): Promise<{ ctx: RestoreContext; close(): Promise<void> }>;
};

const Sequences = z.array(z.object({ name: z.string(), value: z.string().regex(/^\d+$/), isCalled: z.boolean() }));
const Job = z.object({ kind: z.enum(JOB_KINDS), payload: z.unknown() });

/**
 * Puts what a backup holds into an empty database, the evidence store and an empty data directory. `checked` is what reading it before has given: it is
 * read and checked once more on its way, and the database holds nothing of it unless all of it is as it was. All of the lake is to be loaded after it.
 * `secret` is the one that sessions are to be signed with, where one is set.
 * @throws AppError CONFLICT when the database holds anything, or the secret is another than that of the backup; BAD_REQUEST when the backup is not what was checked.
 */
export async function restoreBackup(
  ctx: RestoreContext,
  { checked, secret, actor, ...backup }: OpenBackup & { checked: Checked; secret: string | null; actor: Actor },
): Promise<void> {
  await requireEmpty(ctx);
  // Outside of the transaction, as it makes its tables by itself. There is nothing in them.
  const { migrateAuth } = await import('../access/auth');
  await migrateAuth(ctx);
  const { reader, beginning } = await openBackup(backup);
  const { manifest } = await restoreArchive(ctx, reader, { beginning, sha256: checked.sha256, secret, actor });
  if (manifest.workspaces.length > 0) await restoreWorkspaces(ctx, { ...backup, checked, actor });
}

/** The further workspaces of a backup, each of which is checked and compared like the default one, which is there. */
async function restoreWorkspaces(
  installation: RestoreContext,
  { checked, actor, ...backup }: OpenBackup & { checked: Checked; actor: Actor },
): Promise<void> {
  const { reader } = await openBackup(backup);
  try {
    const entries = reader.entries();
    const next = async (): Promise<Entry | null> => (await entries.next()).value ?? null;
    let entry = await next();
    for (const { id, sha256 } of checked.manifest.workspaces) {
      const isOfIt = () => entry?.name.startsWith(`workspaces/${id}/`) ?? false;
      while (entry && !isOfIt()) entry = await next();
      async function* bytes() {
        for (; entry && isOfIt(); entry = await next()) yield* entry.body;
      }
      const inner = new ArchiveReader(bytes());
      const beginning = await inner.beginning();
      const { ctx, close } = await installation.further(id);
      try {
        await requireEmpty(ctx);
        await restoreArchive(ctx, inner, { beginning, sha256, secret: null, actor });
      } finally {
        await close();
      }
    }
  } finally {
    await reader.close();
  }
}

/** Takes an archive into an empty schema, in one transaction. Gives its manifest. */
async function restoreArchive(
  ctx: RestoreContext,
  reader: ArchiveReader,
  { beginning, sha256, secret, actor }: { beginning: Beginning; sha256: string; secret: string | null; actor: Actor },
): Promise<Checked> {
  try {
    const restored = await onOneConnection(ctx, (client, db) =>
      db.transaction().execute(async (tx) => {
        await liftTimeouts(tx);
        const { migrateOn } = await migrateTo(tx, beginning.migrations, ctx.env.workspaceId);
        const tables = await tablesToFill(tx, beginning);
        await prepareTables(tx, tables);
        const rows = await takeEntries(ctx, reader.entries(), { client, tx, tables, secret, migrateOn });
        const again = requireSame(await reader.end(), beginning);
        await requireAsWritten(tx, sha256, again, rows);
        await forgetLake(tx);
        await audit.append(tx, actor, {
          action: 'backup.restore',
          subjectId: beginning.id,
          details: { manifestSha256: again.sha256, takenAt: beginning.takenAt },
        });
        return again;
      }),
    );
    if (restored.manifest.log) await rememberHead(ctx, restored.manifest.log.note);
    return restored;
  } finally {
    await reader.close();
  }
}

async function requireEmpty({ db }: RestoreContext): Promise<void> {
  const filled = (await appliedMigrations(db)).length > 0 ? 'kysely_migration' : await firstFilled(db);
  if (filled !== null)
    throw new AppError(
      'CONFLICT',
      `the database is not empty: table ${filled} has rows. A backup is restored into an empty one only`,
      { table: filled },
    );
}

/** Tables of the backup, which must be there. @throws AppError BAD_REQUEST. */
async function tablesToFill(tx: Tx, { tables }: Beginning): Promise<Table[]> {
  const there = new Map((await tablesOf(tx)).map(({ name, columns }) => [name, new Set(columns)]));
  for (const { name, columns } of tables)
    for (const column of columns)
      if (!there.get(name)?.has(column))
        throw new AppError('BAD_REQUEST', `this release has no column ${column} of a table ${name}, as the backup has`);
  return tables;
}

type Target = {
  client: pg.PoolClient;
  tx: Tx;
  tables: readonly Table[];
  secret: string | null;
  migrateOn: () => Promise<void>;
};

/** Takes all there is, in the order of the file. Gives the rows of each table. */
async function takeEntries(
  ctx: RestoreContext,
  entries: AsyncGenerator<Entry>,
  target: Target,
): Promise<ReadonlyMap<string, number>> {
  for (const folder of FOLDERS) await mkdir(path.join(ctx.env.dataDir, folder), { recursive: true, mode: 0o700 });
  const rows = new Map<string, number>();
  const jobs = jobSender(ctx, target.tx);
  const next = async (): Promise<Entry | null> => (await entries.next()).value ?? null;
  const takeOther = async (entry: Entry) => {
    await takeEntry(ctx, target, entry, jobs);
    return next();
  };
  for (let entry = await next(); entry; ) {
    const table = tableOf(entry, target.tables);
    entry = await (table ? takeTable(target, table, entry, next, rows) : takeOther(entry));
  }
  return rows;
}

/** The rows of a table, which are one entry or several. Gives the one after them. */
async function takeTable(
  { client, tx }: Target,
  table: Table,
  first: Entry,
  next: () => Promise<Entry | null>,
  rows: Map<string, number>,
): Promise<Entry | null> {
  let entry: Entry | null = first;
  async function* bodies() {
    for (; entry && tableOf(entry, [table]); entry = await next()) yield* entry.body;
  }
  rows.set(table.name, await copyIn(client, tx, table, bodies()));
  return entry;
}

function tableOf({ name }: Entry, tables: readonly Table[]): Table | null {
  const [folder, table] = name.split('/');
  return folder === 'database' ? (tables.find((one) => one.name === table) ?? null) : null;
}

async function takeEntry(ctx: RestoreContext, target: Target, entry: Entry, jobs: JobSender): Promise<void> {
  const [folder = '', ...rest] = entry.name.split('/');
  const file = fileOf(entry.name);
  if (folder === 'objects') await takeObject(ctx, entry, rest.at(-1) ?? '');
  else if (entry.name === `secrets/${AUTH_SECRET}`) await takeSecret(ctx, target.secret, entry);
  else if (file) await writeFile(path.join(ctx.env.dataDir, file.folder, file.name), entry.body);
  else if (entry.name === 'sequences.json') await endTables(target, entry);
  else if (folder === 'jobs') await jobs.take(entry.body);
  else if (folder !== 'heads' && folder !== 'workspaces')
    throw new AppError('BAD_REQUEST', `this release does not know what to do with ${entry.name}`);
}

/** Every table is filled: the schema becomes that of this release. */
async function endTables({ tx, tables, migrateOn }: Target, entry: Entry): Promise<void> {
  for (const sequence of Sequences.parse(parseJson(await bodyText(entry)))) await setSequence(tx, sequence);
  await finishTables(tx, tables);
  await migrateOn();
}

type JobSender = { take(body: AsyncIterable<Buffer>): Promise<void> };

/** Queues jobs, a line each; an entry may end in the middle of one. */
function jobSender({ queue }: RestoreContext, tx: Tx): JobSender {
  let held = Buffer.alloc(0);
  return {
    async take(body) {
      for await (const chunk of body) {
        const bytes = Buffer.concat([held, chunk]);
        const end = bytes.lastIndexOf('\n') + 1;
        held = bytes.subarray(end);
        for (const line of filledLines(bytes.toString('utf8', 0, end))) {
          const { kind, payload } = Job.parse(parseJson(line));
          await queue.send(tx, kind, Payloads[kind].parse(payload));
        }
      }
    },
  };
}

async function takeObject({ evidence }: RestoreContext, { name, body }: Entry, digest: string): Promise<void> {
  const writer = await evidence.create();
  try {
    for await (const chunk of body) await writer.write(chunk);
    const stored = await writer.commit();
    if (stored.digest !== digest)
      throw new AppError('BAD_REQUEST', `${name} of the backup has other bytes than its name says`);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** @throws AppError CONFLICT when another one is set: what was encrypted and sealed with it could not be read. */
async function takeSecret({ env }: RestoreContext, set: string | null, entry: Entry): Promise<void> {
  const text = await bodyText(entry);
  if (set !== null && set !== text.trim())
    throw new AppError(
      'CONFLICT',
      'SEALTRAIL_SECRET is another one than that of the backup, with which addresses of notifications and open chains are sealed; set it to that one, or not at all',
    );
  await writeFile(path.join(env.secretsDir, AUTH_SECRET), [Buffer.from(text)]);
}

async function bodyText({ body }: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function writeFile(file: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const folder = await open(path.dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/** The second reading gave what the first did, and the database what the manifest says. Heads are compared where their columns are those of the backup. */
async function requireAsWritten(
  tx: Tx,
  sha256: string,
  again: Checked,
  rows: ReadonlyMap<string, number>,
): Promise<void> {
  const { manifest } = again;
  const isOfThisRelease = (await appliedMigrations(tx)).join() === manifest.migrations.join();
  const log = await logHead(tx);
  if (
    again.sha256 !== sha256 ||
    manifest.tables.some((table) => (rows.get(table.name) ?? 0) !== table.rows) ||
    (isOfThisRelease && (await digestOfHeads(tx)).sha256 !== manifest.heads.sha256) ||
    log?.note !== manifest.log?.note
  )
    throw new AppError('BAD_REQUEST', 'what was restored is not what the manifest of the backup says');
}

/** The lake is made again from evidence: as far as the database knows nothing was loaded, nor seen there by rules. Of a chain that was deleted nothing will be. */
async function forgetLake(tx: Tx): Promise<void> {
  await tx
    .updateTable('chain_segments')
    .set({ loaded_generation: null })
    .where('chain_id', 'not in', DELETED_CHAINS)
    .execute();
  await tx
    .updateTable('tails')
    .set((eb) => ({
      loaded_bytes: eb.ref('closed_bytes'),
      loaded_records: eb.ref('closed_records'),
      loaded_lines: eb.ref('closed_lines'),
      searched_records: eb.ref('closed_records'),
    }))
    .execute();
}
