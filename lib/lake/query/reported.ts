import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { partsOfPeriod } from '../figures/parts-of-period';
import { FIGURE_STEP_SECONDS } from '../figures/table';
import { EVENTS, type Limits, select } from './events';
import { IN_ALL, IN_ALL_COLUMNS, SUMMED, inParts } from './figures';
import { briefInstant } from '../time';
import { figuredPartitions } from './partitions';
import { EVERY_RECORD, type RecordScope, isEveryRecord } from '../../core/search/record-scope';

type Counts = {
  records: number;
  sessions: number;
  agents: number;
  denied: number;
  secretsRedacted: number;
  /** Records in which secrets were redacted. */
  secretEvents: number;
  /** Records of kind `request`: calls of a model. */
  requests: number;
  /** Denied ones of kind `request`, or `limit_exceeded`. */
  requestsDenied: number;
  /** Sessions of which there is a request. */
  requestSessions: number;
  /** Records that name a path, requests left out: those let through, and those denied. */
  filesAccessed: number;
  filesDenied: number;
  costUsd: number;
};
type Totals = Counts & {
  /** The first and the last time that records state; null without any. */
  recorded: { first: string; last: string } | null;
};
export type Reported = {
  totals: Totals;
  /** `at` is the beginning of the step in Unix seconds. */
  steps: { at: number; decision: Decision; records: number }[];
  /** By decision, of the tools called most. */
  tools: { tool: string; decision: Decision; records: number }[];
};
/** Records of a part of a chain; `digest` is empty for an open segment. */
export type SegmentPart = { chain: string; digest: string; records: number };

type Parts = ReturnType<typeof inParts>;

const NOTHING: Totals = {
  records: 0,
  sessions: 0,
  agents: 0,
  denied: 0,
  secretsRedacted: 0,
  secretEvents: 0,
  requests: 0,
  requestsDenied: 0,
  requestSessions: 0,
  filesAccessed: 0,
  filesDenied: 0,
  costUsd: 0,
  recorded: null,
};
/** A page that waits longer is not waited for. */
const LIMITS: Limits = { max_execution_time: 120, timeout_overflow_mode: 'throw', max_memory_usage: '4000000000' };

/**
 * What a report says of a period: in all, by decision and step, and by tool and decision. Days of which there are figures are summed up from them, and of
 * all other time the records are gone through; of a part of the records it is all of them.
 */
export async function reportedIn(
  ctx: Pick<Context, 'lake' | 'env'>,
  {
    period,
    scope = EVERY_RECORD,
    stepSeconds,
    mostTools,
  }: { period: Period; scope?: RecordScope; stepSeconds: number; mostTools: number },
): Promise<Reported> {
  const hasFigures = stepSeconds % FIGURE_STEP_SECONDS === 0 && isEveryRecord(scope);
  const parts = inParts(partsOfPeriod(period, hasFigures ? await figuredPartitions(ctx) : []), scope);
  const [totals, sets] = await Promise.all([totalsOf(ctx, parts), setsOf(ctx, parts, { stepSeconds, mostTools })]);
  return { totals, ...sets };
}

async function totalsOf(ctx: Pick<Context, 'lake'>, { figures, records, parameters }: Parts): Promise<Totals> {
  const [row] = await select<Counts & { first: string; last: string }>(
    ctx,
    `SELECT ${SUMMED}
      FROM (
        SELECT ${IN_ALL_COLUMNS.join(', ')} FROM figures WHERE ${figures} AND set = 'day'
        UNION ALL SELECT ${IN_ALL_COLUMNS.join(', ')} FROM (SELECT ${IN_ALL} FROM ${EVENTS} WHERE ${records})) AS some`,
    parameters,
    { limits: LIMITS },
  );
  if (!row) return NOTHING;
  const { first, last, ...counts } = row;
  return { ...counts, recorded: row.records === 0 ? null : { first: briefInstant(first), last: briefInstant(last) } };
}

async function setsOf(
  ctx: Pick<Context, 'lake'>,
  { figures, records, parameters }: Parts,
  { stepSeconds, mostTools }: { stepSeconds: number; mostTools: number },
): Promise<Omit<Reported, 'totals'>> {
  type Counted = { set: 'step' | 'tool'; at: number; decision: Decision; tool: string; records: number };
  const step = `intDiv(at, {step: Int64}) * {step: Int64}`;
  const rows = await select<Counted>(
    ctx,
    `SELECT set, at, decision, tool, records FROM (
      SELECT *, dense_rank() OVER (PARTITION BY set ORDER BY total DESC, tool) AS place FROM (
        SELECT set, at, decision, tool, sum(counted) AS records, if(tool = '', 0, sum(records) OVER (PARTITION BY set, tool)) AS total
        FROM (
          SELECT toString(set) AS set, ${step} AS at, toString(decision) AS decision, value AS tool, records AS counted
          FROM figures WHERE ${figures} AND set IN ('step', 'tool')
          UNION ALL
          SELECT if(grouping(tool) = 0, 'tool', 'step') AS set, at, decision, tool, count() AS counted
          FROM (
            SELECT ${step} AS at, decision, tool FROM (
              SELECT toUnixTimestamp64Second(recorded_at) AS at, toString(decision) AS decision, toString(tool) AS tool
              FROM ${EVENTS} WHERE ${records}))
          GROUP BY GROUPING SETS ((at, decision), (tool, decision)))
        GROUP BY set, at, decision, tool))
    WHERE set != 'tool' OR tool != '' AND place <= {most: UInt32}`,
    { ...parameters, step: stepSeconds, most: mostTools },
    { limits: LIMITS },
  );
  return { steps: rows.filter(({ set }) => set === 'step'), tools: rows.filter(({ set }) => set === 'tool') };
}

/** The records of a period by chain and segment, from the same figures and records. */
export async function segmentsIn(
  ctx: Pick<Context, 'lake' | 'env'>,
  period: Period,
  scope = EVERY_RECORD,
): Promise<SegmentPart[]> {
  const figured = isEveryRecord(scope) ? await figuredPartitions(ctx) : [];
  const { figures, records, parameters } = inParts(partsOfPeriod(period, figured), scope);
  return select<SegmentPart>(
    ctx,
    `SELECT toString(chain_id) AS chain, digest, sum(counted) AS records FROM (
      SELECT chain_id, digest, records AS counted FROM figures WHERE ${figures} AND set = 'segment'
      UNION ALL
      SELECT chain_id, toString(segment_digest) AS digest, count() AS counted FROM ${EVENTS} WHERE ${records} GROUP BY chain_id, digest)
    GROUP BY chain_id, digest`,
    parameters,
    { limits: LIMITS },
  );
}
