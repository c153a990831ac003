import 'server-only';
import type { z } from 'zod';
import type { Context } from '../../context';
import { type Filter, readFilter } from './read-filter';
import type { SuppressionPreview, SuppressionPreviewRequest } from '../../schemas/suppressions';
import { examined } from './hiding';

const DAY_MS = 86_400_000;
/** Findings that are listed. */
const SHOWN = 50;

type Out = { id: string; leftOut: number; at: Date };

/**
 * Which findings of the last days a filter would have hidden, and which that were confirmed as true, of any time. Nothing is kept.
 * @throws AppError BAD_REQUEST with line and column for what is no filter.
 */
export async function previewSuppression(
  ctx: Context,
  { yaml, days, signal }: z.output<typeof SuppressionPreviewRequest> & { signal?: AbortSignal },
): Promise<SuppressionPreview> {
  const filter = await readFilter(ctx, yaml, signal);
  const to = ctx.now();
  const from = new Date(to.getTime() - days * DAY_MS);
  let seen = 0;
  const out: Out[] = [];
  for await (const { id, isHidden, leftOut, window_to: at } of examined(ctx, ctx.db, asked(filter), (eb) =>
    eb('window_to', '>', from),
  )) {
    seen += 1;
    if (isHidden) out.push({ id, leftOut, at });
    signal?.throwIfAborted();
  }
  return {
    period: { from: from.toISOString(), to: to.toISOString() },
    title: filter.title,
    rules: filter.rules,
    examined: seen,
    findings: out.length,
    items: await shown(ctx, out),
    confirmed: await confirmedAmong(ctx, filter),
  };
}

/** The newest findings confirmed as true that a filter would hide. */
export async function confirmedAmong(ctx: Context, filter: Filter): Promise<SuppressionPreview['confirmed']> {
  const out: Out[] = [];
  for await (const { id, isHidden, leftOut, window_to: at } of examined(ctx, ctx.db, asked(filter), (eb) =>
    eb('verdict', '=', 'true_positive'),
  ))
    if (isHidden) out.push({ id, leftOut, at });
  return shown(ctx, out);
}

const asked = ({ rules, keeps }: Filter) => ({ ruleIds: rules.map(({ id }) => id), keeps });

async function shown({ db }: Context, found: readonly Out[]): Promise<SuppressionPreview['items']> {
  const newest = found.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, SHOWN);
  if (newest.length === 0) return [];
  const rows = await db
    .selectFrom('findings')
    .select(['id', 'rule_id', 'title', 'level', 'status', 'verdict', 'group_values', 'window_from', 'record_count'])
    .where(
      'id',
      'in',
      newest.map(({ id }) => id),
    )
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return newest.flatMap(({ id, leftOut }) => {
    const row = byId.get(id);
    if (!row) return [];
    return [
      {
        id,
        ruleId: row.rule_id,
        title: row.title,
        level: row.level,
        status: row.status,
        verdict: row.verdict,
        group: row.group_values,
        windowFrom: row.window_from.toISOString(),
        recordCount: row.record_count,
        leftOut,
      },
    ];
  });
}
