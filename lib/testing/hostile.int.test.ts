import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatId } from '../core/chain/format';
import { FORMATS } from '../core/formats';
import { appendRecords } from '../ingest/append-records';
import { ingestUpload } from '../ingest/upload';
import { wantClosed } from '../ingest/want-closed';
import { openChainBytes } from '../chains/chain-bytes';
import Papa from 'papaparse';
import { unguarded } from '../schemas/csv-cell';
import { exportCsv } from '../reports/csv';
import { listStuck } from '../ops/stuck';
import { listFindings } from '../triage/findings';
import { toBytes, writers } from './chains';
import { csvRows } from './csv-rows';
import { hostileChain, hostileRecords } from './hostile-chains';
import { type TestInstallation, startInstallation } from './installation';
import { testActor } from './actor';

const CHAINS = 4;
const RECORDS = 40;
const SEED = 20_261_128;
const EVER = { from: '1970-01-01T00:00:00.000Z', to: '2262-01-01T00:00:00.000Z' };

type Sent = { chainId: string; format: FormatId; bytes: Buffer; records: number };

let installation: TestInstallation;
const sent: Sent[] = [];
beforeAll(async () => {
  installation = await startInstallation();
  await installation.work();
  for (const writer of Object.values(writers(installation.ctx.hasher))) {
    const { id } = writer.format;
    for (const [index, records] of fc
      .sample(hostileRecords(RECORDS, RECORDS), { numRuns: CHAINS, seed: SEED })
      .entries()) {
      const lines = hostileChain(installation.ctx.hasher, id, writer, records);
      sent.push(await (index % 2 === 0 ? upload : append)(id, `${id} ${index}`, lines));
    }
  }
  for (const { chainId } of sent) await wantClosed(installation.ctx, { chainId, actor: testActor() });
  for (const { chainId } of sent) await installation.settled(chainId);
}, 600_000);
afterAll(() => installation?.stop());

const countRecords = (format: FormatId, lines: readonly string[]) =>
  lines.filter(
    (line) =>
      FORMATS.find(({ id }) => id === format)?.check(Buffer.from(line), installation.ctx.hasher).kind === 'record',
  ).length;

async function upload(format: FormatId, chain: string, lines: readonly string[]): Promise<Sent> {
  const bytes = toBytes(lines);
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: 'log.jsonl',
    chain,
    format,
    body: Readable.from([bytes]),
    actor: testActor('a person'),
  });
  return { chainId, format, bytes, records: countRecords(format, lines) };
}

/** In a few appends, cut in the middle of lines. */
async function append(format: FormatId, chain: string, lines: readonly string[]): Promise<Sent> {
  const bytes = toBytes(lines);
  let chainId = '';
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + Math.ceil(bytes.length / 4) + 7);
    ({ chainId } = await appendRecords(installation.ctx, {
      chain,
      format,
      bytes: bytes.subarray(at, end),
      precondition: { kind: 'offset', offset: at },
      idempotency: null,
      actor: testActor('a token'),
    }));
    at = end;
  }
  return { chainId, format, bytes, records: countRecords(format, lines) };
}

async function inLake<T>(query: string): Promise<T[]> {
  return (await installation.ctx.lake.query({ query, format: 'JSONEachRow' })).json<T>();
}

