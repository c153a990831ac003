import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { ALARM_KINDS } from '../core/chain/tail-alarm';
import { FINDING_STATUSES } from '../core/findings/finding';
import { LEVELS } from '../core/rules/rule';
import { activityState } from '../db/activity-state';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { isFleetFinding, isOfFleet } from '../db/of-fleet';
import { STUCK_AFTER } from '../db/job-failures';
import { JOB_KINDS } from '../queue/kinds';
import { evidenceState } from '../integrity/evidence-state';
import { counter, escaped, gauge } from './exposition';
import { failingDestinations } from './failing-destinations';
import { unattested } from './unattested';

/** Chains that have a series of their own, those furthest behind. */
const MOST_CHAINS = 1_000;

/** Prometheus text exposition: what this process counted, and how the whole installation stands. @throws when the database does not answer. */
export async function renderMetrics(ctx: Context): Promise<{ contentType: string; text: string }> {
  const own = await ctx.meter.registry.metrics();
  const series = await Promise.all([
    jobSeries(ctx),
    tailSeries(ctx),
    evidenceSeries(ctx),
    chainSeries(ctx),
    attestationSeries(ctx),
    logSeries(ctx),
    notificationSeries(ctx),
    findingSeries(ctx),
    activitySeries(ctx),
  ]);
  return { contentType: ctx.meter.registry.contentType, text: `${own}\n${series.flat().join('\n')}\n` };
}

async function jobSeries(ctx: Context): Promise<string[]> {
  const [jobs, failed] = await Promise.all([
    sql<{ name: string; waiting: number; age: number }>`
      SELECT name, count(*)::int AS waiting, coalesce(extract(epoch FROM now() - min(created_on)), 0)::float8 AS age
      FROM ${sql.table('pgboss.job')} WHERE state IN ('created', 'retry') GROUP BY name ORDER BY name`.execute(ctx.db),
    sql<{ kind: string; stuck: number; failing: number; age: number }>`
      SELECT kind, count(*) FILTER (WHERE attempts >= ${STUCK_AFTER})::int AS stuck, count(*)::int AS failing,
        coalesce(extract(epoch FROM ${ctx.now()}::timestamptz - min(first_failed_at) FILTER (WHERE attempts >= ${STUCK_AFTER})), 0)::float8 AS age
      FROM job_failures GROUP BY kind`.execute(ctx.db),
  ]);
  return [
    ...gauge(
      'sealtrail_queue_waiting_jobs',
      'Jobs that have not started',
      jobs.rows.map(({ name, waiting }) => [`kind="${name}"`, waiting]),
    ),
    ...gauge(
      'sealtrail_queue_oldest_seconds',
      'Age of the oldest job that has not started',
      jobs.rows.map(({ name, age }) => [`kind="${name}"`, age]),
    ),
    ...gauge(
      'sealtrail_failing_jobs',
      'Jobs that failed last time and are tried again',
      JOB_KINDS.map((kind) => [`kind="${kind}"`, failed.rows.find((row) => row.kind === kind)?.failing ?? 0]),
    ),
    ...gauge(
      'sealtrail_stuck_jobs',
      'Jobs that failed so often that they need attention',
      JOB_KINDS.map((kind) => [`kind="${kind}"`, failed.rows.find((row) => row.kind === kind)?.stuck ?? 0]),
    ),
    ...gauge('sealtrail_stuck_oldest_seconds', 'Since the job that is stuck longest failed first', [
      ['', Math.max(0, ...failed.rows.map(({ age }) => age))],
    ]),
  ];
}

