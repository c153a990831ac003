import 'server-only';
import { sql } from 'kysely';
import type { ProblemCode } from '../core/chain/problem';
import type { AlarmKind } from '../core/chain/tail-alarm';
import type { Observation } from '../core/rules/integrity/observation';
import type { Db } from '../db/database';
import { unsigned } from '../ops/unattested';

/** A sender that said it had more to send, and sent nothing for so long, stands still. */
const STALLED_MS = 15 * 60_000;
/** Alarms that are taken up at once; what more there are come next. */
const MOST_ALARMS = 1_000;

/** Something seen of a chain. It lasts, until it is so no more, or it happened at a moment, by which it is told from others of its kind. */
export type Seen = { chainId: string; chain: string; of: Observation; happened: { id: string; at: Date } | null };

/** What is so of chains as they stand, beside what their records say: of these problems, and whom they wait for. */
export async function seenOfChains(db: Db, problems: readonly ProblemCode[], now: Date): Promise<Seen[]> {
  const [broken, stalled, { overdue }] = await Promise.all([
    sql<{ id: string; name: string; code: ProblemCode }>`
      SELECT c.id, c.name, p.code FROM chains c CROSS JOIN LATERAL jsonb_object_keys(c.problem_counts) AS p (code)
      WHERE c.problem_counts ?| ${[...problems]}::text[] AND p.code = ANY (${[...problems]}::text[])`.execute(db),
    db
      .selectFrom('tails as t')
      .innerJoin('chains as c', 'c.id', 't.chain_id')
      .where('t.lag_bytes', '>', 0)
      .where('t.appended_at', '<', new Date(now.getTime() - STALLED_MS))
      .select(['c.id', 'c.name'])
      .execute(),
    unsigned(db, now),
  ]);
  return [
    ...broken.rows.map(({ id, name, code }): Seen => seen(id, name, { field: 'problem', value: code })),
    ...stalled.map(({ id, name }): Seen => seen(id, name, { field: 'waiting', value: 'sender' })),
    ...overdue.map(({ chainId, chain }): Seen => seen(chainId, chain, { field: 'waiting', value: 'attestation' })),
  ];
}

/** Alarms that are no finding of these rules yet, oldest first. */
export async function newAlarms(db: Db, ruleIds: readonly string[]): Promise<Seen[]> {
  const { rows } = await sql<{ id: string; kind: AlarmKind; raised_at: Date; chain_id: string; name: string }>`
    SELECT a.id, a.kind, a.raised_at, c.id AS chain_id, c.name FROM tail_alarms a JOIN chains c ON c.id = a.chain_id
    WHERE NOT EXISTS (SELECT FROM findings f
      WHERE f.rule_id = ANY (${[...ruleIds]}::text[]) AND f.group_key = '["' || a.chain_id || '","' || a.id || '"]')
    ORDER BY a.received_at, a.id LIMIT ${MOST_ALARMS}`.execute(db);
  return rows.map(({ id, kind, raised_at: at, chain_id: chainId, name }) => ({
    ...seen(chainId, name, { field: 'alarm', value: kind }),
    happened: { id, at },
  }));
}

function seen(chainId: string, chain: string, of: Observation): Seen {
  return { chainId, chain, of, happened: null };
}
