import 'server-only';
import type { z } from 'zod';
import type { Context } from '../../context';
import { type Hit } from '../../core/rules/kinds/hits';
import { instantOfMicros } from '../../core/time';
import { type Place, previewHits, recordsIn, shownAt } from '../../lake/query/preview-rule';
import {
  MOST_PREVIEWED,
  MOST_PREVIEWED_FINDINGS,
  MOST_PREVIEWED_RECORDS,
  type RulePreview,
  type RulePreviewRequest,
} from '../../schemas/rules';
import type { CatalogRule } from '../catalog';
import { toFinding } from '../hit';
import { readRule } from './read-rule';

const DAY_MS = 24 * 3600_000;

/**
 * What a text would have found as a rule over the last days. Nothing is kept.
 * @throws AppError BAD_REQUEST with line and column for what is no rule; SEARCH_TOO_LARGE.
 */
export async function previewRule(
  ctx: Context,
  { yaml, days, run, signal }: z.output<typeof RulePreviewRequest> & { signal?: AbortSignal },
): Promise<RulePreview> {
  const rule = await readRule(ctx, yaml, 'rule', signal);
  const begunMs = performance.now();
  const to = ctx.now();
  const period = { from: new Date(to.getTime() - days * DAY_MS).toISOString(), to: to.toISOString() };
  const asked = { run, signal };
  const newest: Hit[] = [];
  const byDay = new Map<string, number>();
  let findings = 0;
  let isAll = true;
  for await (const hit of previewHits(ctx, rule, period, asked)) {
    if (findings === MOST_PREVIEWED_FINDINGS) {
      isAll = false;
      break;
    }
    findings += 1;
    const day = new Date(Math.floor((hit.windowToUs - 1) / 1000)).toISOString().slice(0, 10);
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
    newest.push({ ...hit, records: hit.records.slice(0, MOST_PREVIEWED_RECORDS) });
    if (newest.length > MOST_PREVIEWED) newest.shift();
  }
  const items = await shown(ctx, rule, newest.toReversed(), asked);
  const records = await recordsIn(ctx, period, asked);
  return {
    period,
    findings,
    isAll,
    days: [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, findings: count })),
    items,
    cost: { elapsedMs: Math.round(performance.now() - begunMs), records },
  };
}

/** Hits as they are shown, with what their records did. */
async function shown(
  ctx: Context,
  rule: CatalogRule,
  hits: readonly Hit[],
  asked: { run?: string | undefined; signal?: AbortSignal | undefined },
): Promise<RulePreview['items']> {
  const places = hits.map(({ records }) =>
    records.map(
      ({ place: [chainId, ordinal], tUs }): Place => ({
        chainId,
        ordinal,
        recordedAt: instantOfMicros(tUs),
      }),
    ),
  );
  const keyOf = ({ chainId, ordinal }: Pick<Place, 'chainId' | 'ordinal'>) => `${chainId} ${ordinal}`;
  const byPlace = new Map((await shownAt(ctx, places.flat(), asked)).map((record) => [keyOf(record), record]));
  const ids = [...new Set(places.flat().map(({ chainId }) => chainId))];
  const names = new Map(
    (ids.length === 0
      ? []
      : await ctx.db.selectFrom('chains').select(['id', 'name']).where('id', 'in', ids).execute()
    ).map(({ id, name }) => [id, name]),
  );
  return hits.map((hit, index) => {
    const { row } = toFinding(rule, hit);
    return {
      level: row.level,
      group: JSON.parse(row.group_values),
      windowFrom: new Date(row.window_from).toISOString(),
      windowTo: new Date(row.window_to).toISOString(),
      measures: JSON.parse(row.measures),
      recordCount: row.record_count,
      records: (places[index] ?? []).flatMap((place) => {
        const record = byPlace.get(keyOf(place));
        return record ? [{ ...record, chain: names.get(place.chainId) ?? '', recordedAt: place.recordedAt }] : [];
      }),
    };
  });
}
