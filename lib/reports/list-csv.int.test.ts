import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAttestations } from '../attest/attestations';
import { requireChain } from '../db/chains';
import type { toDetectionFinding } from '../core/ocsf/detection-finding';
import { findingsOf } from '../detect/query/findings';
import { ingestUpload } from '../ingest/upload';
import { ChainTable } from '../schemas/list-csv';
import { unguarded } from '../schemas/csv-cell';
import { testActor } from '../testing/actor';
import { toBytes, writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { OCSF_FINDINGS_SCHEMA, ocsfProblems } from '../testing/ocsf-check';
import { sarifProblems } from '../testing/sarif-check';
import { readChainBytes } from '../chains/chain-bytes';
import { listChains } from '../chains/chains';
import { exportCsv } from './csv';
import { attestationsCsv, chainTableCsv, chainsCsv, findingsCsv } from './list-csv';
import { listRecords } from '../chains/records';
import { listSegments } from '../chains/segments';
import { createCase } from '../triage/cases/create-case';
import { casesOcsf } from './cases-files';
import { findingsOcsf, findingsSarif } from './findings-files';

/** More than a page of any list, and of the records of one chain. */
const CHAINS = 520;
const RECORDS = 25_000;
const FORMULA = '=1+1,"quoted"\r\n@SUM(A1)';

let installation: TestInstallation;
let large = '';
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  const upload = async (chain: string, count: number, note: string) => {
    const lines = writers(ctx.hasher).occasio.write(
      Array.from({ length: count }, (_, n) => ({
        tool: n % 5 === 0 ? note : 'bash',
        decision: n % 4 === 0 ? ('deny' as const) : ('allow' as const),
        note: `${chain} ${n}`,
      })),
    );
    return (
      await ingestUpload(ctx, {
        fileName: 'log.jsonl',
        chain,
        body: Readable.from([toBytes(lines)]),
        actor: testActor(),
      })
    ).chainId;
  };
  await installation.work();
  large = await upload('large', RECORDS, FORMULA);
  const isLoaded = async () => {
    const { generation, loaded_generation: loaded } = await requireChain(ctx.db, large);
    return loaded === generation;
  };
  for (
    const untilMs = Date.now() + 120_000;
    !(await isLoaded());
    await new Promise((resolve) => setTimeout(resolve, 100))
  )
    if (Date.now() > untilMs) throw new Error('the chain was not loaded');
  // Until then findings and signatures are added while they are counted.
  await installation.settled(large);
  // As many chains as no test has the time to check: their rows, and two records of each.
  const { first_recorded_at, last_recorded_at } = await requireChain(ctx.db, large);
  const values = Array.from({ length: CHAINS }, (_, n) => ({
    name: `=chain ${n}`,
    format: 'occasio' as const,
    generation: 0,
    verified_generation: 0,
    loaded_generation: 0,
    records: 2,
    size_bytes: 0,
    verdict: 'verified' as const,
    first_recorded_at,
    last_recorded_at,
  }));
  const made = await ctx.db.insertInto('chains').values(values).returning('id').execute();
  await ctx.lake.command({
    query:
      'INSERT INTO events SELECT * REPLACE (arrayJoin({ids: Array(UUID)}) AS chain_id) FROM (SELECT * FROM events WHERE chain_id = {large: UUID} AND ordinal < 2)',
    query_params: { ids: made.map(({ id }) => id), large },
  });
}, 240_000);
afterAll(() => installation?.stop());

const ALL = { bom: false };

