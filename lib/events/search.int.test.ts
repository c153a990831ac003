import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS, DECISIONS } from '../core/event/fields';
import type { EventSort } from '../core/event/table-columns';
import { SEARCH_FIELDS } from '../core/search/fields';
import { type SearchedRecord, matchesSearch } from '../core/search/matches';
import { parseSearch } from '../core/search/parse';
import { encodeCursor } from '../db/cursor';
import type { LakeValue } from '../lake/event-row';
import { nativeBlock } from '../lake/native-block';
import { insertBlockInto } from '../lake/write';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { eventFacets } from './event-facets';
import { eventHistogram } from './event-histogram';
import { searchEvents } from './search-events';

type Chain = { id: string; name: string };
const PERIOD = { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
const CHAINS: [Chain, Chain] = [
  { id: '01890000-0000-7000-8000-000000000001', name: 'prod/Claude' },
  { id: '01890000-0000-7000-8000-000000000002', name: 'laptop 7' },
];
const TEXTS = [
  '',
  'bash',
  'Bash',
  'drop_table',
  'claude-code',
  '/srv/App/.env',
  '/srv/app/.env.local',
  'rm -rf *',
  '100%',
  'a?b',
  'Grüße',
  'İstanbul',
  'naïve "quoted"',
  'back\\slash',
  'two\nlines',
  '日本語',
  '😀 ok',
  'café bar',
];

type Row = Record<string, LakeValue>;
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  const now = installation.ctx.now();
  await installation.ctx.db
    .insertInto('chains')
    .values(
      CHAINS.map(({ id, name }) => ({
        id,
        name,
        format: 'occasio' as const,
        generation: 0,
        records: 0,
        size_bytes: 0,
        created_at: now,
        updated_at: now,
      })),
    )
    .execute();
});
afterAll(() => installation?.stop());

const text = fc.constantFrom(...TEXTS);
const row: fc.Arbitrary<Row> = fc.record({
  chain_id: fc.constantFrom(...CHAINS.map(({ id }) => id)),
  segment_digest: fc.constantFrom('', 'd'.repeat(64)),
  recorded_at: fc
    .tuple(fc.integer({ min: 0, max: 30 * 24 * 3600 }), fc.constantFrom(0, 1, 500_000, 999_999))
    .map(
      ([s, us]) =>
        `${new Date(Date.UTC(2026, 4, 1) + s * 1000).toISOString().slice(0, 19)}.${String(us).padStart(6, '0')}Z`,
    ),
  kind: text,
  agent: text,
  session_id: text,
  run_id: text,
  tool: text,
  decision: fc.constantFrom(...DECISIONS),
  reason: text,
  policy: text,
  target: text,
  protocol: text,
  model: text,
  secrets_redacted: fc.constantFrom(0, 1, 7),
  input_tokens: fc.constantFrom(0, 5, 100_000),
  output_tokens: fc.constantFrom(0, 5),
  cost_usd: fc.constantFrom(0, 0.5, 0.25, 3),
  latency_ms: fc.constantFrom(0, 10, 250),
  original_decision: text,
  reason_code: text,
  policy_digest: text,
  resource_class: text,
  host: text,
  actor: text,
  delegator: text,
  upstream_status: fc.constantFrom(0, 200, 502),
  flags: text,
  argument_shape: text,
  extra: text,
  sequence: fc.constantFrom(null, 1, 12),
  integrity: fc.constantFrom('ok', 'hash-mismatch'),
});

