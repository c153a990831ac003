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
import { classifyByBytes } from '../ingest/classify-by-bytes';
import type { ClassifiedUpload } from '../ingest/classify-by-records';
import { isSameContent, classifyAgainst } from '../ingest/classify-upload';
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
 * so against one of those there may have been; that two contents could not be told apart then is accepted where their bytes alone do not tell.
 */
export async function examineRelation(ctx: Context, chain: Chain, arrived: Arrived, report: Reporter): Promise<void> {
  const { upload } = arrived;
  const possibilities: ClassifiedUpload[] = [];
  for await (const possible of possibleRelations(ctx, chain, arrived)) {
    if (possible.relation === upload.relation && possible.forkedAt === upload.forked_at) return;
    possibilities.push(possible);
  }
  const hasRelation = possibilities.some(({ relation }) => relation === upload.relation);
  const [column, expected, found] = hasRelation
    ? ([
        'forked_at',
        possibilities.filter(({ relation }) => relation === upload.relation).map(({ forkedAt }) => forkedAt),
        upload.forked_at,
      ] as const)
    : (['relation', possibilities.map(({ relation }) => relation), upload.relation] as const);
  report.drift({
    kind: 'row-differs',
    chain: chain.name,
    what: `uploads.${column} of ${upload.id}`,
    expected: [...new Set<unknown>(expected)].join(' or '),
    found: String(found),
    at: { table: 'uploads', row: upload.id, column },
  });
}

/** Every relation it can have had, the likeliest first. */
async function* possibleRelations(
  ctx: Context,
  chain: Chain,
  { upload, present, next }: Arrived,
): AsyncGenerator<ClassifiedUpload, void, undefined> {
  // What was appended goes on from what there was, from nothing too, whatever it holds.
  const isAppended = upload.file_name === `${chain.name} (appended)`;
  if (isAppended) yield { relation: 'continues', forkedAt: null };
  if (present === null) return void (yield { relation: 'new', forkedAt: null });
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
  if ((await isRelationUnknown(ctx, present, next)) || (await wasDamaged(ctx, present)))
    yield { relation: 'replaces', forkedAt: null };
}

async function isRelationUnknown(
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
