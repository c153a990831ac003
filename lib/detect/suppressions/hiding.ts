import 'server-only';
import { type ExpressionBuilder, type ExpressionWrapper, type Selectable, type SqlBool } from 'kysely';
import type { Context } from '../../context';
import { leastRecords } from '../../core/rules/suppression';
import type { Predicate } from '../../core/rules/rule';
import type { Db, Tx } from '../../db/database';
import type { Database, FindingsTable } from '../../db/schema';
import { isFleetFinding } from '../../db/of-fleet';
import { countLeftOut } from '../../lake/query/left-out';
import { listedRecords } from '../query/listed-records';

/** Findings whose records are held at a time. */
const BATCH = 100;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** What of a finding says whether it is the same that was looked at. */
const LOOKED_AT = ['id', 'rule_digest', 'window_from', 'window_to', 'record_count'] as const;
type Examined = Pick<Selectable<FindingsTable>, (typeof LOOKED_AT)[number]> & {
  /** How many of the records it lists the filter leaves out. */
  leftOut: number;
  /** Whether fewer records are left than any finding of its rule takes. */
  isHidden: boolean;
};

type Narrow = (eb: ExpressionBuilder<Database, 'findings'>) => ExpressionWrapper<Database, 'findings', SqlBool>;

/** Findings that stand of some rules, narrowed, each with what a filter leaves of it; none about what is done here, which nobody hides. */
export async function* examined(
  ctx: Pick<Context, 'lake'>,
  db: Db | Tx,
  { ruleIds, keeps }: { ruleIds: readonly string[]; keeps: Predicate },
  narrow: Narrow,
): AsyncGenerator<Examined, void, undefined> {
  const least = new Map<string, number>();
  for (let after: string | undefined = FIRST; after !== undefined; ) {
    const rows: Pick<Selectable<FindingsTable>, (typeof LOOKED_AT)[number] | 'records' | 'rule_yaml'>[] = await db
      .selectFrom('findings')
      .select([...LOOKED_AT, 'records', 'rule_yaml'])
      .where('superseded_at', 'is', null)
      .where('rule_id', 'in', ruleIds)
      .where(isFleetFinding('findings.id'))
      .where('id', '>', after)
      .where(narrow)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const leftOut = await countLeftOut(
      ctx,
      keeps,
      new Map(rows.map(({ id, records }) => [id, listedRecords(records)])),
    );
    for (const { records: _, rule_yaml: yaml, ...row } of rows) {
      const needed = least.get(row.rule_digest) ?? leastRecords(yaml);
      least.set(row.rule_digest, needed);
      const out = leftOut.get(row.id) ?? 0;
      yield { ...row, leftOut: out, isHidden: out > 0 && row.record_count - out < needed };
    }
    after = rows.length === BATCH ? rows.at(-1)?.id : undefined;
  }
}
