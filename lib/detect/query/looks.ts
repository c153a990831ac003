import 'server-only';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Db } from '../../db/database';
import { decodeCursor, encodeCursor } from '../../db/cursor';
import type { Page, Period } from '../../schemas/common';
import type { RuleRun } from '../../schemas/rules';

/** One look of the rules, or the looks of an hour or a day as they are kept later; it is of the period that its last look lies in. */
export type RuleLook = Pick<RuleRun, 'id' | 'because' | 'looks' | 'firstAt' | 'at' | 'window' | 'chains' | 'records'> &
  LookCounts & { /** Rules that looked together. */ rules: number };

/** Over the rules that had records there: how often one ran, could not find anything in so few, or failed, and its findings. */
type LookCounts = {
  ran: number;
  /** Runs of rules that found nothing in this look. */
  ranWithoutFinding: number;
  unable: number;
  failed: number;
  findings: number;
};

const COUNTS = sql`coalesce(sum(r.ran), 0)::bigint AS ran, coalesce(sum(r.ran) FILTER (WHERE r.findings = 0), 0)::bigint AS "ranWithoutFinding",
  coalesce(sum(r.unable), 0)::bigint AS unable, coalesce(sum(r.failed), 0)::bigint AS failed, coalesce(sum(r.findings), 0)::bigint AS findings`;
const IN_PERIOD = ({ from, to }: Period) =>
  sql<boolean>`l.looked_at >= ${new Date(from)} AND l.looked_at < ${new Date(to)}`;
const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

/** What all looks of a period come to. */
export async function looksIn(db: Db, period: Period): Promise<{ looks: number } & LookCounts> {
  const [{ rows: looked }, { rows: came }] = await Promise.all([
    sql<{
      looks: number;
    }>`SELECT coalesce(sum(l.looks), 0)::bigint AS looks FROM rule_looks l WHERE ${IN_PERIOD(period)}`.execute(db),
    sql<LookCounts>`SELECT ${COUNTS} FROM rule_looks l JOIN rule_look_results r ON r.look_id = l.id WHERE ${IN_PERIOD(period)}`.execute(
      db,
    ),
  ]);
  const none = { ran: 0, ranWithoutFinding: 0, unable: 0, failed: 0, findings: 0 };
  return { looks: looked[0]?.looks ?? 0, ...(came[0] ?? none) };
}

/** Every look of a period, the newest first. */
export async function listLooks(
  db: Db,
  { period, cursor, limit }: { period: Period; cursor?: string | undefined; limit: number },
): Promise<Page<RuleLook>> {
  const [at, id] = cursor ? decodeCursor(Cursor, cursor) : [];
  const behind = at && id ? sql<boolean>`(l.looked_at, l.id) < (${at}::timestamptz, ${id}::uuid)` : sql<boolean>`true`;
  type Row = LookCounts &
    Pick<RuleLook, 'id' | 'because' | 'looks' | 'chains' | 'records' | 'rules'> & {
      first: Date;
      last: Date;
      place: string;
      window_from: Date | null;
      window_to: Date | null;
    };
  const { rows } = await sql<Row>`
    SELECT l.id, l.how AS because, l.looks, l.first_looked_at AS first, l.looked_at AS last, l.window_from, l.window_to, l.chains, l.records,
      to_char(l.looked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
      (SELECT count(*) FROM rule_sets s WHERE s.digest = l.rule_set)::int AS rules, came.*
    FROM rule_looks l CROSS JOIN LATERAL (SELECT ${COUNTS} FROM rule_look_results r WHERE r.look_id = l.id) AS came
    WHERE ${IN_PERIOD(period)} AND ${behind} ORDER BY l.looked_at DESC, l.id DESC LIMIT ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(({ first, last: at, place: _, window_from: from, window_to: to, ...look }) => ({
      ...look,
      firstAt: first.toISOString(),
      at: at.toISOString(),
      window: from && to ? { from: from.toISOString(), to: to.toISOString() } : null,
    })),
    nextCursor: last ? encodeCursor([last.place, last.id]) : null,
  };
}
