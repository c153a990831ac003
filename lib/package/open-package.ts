import 'server-only';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { deletedObject, packageName, requirePackage } from './packages';

/** One chunk of evidence read ahead. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The package as a ZIP of any length, made as it is read and held nowhere whole. The same package gives the same bytes: its files lie in
 * evidence, in the order of their paths, under one time and without anything of this machine. @throws AppError NOT_FOUND, CONFLICT while
 * it is being made, EVIDENCE_DELETED when it can be had no more.
 */
export async function openPackage(
  ctx: Context,
  { packageId }: { packageId: string },
): Promise<{ fileName: string; stream: ReadableStream<Uint8Array> }> {
  const row = await requirePackage(ctx, packageId);
  if (row.state !== 'done' || !row.made_at)
    throw new AppError('CONFLICT', row.failure ?? 'the evidence package is being made', {
      packageId,
      state: row.state,
    });
  const gone = await deletedObject(ctx, row);
  if (gone !== null)
    throw new AppError(
      'EVIDENCE_DELETED',
      'records in this evidence package were deleted after their retention had ended; the tombstones of their chains say what they were',
      { packageId, digest: gone },
    );
  const zip = new ZipFile();
  const options = { mtime: dosTime(row.made_at), forceDosTimestamp: true, mode: 0o100644 };
  // What was sent so far cannot be taken back: the connection breaks off, and no ZIP is whole without its end.
  const breakOff = (error: unknown) =>
    void (zip.outputStream as Readable).destroy(error instanceof Error ? error : new Error(String(error)));
  for (const { path, digest, sizeBytes } of row.entries) {
    zip.addReadStreamLazy(path, { ...options, size: sizeBytes }, (ready) => {
      ctx.evidence
        .read(digest, { sizeBytes })
        .then(
          (content) =>
            ready(
              null,
              Readable.from(content, { objectMode: false, highWaterMark: CHUNK_BYTES }).once('error', breakOff),
            ),
          breakOff,
        );
    });
  }
  zip.on('error', breakOff);
  zip.end();
  return {
    fileName: packageName(row),
    stream: Readable.toWeb(zip.outputStream as Readable) as ReadableStream<Uint8Array>,
  }; // node's type of the same thing
}

/** ZIP keeps local time without its zone: this one reads as UTC wherever it is made. */
function dosTime(at: Date): Date {
  return new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  );
}
