import 'server-only';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Context } from '../context';
import { verdictSentence } from '../core/chain/sentence';
import { formatById } from '../core/formats';
import { DELETED_CHAINS } from '../db/deleted-chains';
import { isAttested } from '../db/attested';
import { ANSWERED_VERDICT, damageCount } from '../db/evidence-damage';
import { STUCK_AFTER } from '../db/job-failures';
import type { Database } from '../db/schema';
import { isHidden } from '../db/suppressed';
import { failureSentence } from '../queue/failure-words';
import type { JobKind } from '../queue/kinds';
import type { Chain } from '../schemas/chains';

/** Records of the chain as it stands that lie in segments an attestation of this chain covers. */
function attestedRecords(eb: ExpressionBuilder<Database, 'chains'>) {
  return eb
    .selectFrom('chain_segments as s')
    .whereRef('s.chain_id', '=', 'chains.id')
    .where((where) => isAttested(where))
    .select(({ fn }) => fn.coalesce(sql<number>`sum(s.records)::bigint`, sql<number>`0::bigint`).as('records'));
}

/** `attestedRecords` of every chain that has any, as `n`. */
export function attestedByChain(eb: ExpressionBuilder<Database, 'chains'>) {
  return eb
    .selectFrom('chain_segments as s')
    .where((where) => isAttested(where))
    .groupBy('s.chain_id')
    .select(['s.chain_id', sql<number>`sum(s.records)::bigint`.as('n')]);
}

/** Of every chain that has any, how many findings it is counted with, as `n`. */
export function findingsByChain(eb: ExpressionBuilder<Database, 'chains'>) {
  return standingFindings(eb)
    .groupBy('f.chain_id')
    .select(['f.chain_id', sql<number>`count(*)::bigint`.as('n')]);
}

/** Chains and the findings each is counted with. */
function standingFindings(eb: ExpressionBuilder<Database, 'chains'>) {
  return eb
    .selectFrom('finding_chains as f')
    .innerJoin('findings', 'findings.id', 'f.finding_id')
    .where('findings.superseded_at', 'is', null)
    .where(({ not }) => not(isHidden('findings')));
}

/** Chains with all their figures; narrow it further and run it. */
export function chainRows(ctx: Context) {
  return ctx.db
    .selectFrom('chains')
    .leftJoin('tails', 'tails.chain_id', 'chains.id')
    .selectAll('chains')
    .select([
      'tails.closed_bytes',
      'tails.closed_records',
      'tails.complete_bytes',
      'tails.size_bytes as tail_end',
      'tails.records as tail_records',
      'tails.loaded_records as tail_loaded',
      'tails.opened_at',
      'tails.appended_at',
      'tails.appended_by',
      'tails.lag_bytes',
    ])
    .select((eb) => [
      attestedRecords(eb).as('attested_records'),
      eb
        .selectFrom('chain_segments as s')
        .whereRef('s.chain_id', '=', 'chains.id')
        .select(sql<number>`count(*)::bigint`.as('n'))
        .as('segments'),
      eb
        .selectFrom('chain_segments as s')
        .innerJoin('segment_checks as k', (join) =>
          join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'chains.format'),
        )
        .whereRef('s.chain_id', '=', 'chains.id')
        .select(sql<number>`coalesce(sum(s.records), 0)::bigint`.as('n'))
        .as('verified_records'),
      eb
        .selectFrom('chain_segments as s')
        .whereRef('s.chain_id', '=', 'chains.id')
        .where('s.loaded_generation', 'is not', null)
        .select(sql<number>`coalesce(sum(s.records), 0)::bigint`.as('n'))
        .as('loaded_records'),
      standingFindings(eb)
        .whereRef('f.chain_id', '=', 'chains.id')
        .select(sql<number>`count(*)::bigint`.as('n'))
        .as('finding_count'),
      sql<boolean>`chains.id IN ${DELETED_CHAINS}`.as('deleted'),
      damageCount('chains.id').as('damaged'),
      ANSWERED_VERDICT.as('answered_verdict'),
      // The one that failed most often is what holds it up.
      eb
        .selectFrom('job_failures as j')
        .whereRef('j.chain_id', '=', 'chains.id')
        .orderBy('j.attempts', 'desc')
        .orderBy('j.first_failed_at')
        .limit(1)
        .select(
          sql<{
            kind: JobKind;
            cause: string;
            attempts: number;
          }>`jsonb_build_object('kind', j.kind, 'cause', j.cause, 'attempts', j.attempts)`.as('f'),
        )
        .as('failed'),
    ]);
}

export type ChainRow = Awaited<ReturnType<ReturnType<typeof chainRows>['executeTakeFirstOrThrow']>>;

export function toChain(row: ChainRow): Chain {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    verdict: row.answered_verdict,
    sentence: verdictSentence({
      verdict: row.answered_verdict,
      label: formatById(row.format).label,
      records: row.records,
      firstRecordedAt: row.first_recorded_at,
      lastRecordedAt: row.last_recorded_at,
      problemCounts: row.problem_counts,
    }),
    records: row.records,
    bytes: row.size_bytes,
    head: row.head,
    problemCounts: row.problem_counts,
    firstRecordedAt: row.first_recorded_at,
    lastRecordedAt: row.last_recorded_at,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    segments: row.segments ?? 0,
    attestedRecords: row.attested_records ?? 0,
    findings: row.finding_count ?? 0,
    progress: progressOf(row),
    tail: tailOf(row),
    sealedAt: row.sealed_at?.toISOString() ?? null,
    sealedBy: row.sealed_by,
    deleted: row.deleted,
    referenceVerifier: row.reference_verifier,
    damage: row.damaged
      ? `${row.damaged === 1 ? 'One of its segments is' : `${row.damaged} of its segments are`} not what was received: the stored bytes were altered or are missing. Nothing is served, signed or packaged from them until the genuine bytes are restored or sent again.`
      : null,
    failure: row.failed && failureSentence(row.failed.kind, row.failed.cause),
    stuck: (row.failed?.attempts ?? 0) >= STUCK_AFTER,
  };
}

type OpenPart = Pick<
  ChainRow,
  | 'closed_bytes'
  | 'closed_records'
  | 'complete_bytes'
  | 'tail_end'
  | 'tail_records'
  | 'opened_at'
  | 'appended_at'
  | 'appended_by'
  | 'lag_bytes'
>;

function tailOf({
  closed_bytes: closedBytes,
  closed_records: closedRecords,
  complete_bytes: completeBytes,
  tail_end: end,
  tail_records: records,
  opened_at: openedAt,
  appended_at: appendedAt,
  appended_by: appendedBy,
  lag_bytes: lagBytes,
}: OpenPart): Chain['tail'] {
  if (
    closedBytes === null ||
    closedRecords === null ||
    completeBytes === null ||
    end === null ||
    records === null ||
    openedAt === null ||
    appendedAt === null ||
    end === closedBytes
  )
    return null;
  return {
    openedAt: openedAt.toISOString(),
    appendedAt: appendedAt.toISOString(),
    appendedBy: appendedBy ?? '',
    bytes: end - closedBytes,
    records: Math.max(0, records - closedRecords),
    pendingBytes: end - completeBytes,
    lagBytes,
  };
}

/** Appended records are checked before they are answered. */
function progressOf(row: ChainRow): Chain['progress'] {
  const open = tailOf(row)?.records ?? 0;
  const loaded = Math.min(open, Math.max(0, (row.tail_loaded ?? 0) - (row.closed_records ?? 0)));
  return { verified: (row.verified_records ?? 0) + open, loaded: (row.loaded_records ?? 0) + loaded };
}