async function tailSeries(ctx: Context): Promise<string[]> {
  const [tails, behind, alarms] = await Promise.all([
    sql<{ tails: number; open: number; lag: number; quiet: number }>`
      SELECT count(*)::int AS tails, coalesce(sum(size_bytes - closed_bytes), 0)::bigint AS open,
        coalesce(max(complete_bytes - greatest(loaded_bytes, closed_bytes)), 0)::bigint AS lag,
        coalesce(extract(epoch FROM now() - min(appended_at)), 0)::float8 AS quiet
      FROM tails WHERE size_bytes > closed_bytes AND ${isOfFleet('chain_id')}`.execute(ctx.db),
    ctx.db
      .selectFrom('tails as t')
      .innerJoin('chains as c', 'c.id', 't.chain_id')
      .where('t.lag_bytes', 'is not', null)
      .orderBy('t.lag_bytes', 'desc')
      .limit(MOST_CHAINS)
      .select(['c.name', 't.lag_bytes'])
      .execute(),
    ctx.db
      .selectFrom('tail_alarms')
      .select(['kind', ({ fn }) => fn.countAll<number>().as('alarms')])
      .groupBy('kind')
      .orderBy('kind')
      .execute(),
  ]);
  const tail = tails.rows[0];
  return [
    ...gauge('sealtrail_open_tails', 'Chains with an open segment', [['', tail?.tails ?? 0]]),
    ...gauge('sealtrail_open_bytes', 'Bytes in open segments', [['', tail?.open ?? 0]]),
    ...gauge('sealtrail_tail_lag_bytes', 'Bytes of the chain that is furthest behind in the lake', [
      ['', tail?.lag ?? 0],
    ]),
    ...gauge('sealtrail_tail_quiet_seconds', 'Since the open segment that waits longest was appended to', [
      ['', tail?.quiet ?? 0],
    ]),
    ...gauge(
      'sealtrail_forwarder_lag_bytes',
      'Bytes the sender of a growing chain has still to send, as it last reported',
      behind.map(({ name, lag_bytes: lag }) => [`chain="${escaped(name)}"`, lag ?? 0]),
    ),
    ...counter(
      'sealtrail_tail_alarms_total',
      'What forwarders saw happen to their logs',
      ALARM_KINDS.map((kind) => [`kind="${kind}"`, alarms.find((row) => row.kind === kind)?.alarms ?? 0]),
    ),
  ];
}

async function evidenceSeries(ctx: Context): Promise<string[]> {
  const stored = await evidenceState(ctx);
  return [
    ...gauge(
      'sealtrail_evidence_damaged',
      'Evidence objects and open segments that do not read back as what was stored',
      Object.entries(stored.damaged).map(([kind, count]) => [`kind="${kind}"`, count]),
    ),
    ...gauge(
      'sealtrail_evidence_pass_age_seconds',
      'Since the last pass that read all evidence back ended; none before the first',
      stored.lastPass ? [['', (ctx.now().getTime() - Date.parse(stored.lastPass.endedAt)) / 1000]] : [],
    ),
    ...gauge('sealtrail_evidence_pass_bytes', 'Bytes read back by the pass over all evidence', [
      ['pass="last"', stored.lastPass?.bytes ?? 0],
      ['pass="current"', stored.sweep?.bytes ?? 0],
    ]),
  ];
}

async function chainSeries(ctx: Context): Promise<string[]> {
  const chains = await ctx.db
    .selectFrom('chains')
    .where(isOfFleet('chains.id'))
    .select([ANSWERED_VERDICT.as('verdict'), ({ fn }) => fn.countAll<number>().as('chains')])
    .groupBy(ANSWERED_VERDICT)
    .orderBy('verdict')
    .execute();
  return [
    ...gauge(
      'sealtrail_chains',
      'Chains by verdict',
      chains.map(({ verdict, chains: count }) => [`verdict="${verdict}"`, count]),
    ),
  ];
}

async function attestationSeries(ctx: Context): Promise<string[]> {
  const bare = await unattested(ctx.db, ctx.now());
  return [
    ...gauge('sealtrail_unattested_records', 'Records under no signed attestation', [['', bare.records]]),
    ...gauge(
      'sealtrail_unattested_oldest_seconds',
      'Since the oldest record under no signed attestation was received',
      [['', bare.oldestSeconds]],
    ),
    ...gauge(
      'sealtrail_unattested_overdue_chains',
      'Chains whose oldest record under no attestation is older than their policy allows',
      [['', bare.overdue.length]],
    ),
    ...gauge('sealtrail_attestation_requests', 'Requests that are not signed', [
      ['state="waiting"', bare.waiting],
      ['state="failed"', bare.failed],
    ]),
  ];
}

