import 'server-only';
import type { z } from 'zod';
import type { Context } from '../../context';
import { type Hit } from '../../core/rules/kinds/hits';
import { type Part, partsOf } from '../../core/rules/parts';
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

type Found = { part: Part; hit: Hit };

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
  const newest: Found[] = [];
  const byDay = new Map<string, number>();
  let findings = 0;
  let isAll = true;
  for (const part of partsOf(rule)) {
    const ofPart: Found[] = [];
    for await (const hit of previewHits(ctx, part, period, asked)) {
      if (findings === MOST_PREVIEWED_FINDINGS) {
        isAll = false;
        break;
      }
      findings += 1;
      const day = new Date(Math.floor((hit.windowToUs - 1) / 1000)).toISOString().slice(0, 10);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
      ofPart.push({ part, hit: { ...hit, records: hit.records.slice(0, MOST_PREVIEWED_RECORDS) } });
      if (ofPart.length > MOST_PREVIEWED) ofPart.shift();
    }
    newest.push(...ofPart);
  }
  // The hits of each part are by where their windows begin.
  const last = newest.toSorted((a, b) => b.hit.windowFromUs - a.hit.windowFromUs).slice(0, MOST_PREVIEWED);
  const items = await shown(ctx, rule, last, asked);
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
  hits: readonly Found[],
  asked: { run?: string | undefined; signal?: AbortSignal | undefined },
): Promise<RulePreview['items']> {
  const places = hits.map(({ hit: { records } }) =>
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
  return hits.map(({ part, hit }, index) => {
    const { row } = toFinding(rule, part, hit);
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