/** Rows of the lake, each there twice as when a process was killed between two steps. */
async function load(rows: readonly Row[]): Promise<Row[]> {
  const { ctx } = installation;
  await ctx.lake.command({ query: 'TRUNCATE TABLE events' });
  const placed = rows.map((one, index) => ({
    ...one,
    segment_index: 0,
    ordinal: index,
    line: index + 1,
    byte_offset: index * 100,
    byte_length: 99,
    format: 'occasio',
    hash: `${index}`.padStart(64, 'a'),
    prev_hash: '',
  }));
  const values = placed.map((one: Row) => ({
    chainId: String(one['chain_id']),
    ordinal: Number(one['ordinal']),
    byteLength: 99,
    values: COLUMNS.map(({ name }) =>
      name === 'recorded_at' ? String(one[name]).replace('T', ' ').replace('Z', '') : (one[name] ?? null),
    ),
  }));
  for (let time = 0; time < 2; time += 1) await insertBlockInto(ctx, 'events', nativeBlock(values));
  return placed;
}

function found(q: string, rows: readonly Row[]): Row[] {
  const { search } = parseSearch(q);
  return rows.filter((fields) =>
    matchesSearch(search, {
      fields: fields as SearchedRecord['fields'], // rows have columns of the list alone
      chainName: CHAINS.find(({ id }) => id === fields['chain_id'])?.name ?? '',
    }),
  );
}

