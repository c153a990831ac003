import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMNS } from '../core/event/fields';
import { type TestInstallation, startInstallation } from '../testing/installation';
import type { EventRow, LakeValue } from './event-row';
import { nativeBlock } from './native-block';
import { insertBlockInto } from './write';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation.stop());

const storable = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replaceAll('\0', ''));
const VALUE: Readonly<Record<(typeof COLUMNS)[number]['type'], fc.Arbitrary<LakeValue>>> = {
  uuid: fc.uuid(),
  position: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER)),
  count53: fc.oneof(fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER)),
  count32: fc.oneof(fc.nat(), fc.constant(2 ** 32 - 1)),
  sequence: fc.option(fc.maxSafeNat()),
  amount: fc.double({ noNaN: true, min: 0, max: 1e100 }).map((value) => (value === 0 ? 0 : value)),
  text: fc.oneof(storable, fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(100), 'x'.repeat(70_000))),
  word: fc.oneof(storable, fc.constantFrom('', 'bash', 'read_file')),
  decision: fc.constantFrom('allow', 'deny'),
  time: fc.oneof(
    fc.constantFrom('1970-01-01 00:00:00.000000', '2261-12-31 23:59:59.999999', '2255-06-05 23:47:34.740993'),
    fc
      .tuple(
        fc.date({ min: new Date(0), max: new Date('2261-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.nat({ max: 999 }),
      )
      .map(
        ([date, micros]) => `${date.toISOString().slice(0, 23).replace('T', ' ')}${String(micros).padStart(3, '0')}`,
      ),
  ),
};

async function stored(rows: readonly (readonly LakeValue[])[]): Promise<unknown[][]> {
  const { lake } = installation.ctx;
  await lake.command({ query: 'TRUNCATE TABLE events' });
  const asRow = (values: readonly LakeValue[]): EventRow => ({ chainId: '', ordinal: 0, byteLength: 0, values });
  await insertBlockInto(installation.ctx, 'events', nativeBlock(rows.map(asRow)));
  const answer = await lake.query({
    query: `SELECT ${COLUMNS.map(({ name, type }) => (type === 'time' ? `toString(${name})` : name)).join(', ')} FROM events ORDER BY line`,
    format: 'JSONCompactEachRow',
  });
  return answer.json();
}

/** Each with a key of its own, by which it is read again in this order. */
function keyed(rows: readonly LakeValue[][]): LakeValue[][] {
  return rows.map((row, index) =>
    row.map((value, at) => (COLUMNS[at]?.name === 'line' || COLUMNS[at]?.name === 'ordinal' ? index : value)),
  );
}

it('the lake holds what a block was made of, whatever that is', async () => {
  const row = fc.tuple(...COLUMNS.map(({ type }) => VALUE[type]));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (given) => {
      const rows = keyed(given);
      expect(await stored(rows)).toEqual(rows);
    }),
    { numRuns: 25 },
  );
});

it.each([1, 256, 257, 70_000])('a block of %i rows holds as many different words', async (count) => {
  const [sample = []] = fc.sample(fc.tuple(...COLUMNS.map(({ type }) => VALUE[type])), { numRuns: 1, seed: 1 });
  const rows = keyed(
    Array.from({ length: count }, (_, index) =>
      sample.map((value, at) => (COLUMNS[at]?.name === 'tool' ? `tool ${index}` : value)),
    ),
  );
  expect(await stored(rows)).toEqual(rows);
});

it('no rows are no block', () => {
  expect(nativeBlock([])).toHaveLength(0);
});