async function logSeries(ctx: Context): Promise<string[]> {
  const log = await transparencyLog(ctx);
  return [
    ...gauge('sealtrail_log_entries', 'Entries of the transparency log', [['', log.entries]]),
    ...gauge('sealtrail_log_unpublished_entries', 'Entries of the transparency log under no signed head yet', [
      ['', log.entries - log.signed],
    ]),
    ...gauge(
      'sealtrail_log_witness_lag_entries',
      'Entries under the newest signed head that a witness has not cosigned',
      log.witnesses.map(({ name, size }) => [`witness="${escaped(name)}"`, log.signed - size]),
    ),
  ];
}

async function notificationSeries(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ state: string; count: number; age: number }>`
    SELECT state, count(*)::int AS count, coalesce(extract(epoch FROM ${ctx.now()}::timestamptz - min(created_at)), 0)::float8 AS age
    FROM notification_deliveries WHERE kind <> 'test' AND state IN ('waiting', 'failed') GROUP BY state`.execute(
    ctx.db,
  );
  const of = (state: string) => rows.find((row) => row.state === state);
  const { total } = await failingDestinations(ctx, 1);
  return [
    ...gauge('sealtrail_notifications', 'Messages that did not arrive yet, or were given up', [
      ['state="waiting"', of('waiting')?.count ?? 0],
      ['state="failed"', of('failed')?.count ?? 0],
    ]),
    ...gauge('sealtrail_notifications_oldest_seconds', 'Age of the oldest message that waits', [
      ['', of('waiting')?.age ?? 0],
    ]),
    ...gauge(
      'sealtrail_notification_destinations_failing',
      'Destinations that failed so often in a row that they need attention',
      [['', total]],
    ),
  ];
}

async function activitySeries({ db }: Context): Promise<string[]> {
  const { waiting, oldestSeconds, isRefusing, differences } = await activityState(db);
  return [
    ...gauge('sealtrail_activity_waiting_lines', 'Actions that are not in evidence yet', [['', waiting]]),
    ...gauge('sealtrail_activity_oldest_seconds', 'Age of the first of the actions that are not in evidence yet', [
      ['', oldestSeconds],
    ]),
    ...gauge('sealtrail_activity_refusing', 'Whether actions are refused since too many wait, or one for too long', [
      ['', isRefusing ? 1 : 0],
    ]),
    ...gauge(
      'sealtrail_activity_differences',
      'Rows of the database that were not what the chain of actions says, when they were compared last',
      [['', differences]],
    ),
  ];
}

/** Every status and level has its series, so that what is none is told as 0. */
async function findingSeries({ db }: Context): Promise<string[]> {
  const rows = await db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .where(isFleetFinding('findings.id'))
    .groupBy(['status', 'level'])
    .select(['status', 'level', ({ fn }) => fn.countAll<number>().as('findings')])
    .execute();
  return gauge(
    'sealtrail_findings',
    'Findings that stand in the records as they are now, by status and level',
    FINDING_STATUSES.flatMap((status) =>
      LEVELS.map((level): [string, number] => [
        `status="${status}",level="${level}"`,
        Number(rows.find((row) => row.status === status && row.level === level)?.findings ?? 0),
      ]),
    ),
  );
}

async function transparencyLog(
  ctx: Context,
): Promise<{ entries: number; signed: number; witnesses: { name: string; size: number }[] }> {
  const [{ rows }, cosigned] = await Promise.all([
    sql<{
      entries: number;
      signed: number;
    }>`SELECT (SELECT coalesce(max(index) + 1, 0) FROM log_entries) AS entries, (SELECT coalesce(max(size), 0) FROM log_checkpoints) AS signed`.execute(
      ctx.db,
    ),
    ctx.db.selectFrom('log_witnesses').select(['verifier_key', 'size']).execute(),
  ]);
  const witnesses = ctx.env.witnesses.map(({ key, verifierKey }) => ({
    name: key.name,
    size: cosigned.find((row) => row.verifier_key === verifierKey)?.size ?? 0,
  }));
  return { entries: rows[0]?.entries ?? 0, signed: rows[0]?.signed ?? 0, witnesses };
}