describe('whatever records hold, uploaded or appended, in every format', () => {
  it('nothing fails and nothing is stuck', async () => {
    expect(await installation.ctx.db.selectFrom('job_failures').select(['kind', 'cause']).execute()).toEqual([]);
    expect(await listStuck(installation.ctx)).toEqual({ items: [], total: 0 });
  });

  it('the evidence is byte for byte what was sent', async () => {
    for (const { chainId, bytes } of sent) {
      const { stream } = await openChainBytes(installation.ctx, { chainId });
      expect(Buffer.from(await new Response(stream).arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  it('every record in evidence can be searched, and none was refused by the lake', async () => {
    const found = await inLake<{ chain: string; records: number }>(
      'SELECT toString(chain_id) AS chain, uniqExact(ordinal) AS records FROM events GROUP BY chain',
    );
    expect(Object.fromEntries(found.map(({ chain, records }) => [chain, records]))).toEqual(
      Object.fromEntries(sent.map(({ chainId, records }) => [chainId, records])),
    );
    expect(sent.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(
      Object.keys(writers(installation.ctx.hasher)).length * CHAINS * RECORDS * 0.9,
    );
    expect(await inLake(`SELECT kind, reason FROM events WHERE kind = 'unreadable'`)).toEqual([]);
    expect(
      await inLake(
        String.raw`SELECT count() > 0 AS escaped FROM events WHERE position(concat(agent, tool, reason, target, session_id), '\\ud83d') > 0`,
      ),
    ).toEqual([{ escaped: 1 }]);
  });

  it('rules see every record that states a time, and each chain is attested', async () => {
    const runs = await installation.ctx.db.selectFrom('rule_runs').select('chain_id').distinct().execute();
    const timed = await inLake<{ chain: string }>(
      `SELECT DISTINCT toString(chain_id) AS chain FROM events WHERE recorded_at > toDateTime64(0, 6, 'UTC')`,
    );
    expect(runs.map(({ chain_id }) => chain_id).toSorted()).toEqual(timed.map(({ chain }) => chain).toSorted());
    const { items } = await listFindings(installation.ctx, { limit: 500 });
    const denied = await inLake<{ most: number }>(
      `SELECT max(c) AS most FROM (SELECT count() AS c FROM events WHERE decision = 'deny' AND recorded_at > toDateTime64(0, 6, 'UTC') GROUP BY chain_id, session_id, toStartOfDay(recorded_at))`,
    );
    expect(items.length > 0).toBe((denied[0]?.most ?? 0) >= 5);
    const attested = await installation.ctx.db.selectFrom('attestations').select('chain_id').distinct().execute();
    expect(attested.map(({ chain_id }) => chain_id).toSorted()).toEqual(sent.map(({ chainId }) => chainId).toSorted());
  });

  it.each([
    ['access-log', 'true'],
    ['blocked', `decision = 'deny'`],
  ] as const)(
    'the CSV %s, read by another library, has a row for each of its records, with its very values',
    async (kind, condition) => {
      const csv = Buffer.concat(await exportCsv(installation.ctx, { kind, period: EVER }).toArray()).toString('utf8');
      const { data: rows, errors } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
      expect(errors).toEqual([]);
      const columns = ['ordinal', 'agent', 'session_id', 'tool', 'target', 'decision', 'reason', 'policy', 'hash'];
      const expected = await inLake<Record<string, unknown>>(
        `SELECT ${columns.join(', ')} FROM events FINAL WHERE ${condition} AND recorded_at < toDateTime64('2262-01-01 00:00:00', 6, 'UTC') AND recorded_at > toDateTime64(0, 6, 'UTC')`,
      );
      const values = (row: Record<string, unknown>) => columns.map((column) => String(row[column]));
      const sorted = (all: string[][]) => all.map((row) => JSON.stringify(row)).toSorted();
      expect(sorted(rows.map((row) => values(row).map(unguarded)))).toEqual(sorted(expected.map(values)));
      expect(
        rows
          .flatMap(Object.values)
          .flatMap((cell) => cell.split(/[\r\n]/))
          .filter((line) => /^[=+\-@\t]/.test(line)),
      ).toEqual([]);
    },
  );

  it('the CSV of verdicts has a row for each chain that states a time', async () => {
    const rows = csvRows(
      Buffer.concat(await exportCsv(installation.ctx, { kind: 'integrity', period: EVER }).toArray()).toString('utf8'),
    );
    const timed = await inLake<{ chains: number }>(
      `SELECT uniqExact(chain_id) AS chains FROM events WHERE recorded_at > toDateTime64(0, 6, 'UTC')`,
    );
    expect(rows.length - 1).toBe(timed[0]?.chains);
  });
});
