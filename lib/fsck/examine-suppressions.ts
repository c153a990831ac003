import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { parseSuppression } from '../core/rules/suppression';
import type { SuppressionsTable } from '../db/suppression-tables';
import { IN_FORCE, IS_NOTED } from '../db/suppressed';
import { examined } from '../detect/suppressions/hiding';
import { type Values, compareRow, compareRows } from './compare';
import type { Reporter } from './drift';

type Row = Selectable<SuppressionsTable>;

/**
 * Every suppression has the text of its digest, and the title and rules of that text; each that is in force hides what its filter leaves too few records of.
 * What one hid that has ended is kept as it was then.
 */
export async function examineSuppressions(ctx: Context, report: Reporter): Promise<void> {
  const inForce = new Set(
    (await ctx.db.selectFrom('suppressions as s').select('s.id').where(IN_FORCE).execute()).map(({ id }) => id),
  );
  for (const row of await ctx.db.selectFrom('suppressions').selectAll().orderBy('id').execute()) {
    const place = { chain: null, table: 'suppressions', row: row.id };
    const digest = ctx.hasher.sha256(Buffer.from(row.yaml));
    const said = saidBy(row);
    compareRow(
      report,
      place,
      {
        yaml: digest === row.digest ? row.yaml : `a filter of SHA-256 ${row.digest}`,
        digest,
        title: said?.title ?? row.title,
        rule_ids: said?.ruleIds ?? row.rule_ids,
      },
      row,
    );
    if (said && inForce.has(row.id)) await examineHidden(ctx, row, said.keeps, report);
  }
  await examineOwners(ctx, report);
  await examineNoted(ctx, report);
}

/** Every finding says whether one that is noted hides it. */
async function examineNoted({ db }: Context, report: Reporter): Promise<void> {
  const { rows } = await sql<{ id: string; suppressed: boolean }>`
    SELECT id, suppressed FROM findings WHERE suppressed IS DISTINCT FROM ${IS_NOTED} ORDER BY id`.execute(db);
  for (const { id, suppressed } of rows)
    compareRow(report, { chain: null, table: 'findings', row: id }, { suppressed: !suppressed }, { suppressed });
}

/** What the text says; of rules it names by another name than their id no more is known than that there is one. Null of a text this release does not read. */
function saidBy({ yaml, rule_ids: ruleIds }: Row) {
  try {
    const { title, rules, keeps } = parseSuppression(yaml, 'suppression');
    const ids = new Map(ruleIds.map((id) => [id.toLowerCase(), id]));
    const named = rules.map(({ name }) => ids.get(name.toLowerCase()) ?? null);
    const others = ruleIds.filter((id) => !named.includes(id));
    const unnamed = named.filter((id) => id === null).length;
    const known = ruleIds.filter((id) => named.includes(id) || others.indexOf(id) < unnamed);
    return { title, keeps, ruleIds: known };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function examineHidden(
  ctx: Context,
  { id, rule_ids: ruleIds }: Row,
  keeps: Parameters<typeof examined>[2]['keeps'],
  report: Reporter,
): Promise<void> {
  const expected = new Map<string, Values>();
  for await (const finding of examined(ctx, ctx.db, { ruleIds, keeps }, (eb) => eb.lit(true)))
    if (finding.isHidden) expected.set(`${finding.id} ${id}`, { left_out: finding.leftOut });
  const rows = await ctx.db
    .selectFrom('suppressed_findings as h')
    .innerJoin('findings as f', 'f.id', 'h.finding_id')
    .where('h.suppression_id', '=', id)
    .where('f.superseded_at', 'is', null)
    .select(['h.finding_id', 'h.left_out'])
    .execute();
  const found = new Map(rows.map(({ finding_id: of, left_out: leftOut }) => [`${of} ${id}`, { left_out: leftOut }]));
  compareRows(report, { chain: null, table: 'suppressed_findings' }, expected, found);
}

/** Rows of no finding, or of no suppression. */
async function examineOwners({ db }: Context, report: Reporter): Promise<void> {
  const stray = await db
    .selectFrom('suppressed_findings as h')
    .leftJoin('findings as f', 'f.id', 'h.finding_id')
    .leftJoin('suppressions as s', 's.id', 'h.suppression_id')
    .where((eb) => eb.or([eb('f.id', 'is', null), eb('s.id', 'is', null)]))
    .select(['h.finding_id', 'h.suppression_id', 'h.left_out'])
    .execute();
  compareRows(
    report,
    { chain: null, table: 'suppressed_findings' },
    new Map(),
    new Map(stray.map(({ finding_id: of, suppression_id: by, left_out: leftOut }) => [`${of} ${by}`, { leftOut }])),
  );
}
