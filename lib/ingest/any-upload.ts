import 'server-only';
import type { Context } from '../context';
import { decode } from '../archive/decode';
import { KIND_BYTES, compressionOf, isArchive } from '../core/bytes/file-kind';
import type { ArchiveProgress, ArchiveReceipt } from '../schemas/uploads';
import { mayBeSidecar } from './archive-plan';
import { ingestArchive } from './archive';
import { receiveArchive } from './received-archive';
import { addSidecar } from './sidecars';
import { peek } from './peek';
import { type UploadInput, ingestUpload } from './upload';

type Input = Omit<UploadInput, 'chain'> & {
  chain: string | null;
  /** Told of how far an archive is taken in. */
  onProgress?: ((progress: ArchiveProgress) => void) | undefined;
};

/**
 * Takes in a log, or an archive of logs, told apart by their bytes. An archive is written to disk before it is looked at, because a zip is
 * read from its end. @throws as `ingestUpload` and `ingestArchive`.
 */
export async function ingestAny(ctx: Context, input: Input): Promise<ArchiveReceipt> {
  const { head, whole } = await peek(input.body, KIND_BYTES);
  if (!isArchive(head) && compressionOf(head) === null)
    return (await sidecarFiles(ctx, input, whole)) ?? one(ctx, input, whole);
  const received = await receiveArchive(ctx, whole);
  try {
    if (isArchive(head) || isArchive(await unpackedHead(received.read())))
      return await ingestArchive(ctx, received, input);
    return await one(ctx, input, received.read());
  } finally {
    await received.drop();
  }
}

/** A file that says something of the log of an existing chain, when it is sent to that chain. Null, and nothing read, for what bears no such name. */
async function sidecarFiles(
  ctx: Context,
  { chain: name, fileName, actor, format }: Input,
  body: AsyncIterable<Uint8Array>,
): Promise<ArchiveReceipt | null> {
  if (name === null || format || !mayBeSidecar(fileName)) return null;
  const chain = await ctx.db.selectFrom('chains').select('id').where('name', '=', name).executeTakeFirst();
  if (!chain) return null;
  const receipt = await addSidecar(ctx, { chainId: chain.id, fileName, body, actor });
  return { archive: null, uploads: [], sidecars: [{ ...receipt, path: fileName }], skipped: [] };
}

async function one(ctx: Context, input: Input, body: AsyncIterable<Uint8Array>): Promise<ArchiveReceipt> {
  const receipt = await ingestUpload(ctx, { ...input, chain: input.chain ?? input.fileName, body });
  return { archive: null, uploads: [{ ...receipt, paths: [] }], sidecars: [], skipped: [] };
}

async function unpackedHead(packed: AsyncIterable<Buffer>): Promise<Buffer> {
  const { head, whole } = await peek((await decode(packed)).plain, KIND_BYTES);
  await whole.return(undefined);
  return head;
}
