import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { parseRuleFile } from '../core/rules/parse';
import type { FindingsTable } from '../db/schema';
import { DELETED_CHAINS } from '../db/deleted-chains';
import { type CatalogRule, catalog } from '../detect/catalog';
import type { Range } from '../detect/range';
import { findingsOfRule } from '../detect/run-rule';
import type { NewFinding } from '../detect/write-findings';
import { ableRules } from '../lake/query/able-rules';
import { matchingRules } from '../lake/query/matching-rules';
import { recordedBetween } from '../lake/query/totals';
import { type Values, asText, compareRow } from './compare';
import { examineSuppressions } from './examine-suppressions';
import type { Reporter } from './drift';

type Row = Selectable<FindingsTable>;

/**
 * Runs every rule again over all that is recorded, and holds what it finds against the findings on record: one that is gone, one nobody's
 * records bear out, one whose level or count was changed. Whether a person closed it cannot be derived from records.
 */
export async function examineFindings(ctx: Context, report: Reporter): Promise<void> {
  const rules = await wholeRules(ctx);
  const span = await spanOf(ctx);
  const times = span ? await matchingRules(ctx, rules, null, span) : new Map<CatalogRule, Range>();
  const able = await ableRules(ctx, times);
  const names = new Map(
    (await ctx.db.selectFrom('chains').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
  );
  const onRecord = new Set(
    (await ctx.db.selectFrom('findings').select('rule_id').distinct().execute()).map(({ rule_id: id }) => id),
  );
  for (const rule of rules) {
    const time = times.get(rule);
    if (!time && !onRecord.has(rule.id)) continue;
    await examineRule(ctx, rule, time && able.has(rule) ? await findingsOfRule(ctx, rule, time) : [], names, report);
  }
  await examineRuns(ctx, rules, report);
  await examineVersions(ctx, report);
  await examineSuppressions(ctx, report);
  for (const { digest, yaml } of await ctx.db.selectFrom('rule_texts').selectAll().execute()) {
    const is = ctx.hasher.sha256(Buffer.from(yaml));
    if (is !== digest)
      compareRow(
        report,
        { chain: null, table: 'rule_texts', row: digest },
        { yaml: `a rule of SHA-256 ${digest}` },
        { yaml: `one of ${is}` },
      );
  }
}

/** A look that was going on when a backfill ended is noted this long after at the latest. */
const SETTLING_MS = 900_000;

/** Rules that run and have looked at everything, not at what is new alone. */
async function wholeRules(ctx: Context): Promise<CatalogRule[]> {
  const rows = await ctx.db
    .selectFrom('rule_backfills')
    .select('rule_digest')
    .where((eb) => eb.or([eb('state', '!=', 'done'), eb('ended_at', '>', new Date(ctx.now().getTime() - SETTLING_MS))]))
    .where((eb) => eb.or([eb('state', '!=', 'done'), eb('records_from', 'is not', null)]))
    .execute();
  const going = new Set(rows.map(({ rule_digest: digest }) => digest));
  return (await catalog(ctx)).filter(({ digest }) => !going.has(digest));
}

/** Rules that people wrote: each has the newest of its versions, and each version the text of its digest and title. */
async function examineVersions(ctx: Context, report: Reporter): Promise<void> {
  const newest = new Map<string, number>();
  for (const row of await ctx.db.selectFrom('rule_versions').selectAll().orderBy('version').execute()) {
    newest.set(row.rule_id, row.version);
    const place = { chain: null, table: 'rule_versions', row: `${row.rule_id} ${row.version}` };
    const digest = ctx.hasher.sha256(Buffer.from(row.yaml));
    const expected = digest === row.digest ? row.yaml : `a rule of SHA-256 ${row.digest}`;
    compareRow(report, place, { yaml: expected, digest, title: titleOf(row.yaml) ?? row.title }, row);
  }
  for (const { id, version } of await ctx.db.selectFrom('own_rules').selectAll().execute())
    compareRow(report, { chain: null, table: 'own_rules', row: id }, { version: newest.get(id) ?? null }, { version });
}

/** Null of a text this release does not read. */
function titleOf(yaml: string): string | null {
  try {
    return parseRuleFile(yaml, 'rule').title;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function spanOf(ctx: Context): Promise<Range | null> {
  const span = await recordedBetween(ctx, 'all');
  return span && { from: span.first, to: new Date(span.last.getTime() + 1) };
}

async function examineRule(
  ctx: Context,
  rule: CatalogRule,
  findings: readonly NewFinding[],
  names: ReadonlyMap<string, string>,
  report: Reporter,
): Promise<void> {
  const rows = await ctx.db.selectFrom('findings').selectAll().where('rule_id', '=', rule.id).execute();
  // Of these the records are gone, or some of them.
  const unprovable = new Set(
    (
      await ctx.db
        .selectFrom('finding_chains')
        .select('finding_id')
        .where('chain_id', 'in', DELETED_CHAINS)
        .distinct()
        .execute()
    ).map(({ finding_id: id }) => id),
  );
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  for (const { row: wanted, chains } of findings) {
    const [first = ''] = chains.keys();
    const chain = names.get(first) ?? null;
    const key = keyOf({ group_key: wanted.group_key, window_from: new Date(wanted.window_from) });
    const row = byKey.get(key);
    byKey.delete(key);
    if (row && unprovable.has(row.id)) continue;
    if (!row) {
      report.drift({
        kind: 'row-missing',
        chain,
        what: `findings: ${rule.title}, ${key}`,
        expected: 'a finding',
        found: 'none',
        at: { table: 'findings', row: key, column: '*' },
      });
      continue;
    }
    const place = { chain, table: 'findings', row: row.id };
    compareRow(report, place, { ...plain(wanted), superseded_at: null }, row);
    const links = await ctx.db.selectFrom('finding_chains').selectAll().where('finding_id', '=', row.id).execute();
    for (const [chainId, ordinals] of chains) {
      const link = links.find((one) => one.chain_id === chainId);
      compareRow(
        report,
        { chain, table: 'finding_chains', row: `${row.id} ${chainId}` },
        { chain_id: chainId, ordinals },
        link ?? {},
      );
    }
    for (const link of links)
      if (!chains.has(link.chain_id))
        report.drift({
          kind: 'row-unfounded',
          chain,
          what: `finding_chains ${row.id} ${link.chain_id}`,
          expected: 'no such row',
          found: 'one',
          at: { table: 'finding_chains', row: `${row.id} ${link.chain_id}`, column: '*' },
        });
  }
  for (const [key, row] of byKey)
    if (row.superseded_at === null && !unprovable.has(row.id))
      report.drift({
        kind: 'row-unfounded',
        chain: null,
        what: `findings ${row.id}: ${row.title}, ${key}`,
        expected: 'records that bear it out',
        found: 'none',
        at: { table: 'findings', row: row.id, column: '*' },
      });
}

function keyOf({ group_key: group, window_from: from }: Pick<Row, 'group_key' | 'window_from'>): string {
  return `${group} from ${from.toISOString()}`;
}

/** A finding as its row is read back: JSON is values there. */
function plain(wanted: NewFinding['row']): Values {
  const { group_values: groups, records, measures, ...rest } = wanted;
  return { ...rest, group_values: JSON.parse(groups), records: JSON.parse(records), measures: JSON.parse(measures) };
}

/** What ran over each chain as it stands. How much it found then may have been found of another chain since. */
async function examineRuns(ctx: Context, rules: readonly CatalogRule[], report: Reporter): Promise<void> {
  const chains = await ctx.db
    .selectFrom('chains')
    .select(['id', 'name', 'generation'])
    .whereRef('detected_generation', '=', 'generation')
    .where('generation', '>', 0)
    .execute();
  for (const chain of chains) {
    const runs = await ctx.db
      .selectFrom('rule_runs')
      .selectAll()
      .where('chain_id', '=', chain.id)
      .where('generation', '=', chain.generation)
      .execute();
    for (const rule of runs.length === 0 ? [] : rules) {
      const isThere = runs.some(({ rule_id: id }) => id === rule.id);
      if (!isThere)
        report.drift({
          kind: 'row-missing',
          chain: chain.name,
          what: `rule_runs of ${chain.name}: ${rule.title}`,
          expected: 'a run',
          found: 'none',
          at: { table: 'rule_runs', row: `${chain.id} ${rule.id}`, column: '*' },
        });
    }
    for (const run of runs) {
      const rule = rules.find(({ id }) => id === run.rule_id);
      const place = { chain: chain.name, table: 'rule_runs', row: run.id };
      if (!rule || rule.digest !== run.rule_digest) {
        // A rule may have been changed, or taken out, since it ran.
        if (!rule && rules.some(({ digest }) => digest === run.rule_digest))
          compareRow(report, place, { rule_id: rules.find(({ digest }) => digest === run.rule_digest)?.id }, run);
        continue;
      }
      compareRow(report, place, { rule_name: rule.title, rule_id: rule.id }, run);
      if (run.window_from >= run.window_to)
        compareRow(report, place, { window_to: `after ${asText(run.window_from)}` }, run);
    }
  }
}
