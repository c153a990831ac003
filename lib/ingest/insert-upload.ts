import 'server-only';
import type { Insertable } from 'kysely';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import { insertAll } from '../db/insert-all';
import type { ChainSegmentsTable, UploadsTable } from '../db/schema';
import { requireStored } from './require-stored';
import type { CutSegment } from './segment-cutter';

/** Puts an upload on record, with the segments its bytes were cut into. @throws AppError BUSY. */
export async function insertUpload(
  ctx: Context,
  tx: Tx,
  upload: Omit<Insertable<UploadsTable>, 'segments'>,
  segments: readonly CutSegment[],
) {
  await requireStored(
    ctx,
    tx,
    segments.map(({ digest }) => digest),
  );
  const row = await tx
    .insertInto('uploads')
    .values({ ...upload, segments: segments.length })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertAll(
    tx,
    'upload_segments',
    segments.map(({ digest, sizeBytes }, index) => ({ upload_id: row.id, index, digest, size_bytes: sizeBytes })),
  );
  return row;
}

/** A segment of an upload as a chain holds it. */
export function segmentOf(
  uploadId: string,
  { digest, sizeBytes, records, lines }: CutSegment,
): Pick<ChainSegmentsTable, 'digest' | 'upload_id' | 'size_bytes' | 'records' | 'lines'> {
  return { digest, upload_id: uploadId, size_bytes: sizeBytes, records, lines };
}
