import 'server-only';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { type Actor, actorOfKey, systemActor } from '../../access/actor';
import type { Context } from '../../context';
import { AppError, type ErrorCode } from '../../core/errors';
import { createRoom } from '../../evidence/room';
import { FormatId } from '../../schemas/common';
import { ChainName } from '../../schemas/chains';
import { Role } from '../../schemas/settings';
import { DEFAULT_WORKSPACE } from '../../schemas/workspace-id';
import { ArchiveReceipt } from '../../schemas/uploads';
import { withProgress } from '../archive-progress';
import { ingestAny } from '../any-upload';
import { RoomyFileStore } from './roomy-file-store';

/** An upload nobody goes on with is dropped after this. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** What keeps an upload out now and not for good. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STORAGE_FULL',
  'BUSY',
  'UNAVAILABLE',
  'EVIDENCE_UNAVAILABLE',
]);

type Metadata = Record<string, string | null>;

/** Uploads that come in parts, kept on this host's disk until they are whole; then they are ingested as any other. */
export type Incoming = {
  store: RoomyFileStore;
  /** What became of a whole upload; ingests it when that has not happened yet. @throws AppError as `ingestAny`; CONFLICT while it is not whole. */
  finish(id: string): Promise<ArchiveReceipt>;
  /** The key of who began it; null when there is no such upload. */
  ownerOf(id: string): Promise<string | null>;
  /** Ingests what became whole and was not ingested, as when the process was killed in between, and drops what is given up. */
  sweep(): Promise<void>;
};

export async function openIncoming(ctx: Context): Promise<Incoming> {
  const directory = path.join(ctx.env.dataDir, 'incoming');
  const receipts = path.join(ctx.env.dataDir, 'incoming-receipts');
  for (const folder of [directory, receipts]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const store = new RoomyFileStore(directory, KEPT_MS, () =>
    createRoom(directory, { reserveBytes: ctx.env.reserveBytes, freeBytes: ctx.freeBytes }, 'this upload'),
  );
  const finishing = new Map<string, Promise<ArchiveReceipt>>();

  async function readReceipt(id: string): Promise<ArchiveReceipt | null> {
    try {
      return ArchiveReceipt.parse(JSON.parse(await readFile(path.join(receipts, `${requireId(id)}.json`), 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  async function ingest(id: string): Promise<ArchiveReceipt> {
    const done = await readReceipt(id);
    if (done) return done;
    const upload = await store.getUpload(requireId(id)).catch(() => null); // the store throws its own sort of answer for one it does not have
    if (!upload) throw new AppError('NOT_FOUND', 'there is no such upload, or it was given up', { id });
    if (upload.offset !== upload.size)
      throw new AppError('CONFLICT', `${upload.offset} of ${upload.size ?? 'unknown'} bytes have come`, {
        id,
        offset: upload.offset,
      });
    const { fileName, chain, format, owner, actor } = readMetadata(upload.metadata ?? {});
    try {
      const body = createReadStream(path.join(directory, id), { highWaterMark: 1024 * 1024 });
      const receipt = await withProgress(id, owner, (onProgress) =>
        ingestAny(ctx, { fileName, chain, format, body, actor, onProgress }),
      );
      await writeReceipt(path.join(receipts, `${id}.json`), receipt);
      await store.remove(id);
      return receipt;
    } catch (error) {
      // What cannot be taken in now and never will is not kept; what may be, when there is room or the database or the store is back, is.
      if (error instanceof AppError && !PASSING.has(error.code)) await store.remove(id);
      throw error;
    }
  }

  function finish(id: string): Promise<ArchiveReceipt> {
    const running = finishing.get(id) ?? ingest(id).finally(() => finishing.delete(id));
    finishing.set(id, running);
    return running;
  }

  return {
    store,
    finish,
    async ownerOf(id) {
      const upload = await store.getUpload(requireId(id)).catch(() => null); // as above
      return upload ? (upload.metadata?.['owner'] ?? '') : null;
    },
    async sweep() {
      for (const id of (await store.configstore.list?.()) ?? []) {
        const upload = await store.getUpload(id).catch(() => null); // dropped meanwhile
        if (upload && upload.offset === upload.size)
          await finish(id).catch((error: unknown) =>
            ctx.log.warn({ err: error, upload: id }, 'a complete upload could not be ingested'),
          );
      }
      await store.deleteExpired();
      for (const name of await readdir(receipts)) {
        const file = path.join(receipts, name);
        if (ctx.now().getTime() - (await stat(file)).mtimeMs > KEPT_MS) await rm(file, { force: true });
      }
    },
  };
}

function requireId(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) throw new AppError('NOT_FOUND', 'there is no such upload', { id });
  return id;
}

/** @throws ZodError for a name or format no upload may have. */
export function readMetadata(metadata: Metadata): {
  fileName: string;
  chain: string | null;
  format: FormatIdValue | undefined;
  owner: string;
  actor: Actor;
} {
  const { filename, chain, format, owner, receivedBy, role, allowed, workspaceId } = metadata;
  return {
    fileName: ChainName.parse(filename ?? 'upload'),
    chain: chain ? ChainName.parse(chain) : null,
    format: format ? FormatId.parse(format) : undefined,
    owner: owner ?? '',
    // Of one that was begun before owners or roles were kept less is known.
    actor: owner
      ? actorOfKey(owner, {
          name: receivedBy ?? '',
          role: Role.catch('administrator').parse(role),
          workspaceId: workspaceId ?? DEFAULT_WORKSPACE,
          chains: allowed ? z.array(z.string()).parse(JSON.parse(allowed)) : null,
        })
      : systemActor('resumable', receivedBy ?? ''),
  };
}
type FormatIdValue = ReturnType<typeof FormatId.parse>;

async function writeReceipt(file: string, receipt: ArchiveReceipt): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(receipt));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file).catch(async (error: unknown) => {
    await rm(temporary, { force: true });
    throw error;
  });
}
