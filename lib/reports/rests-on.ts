import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { isOfFleet } from '../db/of-fleet';
import { tailBytes } from '../db/tail-bytes';
import { type SegmentPart, segmentsIn } from '../lake/query/reported';
import { EVERY_RECORD, type RecordScope } from '../core/search/record-scope';
import type { Period } from '../schemas/common';
import type { RestingChain } from '../schemas/report-runs';

/** Segments that a report names; one of more is of too long a period to be kept. */
const MOST_SEGMENTS = 200_000;
/** Chains named that are not as far as they will be. */
const MOST_BEHIND = 100;

/** Problems of records that are named beside them. */
const MOST_PROBLEMS = 100_000;

/** The chains with records of the scope in a period, by id, each with the bytes that these lie in. @throws AppError TOO_LARGE. */
export async function chainsRestedOn(ctx: Context, period: Period, scope = EVERY_RECORD): Promise<RestingChain[]> {
  const parts = Map.groupBy(await segmentsIn(ctx, period, scope), ({ chain }) => chain);
  const ids = [...parts.keys()];
  const [chains, segments, problems] = await Promise.all([
    chainsById(ctx, ids),
    segmentsById(ctx, ids),
    problemsById(ctx, ids),
  ]);
  return chains.map((chain) => {
    const inPart = new Map(parts.get(chain.id)?.map(({ digest, records }) => [digest, records]));
    const open = inPart.get('') ?? 0;
    return {
      ...restingChain(chain, {
        segments: (segments.get(chain.id) ?? []).map((segment) => ({
          ...segment,
          inPeriod: inPart.get(segment.sha256) ?? 0,
        })),
        open: open > 0 ? openOf(chain, chain.loaded_bytes, open) : null,
        problems: problems.get(chain.id) ?? [],
      }),
      inPeriod: recordsOf(parts.get(chain.id) ?? []),
    };
  });
}

/** What a piece of a chain has before its records of the period are counted. */
const NOT_COUNTED = 1;

/**
 * The chains that have records of the scope in a period as they all stand at one moment, by id, for whoever counts their records from the bytes: `open` is
 * given those that no segment holds yet. @throws AppError TOO_LARGE, EVIDENCE_ALTERED.
 */
export async function chainsAtOnce(
  ctx: Context,
  { period, scope }: { period: Period; scope: RecordScope },
  open: (file: string, bytes: Buffer) => Promise<void>,
): Promise<RestingChain[]> {
  const ids = [...new Set((await segmentsIn(ctx, period, scope)).map(({ chain }) => chain))];
  return ctx.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      const at = { ...ctx, db };
      const chains = await chainsById(at, ids);
      const [segments, problems] = [await segmentsById(at, ids), await problemsById(at, ids)];
      const standing: RestingChain[] = [];
      for (const chain of chains) {
        const tail = openOf(chain, chain.complete_bytes, NOT_COUNTED);
        if (tail) await open(tail.file, await tailBytes(at, chain.id, tail.fromByte, tail.toByte));
        standing.push(
          restingChain(chain, {
            segments: (segments.get(chain.id) ?? []).map((segment) => ({ ...segment, inPeriod: NOT_COUNTED })),
            open: tail,
            problems: problems.get(chain.id) ?? [],
          }),
        );
      }
      return standing;
    });
}

type ChainRow = Awaited<ReturnType<typeof chainsById>>[number];

function openOf(chain: ChainRow, toByte: number | null, inPeriod: number): RestingChain['open'] {
  const { closed_bytes: fromByte, closed_records: firstRecord } = chain;
  if (fromByte === null || firstRecord === null || toByte === null || toByte <= fromByte) return null;
  return { fromByte, toByte, firstRecord, inPeriod, file: `open-${chain.id}.jsonl` };
}

type Segment = RestingChain['segments'][number] & { chain_id: string };

/** A chain with its pieces, whose records of the period are its own. */
function restingChain(
  chain: ChainRow,
  {
    segments,
    open,
    problems,
  }: { segments: readonly Segment[]; open: RestingChain['open'] } & Pick<RestingChain, 'problems'>,
): RestingChain {
  return {
    id: chain.id,
    name: chain.name,
    format: chain.format,
    verdict: chain.answered_verdict,
    generation: chain.generation,
    verifiedGeneration: chain.verified_generation,
    head: chain.head,
    records: chain.records,
    inPeriod: [...segments, ...(open ? [open] : [])].reduce((sum, { inPeriod }) => sum + inPeriod, 0),
    segments: segments.map(({ chain_id: _, ...segment }) => segment),
    open,
    problems: problems.map(({ record, code }) => ({ record, code })),
  };
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
      'tails.closed_records',
      'tails.loaded_bytes',
      'tails.complete_bytes',
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
      'first_line as firstLine',
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

/** In the order in which the lake is told of them: of several as bad at a record the first counts. */
async function problemsById({ db }: Context, ids: readonly string[]) {
  const boundaries = db
    .selectFrom('boundary_problems')
    .where(sql<boolean>`chain_id = ANY(${ids}::uuid[])`)
    .select(['chain_id', 'record', 'code', 'byte_offset', sql<number>`-1 - n`.as('place')]);
  const open = db
    .selectFrom('tail_problems as p')
    .innerJoin('tails as t', 't.chain_id', 'p.chain_id')
    .where(sql<boolean>`p.chain_id = ANY(${ids}::uuid[])`)
    .whereRef('p.byte_offset', '>=', 't.closed_bytes')
    .select(['p.chain_id', 'p.record', 'p.code', 'p.byte_offset', 'p.n as place']);
  const rows = await db
    .selectFrom(boundaries.unionAll(open).as('p'))
    .selectAll()
    .orderBy('chain_id')
    .orderBy('byte_offset')
    .orderBy('place')
    .limit(MOST_PROBLEMS + 1)
    .execute();
  if (rows.length > MOST_PROBLEMS)
    throw new AppError(
      'TOO_LARGE',
      `the chains of this period have more than ${MOST_PROBLEMS} problems between their segments; keep a report of a shorter period`,
      { limit: MOST_PROBLEMS },
    );
  return Map.groupBy(rows, ({ chain_id: chain }) => chain);
}

/** Chains whose records are not all checked and in the lake, and so may be missing from a report, the first 100 by name. */
export async function chainsBehind({ db }: Context): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('chains')
    .leftJoin('tails', 'tails.chain_id', 'chains.id')
    .where(isOfFleet('chains.id'))
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

/**
 * What a report of the period rests on, as one text: another text means that it has to be made again. How long an open segment is by now is none of it while
 * as many of its records lie in the period: those that were counted lie in the bytes there were before.
 */
export function standingOf(chains: readonly RestingChain[]): string {
  return JSON.stringify(
    chains.map(({ id, name, verdict, segments, open, problems }) => [
      id,
      name,
      verdict,
      problems,
      segments.flatMap(({ sha256, inPeriod }) => (inPeriod > 0 ? [[sha256, inPeriod]] : [])),
      open && [open.fromByte, open.firstRecord, open.inPeriod],
    ]),
  );
}
