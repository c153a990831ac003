import 'server-only';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Actor } from '../access/actor';
import { readLogKey } from '../attest/log/log-key';
import * as audit from '../audit/append';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { type Tx, onOneConnection } from '../db/database';
import { type EvidenceObject, evidenceObjects } from '../db/evidence-objects';
import { appliedMigrations } from '../db/migrate';
import { isDamage } from '../evidence/damage';
import { PROVEN_FIRST } from '../evidence/store';
import { unfinishedJobs } from '../queue/waiting';
import { ArchiveWriter } from './archive-writer';
import { addIncoming, addSecrets } from './files';
import { digestOfHeads, headLines } from './heads';
import { logHead } from './log-head';
import { type Beginning, FORMAT, MOST_DAMAGED, type Manifest } from './manifest';
import { newFile } from './new-file';
import { type Sink, sealing } from './sealed';
import { type Table, copyOut, liftTimeouts, sequencesOf, tablesOf } from './tables';

const PAGE = 500;

/** Told what is being done, and how many bytes were written since. */
export type BackupProgress = { at(section: string): void; bytes(count: number): void };
/** What is written to, and the database as it was at one instant. */
type Snapshot = { writer: ArchiveWriter; client: pg.PoolClient; tx: Tx };

/**
 * Writes all that the installation holds into one file, while it runs: of each workspace the database as it is at one instant, every object that it names, the
 * secrets, and uploads that are under way. What was acknowledged before is in it. Objects that are gone or altered are listed in the manifest and left out. The
 * file is there once it is whole; a passphrase encrypts it. `workspaces` gives the contexts of further ones, which are asked for after the default one was read: who
 * is spoken of in them has an account in it.
 * @throws AppError CONFLICT when the file is there, when this host has not the log's key, and when the schema changes or a chain is deleted meanwhile; EVIDENCE_MISSING when more than 10,000 objects are damaged; EVIDENCE_ALTERED when an object changes while it is read; STORAGE_FULL; the reason of the signal. It leaves nothing behind then.
 */
export async function makeBackup(
  ctx: Context,
  {
    file,
    passphrase,
    actor,
    progress,
    signal,
    workspaces = async () => [],
  }: {
    file: string;
    passphrase: string | null;
    actor: Actor;
    progress: BackupProgress;
    signal: AbortSignal;
    workspaces?: () => Promise<Context[]>;
  },
): Promise<{ manifest: Manifest; sha256: string }> {
  const beginning = await begin(ctx);
  const target = await newFile(file);
  try {
    const sink = watched(target, progress, signal);
    const writer = new ArchiveWriter(passphrase === null ? sink : await sealing(sink, passphrase));
    const by = { actor, progress, isEncrypted: passphrase !== null };
    const held = await addWorkspace(ctx, beginning, writer, by);
    const within: Manifest['workspaces'] = [];
    for (const own of await workspaces()) {
      const pieces = writer.pieces(`workspaces/${own.env.workspaceId}`, 'tar');
      const inner = new ArchiveWriter(pieces);
      const made = await inner.end(await addWorkspace(own, await begin(own), inner, by));
      within.push({ id: own.env.workspaceId, sha256: made.sha256, manifest: made.manifest });
    }
    return await writer.end({ ...held, workspaces: within });
  } catch (error) {
    await target.discard();
    throw error;
  }
}

type By = { actor: Actor; progress: BackupProgress; isEncrypted: boolean };

/** All that a workspace holds, and that it was taken. */
async function addWorkspace(
  ctx: Context,
  beginning: Beginning,
  writer: ArchiveWriter,
  { actor, progress, isEncrypted }: By,
): Promise<Omit<Manifest, 'entries' | 'sumsSha256' | 'workspaces'>> {
  await ctx.db
    .transaction()
    .execute((tx) =>
      audit.append(tx, actor, { action: 'backup.make', subjectId: beginning.id, details: { isEncrypted } }),
    );
  await writer.add('backup.json', Buffer.from(`${JSON.stringify(beginning, null, 2)}\n`));
  progress.at('uploads in parts');
  const incoming = await addIncoming(writer, ctx.env);
  const held = await onOneConnection(ctx, (client, db) =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((tx) => addAll(ctx, beginning, { writer, client, tx }, progress)),
  );
  const { tables: _, ...about } = beginning;
  return { ...about, ...held, incoming };
}

async function begin(ctx: Context): Promise<Beginning> {
  await requireLogKey(ctx);
  return {
    format: FORMAT,
    id: randomUUID(),
    release: VERSION,
    takenAt: ctx.now().toISOString(),
    migrations: await appliedMigrations(ctx.db),
    tables: await tablesOf(ctx.db),
  };
}