/** Searches as people write them, of values that are there and of parts of them. */
const quote = (value: string) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
const bare = (value: string) => value.replaceAll(/[\s()"\\*?]/g, '\\$&');
const part = fc
  .tuple(fc.constantFrom(...TEXTS.slice(1)), fc.nat(), fc.integer({ min: 1, max: 6 }))
  .map(([value, from, length]) => {
    const letters = [...value];
    const at = from % letters.length;
    return letters.slice(at, at + length).join('');
  });
const value = fc.oneof(
  part.map(quote),
  text.filter(Boolean).map(quote),
  part.map(bare),
  text.filter(Boolean).map(bare),
  part.map((one) => `*${bare(one)}*`),
  part.map((one) => `${bare(one)}*`),
  part.map((one) => `${bare(one).slice(0, 1).replace('\\', '')}?*`),
  fc.constant('*'),
);
const ofType = (type: string) =>
  fc.constantFrom(...SEARCH_FIELDS.filter((field) => field.type === type).flatMap(({ names }) => names));
const operator = fc.constantFrom(':', '>', '<', '>=', '<=', ':>', '!=');
const term = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(ofType('text'), fc.constantFrom(':', '!='), value).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('decision:deny', 'decision:(allow OR ask)', 'decision:*', 'decision:d*') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(ofType('number'), operator, fc.constantFrom('0', '1', '5', '0.5', '250', '-1'))
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('cost:0.25..0.5', 'latency:..10', 'sequence:*', 'cost:*', 'ordinal:2..'),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(operator, fc.constantFrom('2026-05-10', '2026-05-01T00', '2026-05', '2026-05-20T12:30:00.5'))
      .map(([op, at]) => `time${op}${at}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'chain:prod*',
      'chain:"laptop 7"',
      'chain:LAPTOP*',
      'chain:nothing',
      `chain:${CHAINS[0]?.id}`,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.oneof(
      text.filter(Boolean).map(quote),
      part.map(quote),
      part.map((one) => `${bare(one)}*`),
      fc.constantFrom('env', 'claude-code', 'app', 'ok'),
    ),
  },
);
const search: fc.Arbitrary<string> = fc.letrec<{ search: string; unary: string }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 3 },
    term,
    fc.array(tie('unary'), { minLength: 2, maxLength: 3 }).map((parts) => parts.join(' ')),
    fc.array(tie('unary'), { minLength: 2, maxLength: 3 }).map((parts) => parts.join(' OR ')),
  ),
  unary: fc.oneof(
    { maxDepth: 3 },
    term,
    term.map((one) => `-${one}`),
    tie('search').map((one) => `(${one})`),
    tie('search').map((one) => `NOT (${one})`),
  ),
})).search;

const readable = search.filter((q) => {
  try {
    parseSearch(q);
    return true;
  } catch {
    return false;
  }
});

describe('searches of any kind', () => {
  it('find in the lake the records they mean, each once, newest first, in pages, in figures and in lists of values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 20, maxLength: 40 }),
        fc.array(readable, { minLength: 12, maxLength: 12 }),
        async (given, searches) => {
          const rows = await load(given);
          for (const q of searches) {
            const meant = found(q, rows);
            const seen = await every(q);
            expect({ q, ordinals: [...seen].toSorted((a, b) => a - b) }).toEqual({
              q,
              ordinals: meant.map(({ ordinal }) => Number(ordinal)),
            });
            const times = seen.map((ordinal) => String(rows[ordinal]?.['recorded_at']));
            expect(times).toEqual(times.toSorted().toReversed());
            const { total, buckets } = await eventHistogram(installation.ctx, { q, ...PERIOD });
            expect({ q, total }).toEqual({ q, total: meant.length });
            expect(sumOf(buckets)).toBe(total);
          }
        },
      ),
      { numRuns: Number(process.env['SEALTRAIL_SEARCH_RUNS'] ?? 12) },
    );
  });

  it('count the values of a field as records have them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 20, maxLength: 40 }), readable, async (given, q) => {
        const rows = await load(given);
        const meant = found(q, rows);
        const { facets } = await eventFacets(installation.ctx, {
          q,
          ...PERIOD,
          fields: ['decision', 'tool', 'chain', 'integrity'],
          limit: 100,
        });
        for (const { field, values, more } of facets) {
          const column = field === 'chain' ? 'chain_id' : field;
          const counts = Map.groupBy(
            meant.filter((one) => one[column] !== ''),
            (one) => String(one[column]),
          );
          expect({ q, field, values: new Map(values.map(({ value, count }) => [value, count])), more }).toEqual({
            q,
            field,
            values: new Map([...counts].map(([one, of]) => [one, of.length])),
            more: 0,
          });
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('searches of one chain', () => {
  const CHAIN = CHAINS[0]?.id ?? '';
  const UNTIMED = '1970-01-01T00:00:00.000000Z';
  const anyTime = fc
    .tuple(row, fc.boolean())
    .map(([one, isTimed]) => (isTimed ? one : { ...one, recorded_at: UNTIMED }));

  it('find its records each once, in its order, those that state no time too, in pages, figures and lists of values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTime, { minLength: 15, maxLength: 30 }),
        fc.array(readable, { minLength: 6, maxLength: 6 }),
        async (given, searches) => {
          const all = await load(given);
          const seenBySearch = (one: Row) => ({
            ...one,
            recorded_at: one['recorded_at'] === UNTIMED ? null : (one['recorded_at'] ?? null),
          });
          const rows = all.filter((one) => one['chain_id'] === CHAIN).map(seenBySearch);
          for (const q of ['', ...searches]) {
            const meant = found(q, rows);
            expect({ q, ordinals: await every(q, { chain: CHAIN }) }).toEqual({
              q,
              ordinals: meant.map(({ ordinal }) => Number(ordinal)),
            });
            const timed = meant.filter((one) => one['recorded_at'] !== null);
            const figures = await eventHistogram(installation.ctx, { q, chain: CHAIN });
            expect({ q, total: figures.total, untimed: figures.untimed }).toEqual({
              q,
              total: meant.length,
              untimed: meant.length - timed.length,
            });
            expect(sumOf(figures.buckets)).toBe(timed.length);
            expect({ q, within: await every(q, { chain: CHAIN, ...PERIOD }) }).toEqual({
              q,
              within: timed.map(({ ordinal }) => Number(ordinal)),
            });
            const { facets } = await eventFacets(installation.ctx, {
              q,
              chain: CHAIN,
              fields: ['decision'],
              limit: 10,
            });
            const counted = facets[0]?.values.reduce((sum, { count }) => sum + count, 0);
            expect({ q, counted }).toEqual({ q, counted: meant.length });
          }
        },
      ),
      { numRuns: 5 },
    );
  });

  it('begin at a record, and refuse what has no bounds and a chain that there is not', async () => {
    const { ctx } = installation;
    await load(
      Array.from({ length: 30 }, (_, index) => ({ ...fc.sample(row, 1)[0], chain_id: CHAIN, tool: `t${index}` })),
    );
    const { items } = await searchEvents(ctx, { q: 'tool:t*', chain: CHAIN, ordinal: 12, limit: 3 });
    expect(items.map(({ ordinal }) => ordinal)).toEqual([12, 13, 14]);
    await expect(searchEvents(ctx, { q: '', limit: 3 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const unknown = '01890000-0000-7000-8000-0000000000ff';
    await expect(searchEvents(ctx, { q: '', chain: unknown, limit: 3 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

/** What a record is put in order by. */
function placeOf(one: Row, column: string): string | number {
  const held = one[column] ?? '';
  return typeof held === 'number' ? held : [...String(held)].slice(0, 60).join('').toLowerCase();
}

describe('an order', () => {
  const SORTS = ['recorded_at', 'cost_usd', 'input_tokens', 'tool', 'target', 'decision', 'ordinal'] as const;
  it.each([PERIOD, { chain: CHAINS[0].id }])(
    'puts all that is found in it, page by page, within %j',
    async (bounds) => {
      const rows = (await load(fc.sample(row, 40))).filter(
        (one) => !('chain' in bounds) || one['chain_id'] === bounds.chain,
      );
      for (const column of SORTS)
        for (const sort of [column, `-${column}`] as const) {
          const seen = await every('', bounds, sort);
          expect([sort, [...seen].toSorted((a, b) => a - b)]).toEqual([
            sort,
            rows.map(({ ordinal }) => Number(ordinal)),
          ]);
          const values = seen.map((ordinal) => placeOf(rows.find((one) => one['ordinal'] === ordinal) ?? {}, column));
          const upwards = values.toSorted((a, b) =>
            Buffer.from(`${a}`).equals(Buffer.from(`${b}`)) ? 0 : before(a, b) ? -1 : 1,
          );
          expect([sort, values]).toEqual([sort, sort === column ? upwards : upwards.toReversed()]);
        }
    },
  );

  it('refuses a place of another order, and one that no record can have', async () => {
    const { ctx } = installation;
    await load(fc.sample(row, 20));
    const { nextCursor } = await searchEvents(ctx, { q: '', ...PERIOD, limit: 3, sort: 'cost_usd' });
    const [{ id }] = CHAINS;
    for (const cursor of [
      nextCursor ?? '',
      encodeCursor(['-input_tokens', 'many', id, 1]),
      encodeCursor(['-input_tokens', 0.5, id, 1]),
      encodeCursor(['-input_tokens', -1, id, 1]),
    ])
      await expect(
        searchEvents(ctx, { q: '', ...PERIOD, limit: 3, sort: '-input_tokens', cursor }),
      ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(
      searchEvents(ctx, { q: '', ...PERIOD, limit: 3, sort: 'tool', cursor: encodeCursor(['tool', '\ud800', id, 1]) }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

/** As the lake puts values in order: numbers as numbers, texts by their bytes. */
function before(a: string | number, b: string | number): boolean {
  return typeof a === 'number' && typeof b === 'number'
    ? a < b
    : Buffer.compare(Buffer.from(`${a}`), Buffer.from(`${b}`)) < 0;
}

function sumOf(buckets: readonly { counts: Partial<Record<string, number>> }[]): number {
  return buckets.flatMap(({ counts }) => Object.values(counts)).reduce((sum: number, count = 0) => sum + count, 0);
}

async function every(
  q: string,
  bounds: { chain?: string; from?: string; to?: string } = PERIOD,
  sort?: EventSort,
): Promise<number[]> {
  const ordinals: number[] = [];
  for (let cursor: string | undefined, page = 0; page < 100; page += 1) {
    const { items, nextCursor } = await searchEvents(installation.ctx, { q, ...bounds, limit: 7, cursor, sort });
    ordinals.push(...items.map(({ ordinal }) => ordinal));
    if (nextCursor === null) return ordinals;
    cursor = nextCursor;
  }
  throw new Error('the list does not end');
}
