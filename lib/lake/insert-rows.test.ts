import { ClickHouseError } from '@clickhouse/client';
import { expect, it } from 'vitest';
import type { Context } from '../context';
import { writers } from '../testing/chains';
import { createHasher } from '../crypto/hasher';
import { COLUMN_NAMES, type EventRow, eventRow, named } from './event-row';
import { insertRows, loaded } from './insert-rows';
import { refusedBy } from './try-rows';

const hasher = await createHasher();

/** Records of a chain, whose tools are given, ready for the lake. */
function records(tools: readonly string[]) {
  const { format, write } = writers(hasher).agentfence;
  return write(tools.map((tool) => ({ tool, decision: 'deny' as const, note: 'n' }))).map((text, ordinal) => {
    const line = Buffer.from(text);
    const checked = format.check(line, hasher);
    if (checked.kind !== 'record') throw new Error('a writer writes records');
    return loaded(
      eventRow(
        format,
        line,
        checked,
        {
          chainId: 'c',
          segment: { index: 0, digest: 'd' },
          ordinal,
          line: ordinal + 1,
          byteOffset: 0,
          byteLength: line.length,
        },
        undefined,
      ),
      line,
    );
  });
}

/** A lake that refuses some rows, with how many INSERTs it had. */
function lakeRefusing(isRefused: (row: Record<string, unknown>) => boolean, code = '26') {
  const stored: EventRow[] = [];
  let inserts = 0;
  const insert = async (values: readonly EventRow[]) => {
    inserts += 1;
    if (values.some((row) => isRefused(named(row))))
      throw new ClickHouseError({
        message: 'Cannot parse it.\nAnd much more',
        code,
        type: 'CANNOT_PARSE_QUOTED_STRING',
      });
    stored.push(...values);
  };
  const ctx = { log: { error: () => undefined } } as unknown as Context; // all that is asked for
  return { ctx, insert, stored, inserts: () => inserts };
}

it('a record that the lake refuses stands in it without its fields, and all others with theirs', async () => {
  const tools = Array.from({ length: 1_000 }, (_, index) => (index === 137 || index === 861 ? 'poison' : 'bash'));
  const { ctx, insert, stored, inserts } = lakeRefusing(({ tool }) => tool === 'poison');
  await insertRows(ctx, records(tools), insert);
  expect(stored.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual(tools.map((_, index) => index));
  expect(stored.filter((row) => named(row)['tool'] === 'bash')).toHaveLength(998);
  const [refused] = stored.filter(({ ordinal }) => ordinal === 137);
  expect(refused?.values).toHaveLength(COLUMN_NAMES.length);
  expect(refused && named(refused)).toMatchObject({
    chain_id: 'c',
    format: 'agentfence',
    ordinal: 137,
    line: 138,
    sequence: null,
    integrity: 'ok',
    kind: 'unreadable',
    tool: '',
    reason: 'The lake refused this record, so that its fields cannot be searched: Cannot parse it.',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    target: expect.stringContaining('"tool":"poison"'),
  });
  expect(inserts()).toBeLessThan(60);
});

it('which of some rows the lake refuses is found', async () => {
  const { insert } = lakeRefusing(({ tool }) => tool === 'poison');
  const rows = records(['bash', 'poison', 'bash', 'poison', 'bash']).map(({ row }) => row);
  expect(await refusedBy(insert, rows)).toEqual(new Set([rows[1], rows[3]]));
});

it('what says nothing of the rows is thrown, and nothing is looked for', async () => {
  const { ctx, insert, inserts } = lakeRefusing(() => true, '252');
  await expect(insertRows(ctx, records(['bash', 'bash']), insert)).rejects.toThrow('Cannot parse it');
  expect(inserts()).toBe(1);
});

it('a lake that refuses even that is thrown after the first such record', async () => {
  const { ctx, insert, inserts } = lakeRefusing(() => true);
  await expect(insertRows(ctx, records(Array.from({ length: 64 }, () => 'bash')), insert)).rejects.toThrow(
    'Cannot parse it',
  );
  expect(inserts()).toBe(8);
});

it('a record that states no time the lake knows is flagged, beside what the writer flagged', () => {
  const { format } = writers(hasher).arbiter;
  const flagsAt = (timestamp: string, flags: readonly string[]) => {
    const line = Buffer.from(JSON.stringify({ timestamp, anomaly_flags: flags }));
    const checked = format.check(line, hasher);
    if (checked.kind !== 'record') throw new Error('it is a record');
    const place = {
      chainId: 'c',
      segment: { index: 0, digest: 'd' },
      ordinal: 0,
      line: 1,
      byteOffset: 0,
      byteLength: 9,
    };
    return named(eventRow(format, line, checked, place, undefined))['flags'];
  };
  expect(flagsAt('2026-05-11T08:00:00Z', [])).toBe('');
  expect(flagsAt('2026-05-11T08:00:00Z', ['scope_violation'])).toBe('scope_violation');
  expect(flagsAt('yesterday', [])).toBe('untimed');
  expect(flagsAt('2300-01-01T00:00:00Z', ['scope_violation'])).toBe('untimed, scope_violation');
});