async function rowsOf({ stream, rows }: Awaited<ReturnType<typeof chainsCsv>>): Promise<Record<string, string>[]> {
  const { data, errors } = Papa.parse<Record<string, string>>(await text(stream), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(data).toHaveLength(rows);
  return data;
}

it('chains: every one that matches, past the first page', async () => {
  const { ctx } = installation;
  const rows = await rowsOf(await chainsCsv(ctx, {}, ALL));
  expect(rows).toHaveLength(CHAINS + 1);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(CHAINS + 1);
  expect(rows.every(({ name = '' }) => name === 'large' || name.startsWith("'=chain "))).toBe(true);
  expect(await rowsOf(await chainsCsv(ctx, { q: 'chain 51' }, ALL))).toHaveLength(
    (await listChains(ctx, { q: 'chain 51', limit: 500 })).items.length,
  );
  expect(await rowsOf(await chainsCsv(ctx, { verdict: ['tampered', 'forked'] }, ALL))).toEqual([]);
});

it('records: all of a large chain in order, and all that match a filter', async () => {
  const { ctx } = installation;
  const rows = await rowsOf(await chainTableCsv(ctx, { chainId: large, table: 'records', query: { from: 0 } }, ALL));
  expect(rows.map(({ ordinal }) => Number(ordinal))).toEqual(Array.from({ length: RECORDS }, (_, n) => n));
  expect(rows.filter(({ tool = '' }) => unguarded(tool) === FORMULA)).toHaveLength(RECORDS / 5);
  const denied = await rowsOf(
    await chainTableCsv(ctx, { chainId: large, table: 'records', query: { from: 0, decision: ['deny'] } }, ALL),
  );
  expect(denied).toHaveLength(RECORDS / 4);
  expect((await listRecords(ctx, { chainId: large, decision: ['deny'], limit: 1 })).total).toBe(RECORDS / 4);
});

describe.each(ChainTable.options)('the table %s of a chain', (table) => {
  it('has its header and its rows', async () => {
    const { ctx } = installation;
    const { stream, rows } = await chainTableCsv(ctx, { chainId: large, table, query: { from: 0 } }, ALL);
    const [header = '', ...body] = (await text(stream)).trimEnd().split('\r\n');
    expect(header.split(',').length).toBeGreaterThan(4);
    expect(body.length).toBeGreaterThanOrEqual(rows);
    await expect(
      chainTableCsv(ctx, { chainId: '019a0000-0000-7000-8000-000000000000', table, query: { from: 0 } }, ALL),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('findings and attestations: as many rows as they say', async () => {
  const { ctx } = installation;
  expect(await rowsOf(await findingsCsv(ctx, {}, ALL))).toHaveLength(
    (await findingsOf(ctx.db, { limit: 1 })).total ?? -1,
  );
  const signed = await rowsOf(await attestationsCsv((page) => listAttestations(ctx, page), ALL));
  expect(signed).toHaveLength((await listAttestations(ctx, { limit: 1 })).total ?? -1);
});

describe('findings in full', () => {
  const FINDINGS = 620;
  const RULE = '0d9f6a5e-0e57-4b52-9a55-0f4c5c1f7a01';
  const YAML = [
    'title: "Hostile \\ud83d"',
    `id: ${RULE}`,
    'logsource: {product: ai_agent, service: guardrail}',
    'detection: {one: {tool: bash}, condition: one}',
    'level: high',
    'atlas: [AML.T0053]',
    'runbook: Look.',
  ].join('\n');
  beforeAll(async () => {
    const { ctx } = installation;
    const { items } = await listRecords(ctx, { chainId: large, limit: 3 });
    const [{ digest } = { digest: '' }] = (await listSegments(ctx, { chainId: large, limit: 1 })).items;
    const records = items.map(({ ordinal, byteOffset, byteLength, hash, recordedAt }) => {
      return { chainId: large, ordinal, segmentDigest: digest, byteOffset, byteLength, hash, recordedAt };
    });
    const made = await ctx.db
      .insertInto('findings')
      .values(
        Array.from({ length: FINDINGS }, (_, n) => ({
          rule_id: RULE,
          rule_digest: ctx.hasher.sha256(Buffer.from(YAML)),
          rule_yaml: YAML,
          title: 'nul \0, half \ud83d, "quoted"\u2028',
          level: n % 2 === 0 ? ('high' as const) : ('low' as const),
          group_key: String(n),
          group_values: JSON.stringify({ session_id: `half \ude00 of ${n}` }),
          window_from: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
          window_to: new Date(Date.UTC(2026, 0, 1, 0, 1, n)),
          measures: JSON.stringify({ kind: 'event_count', count: 3, threshold: 1, timespan: '15m' }),
          record_count: 3,
          records: JSON.stringify(records),
        })),
      )
      .returning('id')
      .execute();
    const links = made.map(({ id: finding_id }) => ({ finding_id, chain_id: large, ordinals: '[0,1,2]' }));
    await ctx.db.insertInto('finding_chains').values(links).execute();
  });

  it('OCSF: every one that matches, each with records whose bytes and hashes are those of the chain', async () => {
    const { ctx } = installation;
    const { stream, rows } = await findingsOcsf(ctx, { ruleId: RULE });
    const found = (await text(stream)).trimEnd().split('\n');
    expect([found.length, rows]).toEqual([FINDINGS, FINDINGS]);
    const findings = found.map((line) => JSON.parse(line) as ReturnType<typeof toDetectionFinding>); // what is written
    expect(new Set(findings.map(({ finding_info: { uid } }) => uid)).size).toBe(FINDINGS);
    expect(findings.flatMap((one) => ocsfProblems(one, OCSF_FINDINGS_SCHEMA))).toEqual([]);
    for (const { data } of findings.at(-1)?.evidences ?? []) {
      const read = await readChainBytes(ctx, data.chainId, data.byteOffset, data.byteOffset + data.byteLength);
      expect(JSON.parse(String(read?.bytes))).toMatchObject({ hash: data.hash });
    }
  });

  it('OCSF: every case, with its findings by the ids they are exported under', async () => {
    const { ctx } = installation;
    const { items } = await findingsOf(ctx.db, { ruleId: RULE, limit: 2 });
    const findingIds = items.map(({ id }) => id).toSorted();
    const actor = testActor();
    for (const title of ['one', 'half \ud83d']) await createCase(ctx, { title, findingIds, actor });
    const { stream, rows } = await casesOcsf(ctx, { workspaceId: actor.workspaceId });
    const cases = (await text(stream))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([cases.length, rows]).toEqual([2, 2]);
    expect(cases.flatMap((one) => ocsfProblems(one, OCSF_FINDINGS_SCHEMA))).toEqual([]);
    for (const { finding_info_list: listed } of cases)
      expect(listed.map(({ uid }: { uid: string }) => uid).toSorted()).toEqual(findingIds);
    const none = await casesOcsf(ctx, { status: ['closed'], workspaceId: actor.workspaceId });
    expect([await text(none.stream), none.rows]).toEqual(['', 0]);
  });

  it('SARIF: one log of every one that matches, with the rule once', async () => {
    const { ctx } = installation;
    const { stream, rows } = await findingsSarif(ctx, { ruleId: RULE, level: ['high'] });
    const log = JSON.parse(await text(stream));
    expect(sarifProblems({ ...log, runs: [{ ...log.runs[0], results: log.runs[0].results.slice(0, 50) }] })).toEqual(
      [],
    );
    expect(log.runs[0].results).toHaveLength(FINDINGS / 2);
    expect(rows).toBe(FINDINGS / 2);
    expect(log.runs[0].tool.driver.rules).toHaveLength(1);
    const none = await findingsSarif(ctx, { chainId: '019a0000-0000-7000-8000-000000000000' });
    expect(JSON.parse(await text(none.stream)).runs[0].results).toEqual([]);
  });
});

it('the integrity of hundreds of chains takes queries for all of them, not for each', async () => {
  const { ctx } = installation;
  let queries = 0;
  const counting = {
    ...ctx,
    lake: new Proxy(ctx.lake, {
      get: (lake, name) =>
        name === 'query'
          ? (...given: Parameters<typeof lake.query>) => ((queries += 1), lake.query(...given))
          : Reflect.get(lake, name),
    }),
  };
  const { data } = Papa.parse(
    await text(
      exportCsv(counting, { kind: 'integrity', period: { from: '1970-01-01T00:00:00Z', to: '2262-01-01T00:00:00Z' } }),
    ),
    { header: true, skipEmptyLines: true },
  );
  expect(data).toHaveLength(CHAINS + 1);
  expect(queries).toBeLessThan(10);
});