/** Without it what is restored could not go on with the log. */
async function requireLogKey({ db, env }: Context): Promise<void> {
  const recorded = await db.selectFrom('log_identity').select('public_key').executeTakeFirst();
  if (!recorded) return;
  const key = await readLogKey(env.logKeyFile);
  if (!key || !recorded.public_key.equals(key.publicKey))
    throw new AppError(
      'CONFLICT',
      `${env.logKeyFile} ${key ? 'is not the key of' : 'is not there, which holds the key of'} the transparency log; set SEALTRAIL_LOG_KEY_FILE as the installation has it`,
    );
}

async function addAll(
  ctx: Context,
  beginning: Beginning,
  { writer, client, tx }: Snapshot,
  progress: BackupProgress,
): Promise<Pick<Manifest, 'objects' | 'damaged' | 'tables' | 'jobs' | 'secrets' | 'log' | 'heads'>> {
  await liftTimeouts(tx);
  const now = await appliedMigrations(tx);
  if (now.join() !== beginning.migrations.join())
    throw new AppError('CONFLICT', 'the installation was updated meanwhile; make the backup again');
  const secrets = await addSecrets(writer, ctx.env);
  progress.at('evidence');
  const evidence = await addObjects(ctx, writer, tx);
  const tables: Manifest['tables'] = [];
  for (const table of beginning.tables) {
    progress.at(`table ${table.name}`);
    tables.push(await addTable(writer, client, tx, table));
  }
  await writer.add('sequences.json', Buffer.from(`${JSON.stringify(await sequencesOf(tx))}\n`));
  progress.at('jobs');
  const jobs = await addLines(
    writer,
    'jobs',
    mapped(unfinishedJobs(tx), (job) => `${JSON.stringify(job)}\n`),
  );
  progress.at('heads');
  await addLines(writer, 'heads', headLines(tx));
  return { ...evidence, secrets, tables, jobs, log: await logHead(tx), heads: await digestOfHeads(tx) };
}

/** Every object that anything on record names: it was stored before that was. */
async function addObjects(ctx: Context, writer: ArchiveWriter, tx: Tx): Promise<Pick<Manifest, 'objects' | 'damaged'>> {
  const objects = { count: 0, sizeBytes: 0 };
  const damaged: Manifest['damaged'] = [];
  for (let after = ''; ; ) {
    const page = await evidenceObjects(tx, after, PAGE);
    for (const object of page) {
      const found = await addObject(ctx, writer, object);
      if (typeof found !== 'number') damaged.push({ digest: object.digest, chain: object.chain, kind: found });
      else {
        objects.count += 1;
        objects.sizeBytes += found;
      }
      if (damaged.length > MOST_DAMAGED)
        throw new AppError(
          'EVIDENCE_MISSING',
          `more than ${MOST_DAMAGED} objects are not in the evidence store, or altered; is EVIDENCE_URL the one of the installation?`,
        );
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return { objects, damaged };
    after = last.digest;
  }
}

/** Its bytes, none before they were proven; or what is wrong with it. */
async function addObject(
  { evidence }: Context,
  writer: ArchiveWriter,
  { digest }: EvidenceObject,
): Promise<number | 'missing' | 'altered'> {
  let chunks: AsyncIterable<Buffer>;
  const sizeBytes = await evidence.stat(digest);
  try {
    chunks = await evidence.read(digest, PROVEN_FIRST);
  } catch (error) {
    if (error instanceof AppError && error.code === 'EVIDENCE_DELETED')
      throw new AppError('CONFLICT', 'a chain was deleted meanwhile; make the backup again', { digest });
    if (!isDamage(error)) throw error;
    return error.code === 'EVIDENCE_MISSING' ? 'missing' : 'altered';
  }
  await writer.addStream(`objects/${digest.slice(0, 2)}/${digest}`, sizeBytes ?? 0, chunks);
  return sizeBytes ?? 0;
}

async function addTable(
  writer: ArchiveWriter,
  client: pg.PoolClient,
  tx: Tx,
  table: Table,
): Promise<Manifest['tables'][number]> {
  const pieces = writer.pieces(`database/${table.name}`, 'copy');
  let sizeBytes = 0;
  const rows = await copyOut(client, tx, table, async (chunk) => {
    sizeBytes += chunk.length;
    await pieces.write(chunk);
  });
  await pieces.end();
  return { name: table.name, rows, sizeBytes };
}

/** Gives how many lines there were. */
async function addLines(writer: ArchiveWriter, folder: string, lines: AsyncIterable<string>): Promise<number> {
  const pieces = writer.pieces(folder, 'jsonl');
  let count = 0;
  for await (const line of lines) {
    await pieces.write(Buffer.from(line));
    count += 1;
  }
  await pieces.end();
  return count;
}

async function* mapped<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield change(item);
}

function watched(sink: Sink, { bytes }: BackupProgress, signal: AbortSignal): Sink {
  return {
    async write(chunk) {
      signal.throwIfAborted();
      await sink.write(chunk);
      bytes(chunk.length);
    },
    end: () => sink.end(),
  };
}
