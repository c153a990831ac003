import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { ChainVerdict } from '../core/chain/verdict';
import type { FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { type SegmentPart, segmentsIn } from '../lake/query/reported';
import type { Period } from '../schemas/common';

/** Segments that a report names; one of more is of too long a period to be kept. */
const MOST_SEGMENTS = 200_000;
/** Chains named that are not as far as they will be. */
const MOST_BEHIND = 100;

/** A chain with records in a period, as it stands. */
export type RestingChain = {
  id: string;
  name: string;
  format: FormatId;
  verdict: ChainVerdict;
  /** Of the list of segments, and of the one that the verdict is on. */
  generation: number;
  verifiedGeneration: number;
  /** Hash of the last record that was verified. */
  head: string | null;
  /** Of the whole chain, and those of them that lie in the period. */
  records: number;
  inPeriod: number;
  /** Every segment in order, each with its records in the period. */
  segments: {
    sha256: string;
    byteOffset: number;
    sizeBytes: number;
    firstRecord: number;
    records: number;
    inPeriod: number;
  }[];
  /** Of the segment that is still open, the bytes whose records are counted; null when none of them is in the period. */
  open: { fromByte: number; toByte: number; inPeriod: number } | null;
};

/** The chains with records in a period, by id, each with the bytes that these lie in. @throws AppError TOO_LARGE. */
export async function chainsRestedOn(ctx: Context, period: Period): Promise<RestingChain[]> {
  const parts = Map.groupBy(await segmentsIn(ctx, period), ({ chain }) => chain);
  const ids = [...parts.keys()];
  const [chains, segments] = await Promise.all([chainsById(ctx, ids), segmentsById(ctx, ids)]);
  return chains.map((chain) => {
    const inPart = new Map(parts.get(chain.id)?.map(({ digest, records }) => [digest, records]));
    const open = inPart.get('') ?? 0;
    return {
      id: chain.id,
      name: chain.name,
      format: chain.format,
      verdict: chain.answered_verdict,
      generation: chain.generation,
      verifiedGeneration: chain.verified_generation,
      head: chain.head,
      records: chain.records,
      inPeriod: recordsOf(parts.get(chain.id) ?? []),
      segments: (segments.get(chain.id) ?? []).map(({ chain_id: _, ...segment }) => ({
        ...segment,
        inPeriod: inPart.get(segment.sha256) ?? 0,
      })),
      open:
        open > 0 && chain.closed_bytes !== null && chain.loaded_bytes !== null
          ? { fromByte: chain.closed_bytes, toByte: chain.loaded_bytes, inPeriod: open }
          : null,
    };
  });
}

function recordsOf(parts: readonly SegmentPart[]): number {
  return parts.reduce((sum, { records }) => sum + records, 0);
}

function chainsById({ db }: Context, ids: readonly string[]) {
  return db
    .selectFrom('chains')
    .leftJoin('tails', 'tails.chain_id', 'chains.id')
    .where(sql<boolean>`chains.id = ANY(${ids}::uuid[])`)
    .select([
      'chains.id',
      'chains.name',
      'chains.format',
      'chains.generation',
      'chains.verified_generation',
      'chains.head',
      'chains.records',
      'tails.closed_bytes',
      'tails.loaded_bytes',
      ANSWERED_VERDICT.as('answered_verdict'),
    ])
    .orderBy('chains.id')
    .execute();
}

async function segmentsById({ db }: Context, ids: readonly string[]) {
  const rows = await db
    .selectFrom('chain_segments')
    .where(sql<boolean>`chain_id = ANY(${ids}::uuid[])`)
    .select([
      'chain_id',
      'digest as sha256',
      'byte_offset as byteOffset',
      'size_bytes as sizeBytes',
      'first_record as firstRecord',
      'records',
    ])
    .orderBy('chain_id')
    .orderBy('index')
    .limit(MOST_SEGMENTS + 1)
    .execute();
  if (rows.length > MOST_SEGMENTS)
    throw new AppError(
      'TOO_LARGE',
      `a report that is kept names at most ${MOST_SEGMENTS} segments, and the chains of this period have more; keep one of a shorter period`,
      { limit: MOST_SEGMENTS },
    );
  return Map.groupBy(rows, ({ chain_id: chain }) => chain);
}

/** Chains whose records are not all checked and in the lake, and so may be missing from a report, the first 100 by name. */
export async function chainsBehind({ db }: Context): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('chains')
    .leftJoin('tails', 'tails.chain_id', 'chains.id')
    .where(({ eb, or, ref }) =>
      or([
        eb('chains.verified_generation', '<', ref('chains.generation')),
        eb('chains.loaded_generation', '<', ref('chains.generation')),
        eb(sql<number>`greatest(tails.loaded_bytes, tails.closed_bytes)`, '<', ref('tails.complete_bytes')),
      ]),
    )
    .select(['chains.id', 'chains.name'])
    .orderBy('chains.name')
    .limit(MOST_BEHIND)
    .execute();
}

/** What a report of the period rests on, as one text: another text means that it has to be made again. */
export function standingOf(chains: readonly RestingChain[]): string {
  return JSON.stringify(
    chains.map(({ id, name, verdict, segments, open }) => [
      id,
      name,
      verdict,
      segments.flatMap(({ sha256, inPeriod }) => (inPeriod > 0 ? [[sha256, inPeriod]] : [])),
      open,
    ]),
  );
}
