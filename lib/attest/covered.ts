import 'server-only';
import { createHash } from 'node:crypto';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { ChainSegmentsTable } from '../db/schema';
import type { ChainScope } from '../schemas/attestation-requests';
import { placesAt, placesOf } from '../lake/query/of-chain';
import { type ByteRange, readRanges } from './read-ranges';

/** Records of one session or run that an attestation takes. */
const MAX_PICKED = 1_000_000;

type Segment = Pick<ChainSegmentsTable, 'digest' | 'byte_offset' | 'size_bytes' | 'first_record' | 'records'>;

/** The records a scope means, of those in closed segments. */
export type Covered<S extends Segment> = {
  /** Inclusive ordinals; `last` is `first` and `count` 0 when there is none. */
  first: number;
  last: number;
  count: number;
  /** Null: every record from `first` to `last`. */
  picked: ReadonlySet<number> | null;
  segments: S[];
  /** Exactly the bytes of the records covered; null when that is the whole chain. */
  excerpt: { ranges: ByteRange[]; sha256: string; sizeBytes: number } | null;
};

/**
 * Finds the records of a scope, of the first `upTo` records. @throws AppError NOT_FOUND when it holds none, CONFLICT when it reaches past the closed segments,
 * TOO_LARGE for a session or run of more than a million records.
 */
export async function coveredBy<S extends Segment>(
  ctx: Context,
  chainId: string,
  scope: ChainScope,
  segments: S[],
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<Covered<S>> {
  const records = Math.min(
    upTo,
    segments.reduce((sum, segment) => sum + segment.records, 0),
  );
  if (scope.kind === 'chain')
    return { first: 0, last: Math.max(0, records - 1), count: records, picked: null, segments, excerpt: null };
  if (scope.kind === 'range') {
    if (scope.last >= records)
      throw new AppError(
        'CONFLICT',
        `only the first ${records} records lie in closed segments; ask for less, or wait until the open segment is closed`,
        { chainId, closedRecords: records },
      );
    const places = await placesAt(ctx, chainId, [scope.first, scope.last]);
    const [from, to] = [places[0], places.at(-1)];
    if (!from || !to) throw new AppError('NOT_FOUND', 'the records are not in the lake yet', { chainId });
    return within(
      ctx,
      { first: scope.first, last: scope.last, count: scope.last - scope.first + 1, picked: null },
      [{ from: from.byteOffset, to: to.byteOffset + to.byteLength }],
      segments,
    );
  }
  const id = scope.kind === 'session' ? scope.session : scope.run;
  const places = await placesOf(ctx, chainId, scope.kind === 'session' ? { session: id } : { run: id }, {
    upTo: records,
    limit: MAX_PICKED + 1,
  });
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last)
    throw new AppError('NOT_FOUND', `no record of a closed segment is of this ${scope.kind}`, {
      chainId,
      [scope.kind]: id,
    });
  if (places.length > MAX_PICKED)
    throw new AppError('TOO_LARGE', `the ${scope.kind} has more than ${MAX_PICKED} records; attest ranges of it`, {
      chainId,
      limit: MAX_PICKED,
    });
  const ranges = places.map(({ byteOffset, byteLength }) => ({ from: byteOffset, to: byteOffset + byteLength }));
  return within(
    ctx,
    {
      first: first.ordinal,
      last: last.ordinal,
      count: places.length,
      picked: new Set(places.map(({ ordinal }) => ordinal)),
    },
    ranges,
    segments,
  );
}

async function within<S extends Segment>(
  ctx: Context,
  covered: Pick<Covered<S>, 'first' | 'last' | 'count' | 'picked'>,
  ranges: ByteRange[],
  all: readonly S[],
): Promise<Covered<S>> {
  const [from, to] = [ranges[0]?.from ?? 0, ranges.at(-1)?.to ?? 0];
  const segments = all.filter((segment) => segment.byte_offset < to && segment.byte_offset + segment.size_bytes > from);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of readRanges(ctx.evidence, segments, ranges)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { ...covered, segments, excerpt: { ranges, sha256: hash.digest('hex'), sizeBytes } };
}
