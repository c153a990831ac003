import 'server-only';
import { sql } from 'kysely';
import type { ProblemCode } from '../core/chain/problem';
import type { Observation } from '../core/rules/integrity/observation';
import type { Db } from '../db/database';
import { unsigned } from '../ops/unattested';

/** A sender that said it had more to send, and sent nothing for so long, stands still. */
const STALLED_MS = 15 * 60_000;
/** Alarms are looked at until they are this old. */
const ALARMS_MS = 30 * 24 * 3600_000;

/** Something seen of a chain. It lasts, until it is so no more, or it happened at a moment, by which it is told from others of its kind. */
export type Seen = { chainId: string; chain: string; of: Observation; happened: { id: string; at: Date } | null };

/** What is seen of chains beside what their records say: of these problems, and all that is not of a problem. */
export async function seenOfChains(db: Db, problems: readonly ProblemCode[], now: Date): Promise<Seen[]> {
  const [broken, alarms, stalled, { overdue }] = await Promise.all([
    sql<{ id: string; name: string; code: ProblemCode }>`
      SELECT c.id, c.name, p.code FROM chains c CROSS JOIN LATERAL jsonb_object_keys(c.problem_counts) AS p (code)
      WHERE c.problem_counts ?| ${[...problems]}::text[] AND p.code = ANY (${[...problems]}::text[])`.execute(db),
    db
      .selectFrom('tail_alarms as a')
      .innerJoin('chains as c', 'c.id', 'a.chain_id')
      .where('a.received_at', '>', new Date(now.getTime() - ALARMS_MS))
      .select(['a.id', 'a.kind', 'a.raised_at', 'c.id as chain_id', 'c.name'])
      .execute(),
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
    ...alarms.map(
      ({ id, kind, raised_at: at, chain_id: chainId, name }): Seen => ({
        ...seen(chainId, name, { field: 'alarm', value: kind }),
        happened: { id, at },
      }),
    ),
    ...stalled.map(({ id, name }): Seen => seen(id, name, { field: 'waiting', value: 'sender' })),
    ...overdue.map(({ chainId, chain }): Seen => seen(chainId, chain, { field: 'waiting', value: 'attestation' })),
  ];
}

function seen(chainId: string, chain: string, of: Observation): Seen {
  return { chainId, chain, of, happened: null };
}
