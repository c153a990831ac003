import 'server-only';
import type { Selectable } from 'kysely';
import { RECOGNITION_BYTES } from '../core/bytes/limits';
import { firstLines } from '../core/bytes/first-lines';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import { formatById } from '../core/formats';
import { contentAfter } from '../db/contents';
import type { UploadsTable } from '../db/schema';
import { readObject } from '../evidence/store';
import { classifyByBytes } from '../ingest/place';
import type { Placed } from '../ingest/place-by-records';
import { isSameContent, classifyAgainst } from '../ingest/place-in-chain';
import type { CutSegment } from '../ingest/segment-cutter';
import type { Reporter } from './drift';

type Chain = { id: string; name: string; format: FormatId };
type Arrived = {
  upload: Selectable<UploadsTable>;
  /** What the chain held before it; null when it is the chain's first. */
  present: readonly { digest: string; size_bytes: number }[] | null;
  next: readonly CutSegment[];
};

/**
 * Whether an upload related to what the chain held as is on record. Which head was the furthest seen when it came is not on record, so it must be
 * so against one of those there may have been; that two contents could not be told apart then is believed where their bytes alone do not tell.
 */
export async function examinePlacement(ctx: Context, chain: Chain, arrived: Arrived, report: Reporter): Promise<void> {
  const { upload } = arrived;
  const reported: Placed[] = [];
  for await (const placed of placings(ctx, chain, arrived)) {
    if (placed.placement === upload.placement && placed.forkedAt === upload.forked_at) return;
    reported.push(placed);
  }
  const isPlaced = reported.some(({ placement }) => placement === upload.placement);
  const [column, expected, found] = isPlaced
    ? ([
        'forked_at',
        reported.filter(({ placement }) => placement === upload.placement).map(({ forkedAt }) => forkedAt),
        upload.forked_at,
      ] as const)
    : (['placement', reported.map(({ placement }) => placement), upload.placement] as const);
  report.drift({
    kind: 'row-differs',
    chain: chain.name,
    what: `uploads.${column} of ${upload.id}`,
    expected: [...new Set<unknown>(expected)].join(' or '),
    found: String(found),
    at: { table: 'uploads', row: upload.id, column },
  });
}

/** Every way it can have been placed, the likeliest first. */
async function* placings(
  ctx: Context,
  chain: Chain,
  { upload, present, next }: Arrived,
): AsyncGenerator<Placed, void, undefined> {
  // What was appended goes on from what there was, from nothing too, whatever it holds.
  const isAppended = upload.file_name === `${chain.name} (appended)`;
  if (isAppended) yield { placement: 'continues', forkedAt: null };
  if (present === null) return void (yield { placement: 'new', forkedAt: null });
  const format = formatById(chain.format);
  const arrival = { format, present, next, lines: await linesOf(ctx, next) };
  yield await classifyAgainst(ctx, arrival, null);
  const heads = await ctx.db
    .selectFrom('heads')
    .select('upload_id')
    .where('chain_id', '=', chain.id)
    .where('upload_id', '<', upload.id)
    .groupBy('upload_id')
    .orderBy((eb) => eb.fn.max('records'), 'desc')
    .execute();
  for (const { upload_id: uploadId } of heads) {
    const witnessed = uploadId && (await contentAfter(ctx.db, chain.id, uploadId));
    if (witnessed && !isSameContent(witnessed, present)) yield await classifyAgainst(ctx, arrival, witnessed);
  }
  if ((await isUntold(ctx, present, next)) || (await wasDamaged(ctx, present)))
    yield { placement: 'replaces', forkedAt: null };
}

async function isUntold(
  ctx: Context,
  present: readonly { digest: string; size_bytes: number }[],
  next: readonly CutSegment[],
): Promise<boolean> {
  return (
    (await classifyByBytes(
      ctx.evidence,
      present,
      next.map(({ digest, sizeBytes }) => ({ digest, size_bytes: sizeBytes })),
    )) === 'replaces'
  );
}

/** Whether any of it ever read back as something else: it could not be compared then. */
async function wasDamaged({ db }: Context, present: readonly { digest: string }[]): Promise<boolean> {
  if (present.length === 0) return false;
  return (
    (await db
      .selectFrom('evidence_damage')
      .select('subject')
      .where(
        'subject',
        'in',
        present.map(({ digest }) => digest),
      )
      .limit(1)
      .executeTakeFirst()) !== undefined
  );
}

async function linesOf({ evidence }: Context, [first]: readonly CutSegment[]): Promise<Uint8Array[]> {
  if (!first) return [];
  const to = Math.min(first.sizeBytes, RECOGNITION_BYTES);
  return firstLines(await readObject(evidence, first.digest, { from: 0, to }), to === first.sizeBytes);
}
