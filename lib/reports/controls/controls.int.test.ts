import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET as assessmentResults } from '@/app/api/v1/control-evidence/[framework]/assessment-results.json/route';
import { GET as complianceFindings } from '@/app/api/v1/control-evidence/[framework]/compliance.ocsf.ndjson/route';
import { GET as controlsFile } from '@/app/api/v1/control-evidence/[framework]/controls.csv/route';
import { GET as controlEvidence } from '@/app/api/v1/control-evidence/[framework]/route';
import { GET as histogram } from '@/app/api/v1/events/histogram/route';
import { GET as events } from '@/app/api/v1/events/route';
import { GET as findingsFile } from '@/app/api/v1/findings.csv/route';
import { GET as findings } from '@/app/api/v1/findings/route';
import { GET as health } from '@/app/api/v1/health/route';
import { GET as reports } from '@/app/api/v1/reports/[file]/route';
import { GET as signingKeys } from '@/app/api/v1/signing-keys/route';
import { GET as checkpoint } from '@/app/tlog/checkpoint/route';
import { publishLog } from '../../attest/log/publish-log';
import { findingsOf } from '../../detect/query/findings';
import { createSuppression } from '../../detect/suppressions/create-suppression';
import { loadSampleData } from '../../ingest/sample-data';
import { ingestUpload } from '../../ingest/upload';
import {
  ControlEvidence,
  type ControlFigure,
  type FigureId,
  FrameworkId,
  NO_DETERMINATION,
  STRENGTHS,
} from '../../schemas/controls';
import { unguarded } from '../../schemas/csv-cell';
import { signedInAdmin, testActor } from '../../testing/actor';
import { toBytes, writers } from '../../testing/chains';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { listChains } from '../../chains/chains';
import { changeFinding } from '../../triage/change-finding';
import type { toAssessmentResults } from './assessment-results';
import type { toComplianceFindings } from './compliance-finding';
import { getControlEvidence, listFrameworks } from './control-evidence';

const EVER = { from: '1970-01-01T00:00:00Z', to: '2262-01-01T00:00:00Z' };
const EMPTY = { from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' };
/** Names of chains that a spreadsheet, a page or a table could trip over. */
const HOSTILE = ['=cmd|calc', '<script>alert(1)</script>', '"quoted", and a comma', '@SUM(A1)', '../../etc/passwd'];
const SAMPLE_CHAINS = 7;

let installation: TestInstallation;
let session = '';
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  session = await signedInAdmin(ctx);
  await installation.work();
  await loadSampleData(ctx, { actor: testActor() });
  for (const [n, name] of HOSTILE.entries()) {
    const lines = writers(ctx.hasher).occasio.write(
      Array.from({ length: 9 }, (_, at) => ({
        tool: at % 2 === 0 ? name : 'bash',
        decision: at % 3 === 0 ? ('deny' as const) : ('allow' as const),
        note: `${n} ${at}`,
      })),
    );
    const body = Readable.from([toBytes(lines)]);
    const { chainId } = await ingestUpload(ctx, { fileName: 'log.jsonl', chain: name, body, actor: testActor() });
    await installation.settled(chainId);
  }
  // Of its records every second states no time that can be read, the others one long ago: none is where the others are.
  const lines = writers(ctx.hasher).occasio.write(
    Array.from({ length: 8 }, (_, at) => ({ tool: 'bash', decision: 'allow' as const, note: `old ${at}` })),
  );
  const old = lines.map((line, at) =>
    line.replace(/"ts":"[^"]*"/, at % 2 ? '"ts":"yesterday"' : '"ts":"2019-03-04T05:06:07.000Z"'),
  );
  await ingestUpload(ctx, {
    fileName: 'log.jsonl',
    chain: 'old',
    body: Readable.from([toBytes(old)]),
    actor: testActor(),
  });
  const isDone = async () =>
    (await listChains(ctx, { limit: 500 })).items.filter(
      ({ progress, records, verdict }) => verdict !== 'pending' && progress.loaded === records,
    ).length ===
    SAMPLE_CHAINS + HOSTILE.length + 1;
  for (const untilMs = Date.now() + 180_000; !(await isDone()); await new Promise((go) => setTimeout(go, 100)))
    if (Date.now() > untilMs) throw new Error('the sample was not checked and loaded');
  for (const { id } of (await listChains(ctx, { limit: 500 })).items) await installation.settled(id);
  const { items } = await findingsOf(ctx.db, { limit: 200, total: 'none' });
  const [first, second, third] = items;
  const used = items.slice(0, 3).map(({ ruleId }) => ruleId);
  const hidden = items.flatMap(({ ruleId, measures }) =>
    measures.kind === 'evidence' || used.includes(ruleId) ? [] : [ruleId],
  );
  if (!first || !second || !third || hidden.length === 0) throw new Error('the sample has findings of several rules');
  await changeFinding(ctx, { findingId: first.id, change: { status: 'in_progress' }, actor: testActor() });
  for (const { id } of [second, third])
    await changeFinding(ctx, {
      findingId: id,
      change: { status: 'resolved', verdict: 'false_positive' },
      actor: testActor(),
    });
  await createSuppression(ctx, {
    yaml: `title: A bench of ours\nlogsource: {product: ai_agent, service: guardrail}\nfilter: {rules: [${[...new Set(hidden)].join(', ')}], any: {agent: '*'}, condition: not any}\n`,
    reason: 'a test bench',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    actor: testActor(),
  });
  await publishLog(ctx);
}, 400_000);
afterAll(() => installation?.stop());

type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;
/** The route behind an address, as its own address or the page that shows it. */
const ROUTES: Record<string, Handler> = {
  '/events': histogram,
  '/findings': findings,
  '/api/v1/findings.csv': findingsFile,
  '/api/v1/reports/integrity.csv': reports,
  '/api/v1/reports/rule-looks.csv': reports,
  '/api/v1/health': health,
  '/api/v1/signing-keys': signingKeys,
  '/tlog/checkpoint': checkpoint,
};

async function ask(handler: Handler, href: string, params: Record<string, string> = {}): Promise<string> {
  const { publicUrl } = installation.ctx.env;
  const response = await handler(new Request(new URL(href, publicUrl), { headers: { cookie: session } }), {
    params: Promise.resolve(params),
  });
  const answer = await response.text();
  expect([href, response.status, answer.slice(0, 300)]).toEqual([href, 200, expect.any(String)]);
  return answer;
}
const json = <T>(answer: string) => JSON.parse(answer) as T; // an answer of ours
type Row = Record<string, string>;
function rowsOf(csv: string): Row[] {
  const { data, errors } = Papa.parse<Row>(csv, { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
}

const askedOnce = new Map<string, Promise<string>>();
/** What lies behind the link of a figure or of its part. */
function follow(href: string): Promise<string> {
  const { pathname } = new URL(href, 'http://x');
  const handler = ROUTES[pathname];
  if (!handler) throw new Error(`${href} leads nowhere that this test knows`);
  const file = /\/reports\/(.*)$/.exec(pathname)?.[1];
  const asked = pathname === '/findings' ? `${href}&total=exact` : href;
  const known = askedOnce.get(href) ?? ask(handler, asked, file ? { file } : {});
  askedOnce.set(href, known);
  return known;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const of = (rows: readonly Row[], column: string) => sum(rows.map((row) => Number(row[column])));
type Histogram = { total: number; stepSeconds: number; buckets: { at: string; counts: Record<string, number> }[] };
const seconds = (row: Row, until: string) => (Date.parse(row[until] ?? '') - Date.parse(row['foundAt'] ?? '')) / 1000;

/** The value of a figure, and of each of its parts by label, from the rows that its links lead to and from nothing else. */
const BY_ROWS: Record<FigureId, (figure: ControlFigure) => Promise<unknown>> = {
  'records-recorded': async ({ href, parts }) => {
    const total = async (at: string) => json<Histogram>(await follow(at)).total;
    return [await total(href), await Promise.all(parts.map(async (part) => [part.label, await total(part.href)]))];
  },
  'accesses-denied': async ({ href }) => [json<Histogram>(await follow(href)).total, []],
  'time-covered': async ({ href }) => {
    const { buckets, stepSeconds } = json<Histogram>(await follow(href));
    const begun = buckets.filter(({ at }) => Date.parse(at) <= Date.now());
    const isFull = ({ counts }: Histogram['buckets'][number]) => sum(Object.values(counts)) > 0;
    const full = begun.filter(isFull);
    const runs = begun.map((bucket) => (isFull(bucket) ? '|' : '.')).join('');
    return [
      full.length,
      [
        ['steps without a record', begun.length - full.length],
        ['length of a step', stepSeconds],
        ['first step with a record', full[0]?.at ?? null],
        ['last step with a record', full.at(-1)?.at ?? null],
        ['longest run of steps without a record', Math.max(...runs.split('|').map((run) => run.length)) * stepSeconds],
      ],
    ];
  },
  'oldest-day': async ({ href, value, parts }) => {
    const query = new URL(href, 'http://x').search;
    const [oldest] = json<{ items: { recordedAt: string }[] }>(await ask(events, `/events${query}&limit=1`)).items;
    const held = parts[0]?.value;
    expect(Math.abs(Number(held) - (Date.now() - Date.parse(String(value))) / 1000)).toBeLessThan(600);
    return [`${oldest?.recordedAt.slice(0, 10)}T00:00:00Z`, [['time since then', held]]];
  },
  'chains-by-verdict': async ({ href, parts }) => {
    const rows = rowsOf(await follow(href));
    return [rows.length, parts.map(({ label }) => [label, rows.filter((row) => row['verdict'] === label).length])];
  },
  'records-attested': async ({ href }) => {
    const rows = rowsOf(await follow(href));
    const signed = of(rows, 'records_signed');
    return [signed, [['not attested', of(rows, 'records_total') - signed]]];
  },
  'clock-steps': async ({ href }) => {
    const rows = rowsOf(await follow(href));
    return [
      of(rows, 'time_steps'),
      [
        ['chains with such a step', rows.filter((row) => Number(row['time_steps']) > 0).length],
        ['chains not checked for it yet', rows.filter((row) => row['time_steps'] === '').length],
      ],
    ];
  },
  'stored-evidence': async ({ href }) => {
    const { stored } = json<{
      stored: { damaged: Record<string, number>; lastPass: { objects: number; endedAt: string } | null };
    }>(await follow(href));
    return [
      sum(Object.values(stored.damaged)),
      [
        ['read back in the last full pass', stored.lastPass?.objects ?? null],
        ['end of that pass', stored.lastPass?.endedAt ?? null],
      ],
    ];
  },
  'log-head': async ({ href }) => [Number((await follow(href)).split('\n')[1]), []],
  'signing-keys': async ({ href }) => {
    const { items } = json<{ items: { retiredAt: string | null }[] }>(await follow(href));
    const used = items.filter(({ retiredAt }) => retiredAt === null).length;
    return [used, [['retired', items.length - used]]];
  },
  'rule-looks': async ({ href }) => {
    const rows = rowsOf(await follow(href));
    return [
      of(rows, 'looks'),
      [
        ['runs of a rule over its records', of(rows, 'ran')],
        ['of these, runs that found nothing', of(rows, 'ran_without_finding')],
        ['too few records for any finding', of(rows, 'unable')],
        ['runs that failed', of(rows, 'failed')],
      ],
    ];
  },
  'findings-by-status': async ({ href, parts }) => {
    const values = parts.map(async (part) => [
      part.label,
      part.href.startsWith('/findings?')
        ? json<{ total: number }>(await follow(part.href)).total
        : rowsOf(await follow(part.href)).length,
    ]);
    return [rowsOf(await follow(href)).length, await Promise.all(values)];
  },
  'time-to-acknowledge': (figure) => waited(figure, 'acknowledgedAt', 'acknowledged'),
  'time-to-decide': (figure) => waited(figure, 'decidedAt', 'decided'),
};

async function waited({ href }: ControlFigure, column: string, label: string) {
  const rows = rowsOf(await follow(href));
  const times = rows.flatMap((row) => (row[column] ? [seconds(row, column)] : [])).toSorted((a, b) => a - b);
  const [low, high] = [times[Math.floor((times.length - 1) / 2)], times[Math.ceil((times.length - 1) / 2)]];
  const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 2));
  return [
    near(low === undefined || high === undefined ? null : (low + high) / 2),
    [
      ['mean', near(times.length === 0 ? null : sum(times) / times.length)],
      [label, times.length],
      ['not yet', rows.length - times.length],
    ],
  ];
}

/** The part of a figure that makes it whole. */
const REST: Partial<Record<FigureId, string>> = {
  'time-covered': 'steps without a record',
  'records-attested': 'not attested',
};

const query = ({ from, to }: { from: string; to: string }) => `from=${from}&to=${to}`;
const week = () => ({
  from: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  to: new Date(Date.now() + 60_000).toISOString(),
});

describe.each([
  ['all time', () => EVER],
  ['half a week', week],
  ['a period without records', () => EMPTY],
] as const)('%s', (name, periodOf) => {
  const period = periodOf();
  it('every figure is the sum of the rows its link leads to, and so is each of its parts', async () => {
    askedOnce.clear();
    const seen = new Set<FigureId>();
    for (const framework of FrameworkId.options) {
      const { figures } = await getControlEvidence(installation.ctx, { framework, period });
      for (const figure of figures) {
        if (seen.has(figure.id)) continue;
        seen.add(figure.id);
        const { id, value, total, parts } = figure;
        const rest = parts.find(({ label }) => label === REST[id])?.value ?? null;
        expect([id, total]).toEqual([id, rest === null ? null : Number(value) + Number(rest)]);
        expect([id, value, parts.map((part) => [part.label, part.value])]).toEqual([
          id,
          ...((await BY_ROWS[id](figure)) as unknown[]), // value and parts
        ]);
      }
    }
    expect([...seen].toSorted()).toEqual(Object.keys(BY_ROWS).toSorted());
  }, 240_000);

  it('figures of different frameworks are the same, and parts that divide a figure add up to it', async () => {
    const { ctx } = installation;
    const [soc, nist] = await Promise.all([
      getControlEvidence(ctx, { framework: 'soc-2', period }),
      getControlEvidence(ctx, { framework: 'nist-800-53', period }),
    ]);
    const other = new Map(nist.figures.map((figure) => [figure.id, figure]));
    for (const figure of soc.figures.filter(({ of: of_ }) => of_ === 'period'))
      expect([figure.id, other.get(figure.id)]).toEqual([figure.id, figure]);
    for (const id of ['records-recorded', 'chains-by-verdict', 'findings-by-status'] as const) {
      const figure = other.get(id);
      expect([id, sum((figure?.parts ?? []).map(({ value }) => Number(value)))]).toEqual([id, figure?.value]);
    }
    expect(Number(other.get('records-recorded')?.value) > 0).toBe(name !== 'a period without records');
  });
});

it('something was denied, hidden, found, taken up, decided and signed, so that no figure is compared with nothing', async () => {
  const values = new Map<string, unknown>();
  for (const framework of FrameworkId.options)
    for (const { id, value } of (await getControlEvidence(installation.ctx, { framework, period: EVER })).figures)
      values.set(id, value);
  const { figures } = await getControlEvidence(installation.ctx, { framework: 'soc-2', period: EVER });
  const parts = figures.find(({ id }) => id === 'findings-by-status')?.parts ?? [];
  expect(parts.filter(({ value }) => Number(value) > 0).map(({ label }) => label)).toEqual(
    expect.arrayContaining(['new', 'in progress', 'resolved', 'hidden by suppressions']),
  );
  for (const id of [
    'records-recorded',
    'accesses-denied',
    'time-covered',
    'chains-by-verdict',
    'records-attested',
    'log-head',
    'signing-keys',
    'rule-looks',
    'findings-by-status',
    'time-to-acknowledge',
    'time-to-decide',
  ])
    expect([id, Number(values.get(id)) > 0]).toEqual([id, true]);
});

/** It goes on while it is read. */
const isClock = (figure: string | undefined, part: string | undefined) => figure === 'oldest-day' && part !== '';

describe.each(FrameworkId.options)('%s', (framework) => {
  it('is answered the same by the API, with the statement and a strength of each control', async () => {
    const answer = await ask(controlEvidence, `/api/v1/control-evidence/${framework}?${query(EVER)}`, { framework });
    const evidence = ControlEvidence.parse(JSON.parse(answer));
    const {
      generatedAt: _,
      figures: __,
      ...direct
    } = await getControlEvidence(installation.ctx, {
      framework,
      period: EVER,
    });
    expect(evidence).toMatchObject(direct);
    expect(evidence.statement).toBe(NO_DETERMINATION);
    const strengths = new Map(evidence.figures.map(({ id, strength }) => [id, strength]));
    const order = evidence.strengths.map(({ id }) => id);
    for (const { id, figures, strength } of evidence.controls)
      expect([id, order.indexOf(strength)]).toEqual([
        id,
        figures.length === 0
          ? order.length - 1
          : Math.max(...figures.map((figure) => order.indexOf(strengths.get(figure) ?? 'not-evidenced'))),
      ]);
  });

  it('is the same as a CSV: a row for each figure and part of each control, the statement in each', async () => {
    const at = `/api/v1/control-evidence/${framework}`;
    const rows = rowsOf(await ask(controlsFile, `${at}/controls.csv?${query(EMPTY)}`, { framework }));
    const { controls, figures } = await getControlEvidence(installation.ctx, { framework, period: EMPTY });
    const expected = controls.flatMap((control) =>
      control.figures.length === 0
        ? [[control.id, '', '', '']]
        : control.figures.flatMap((id) => {
            const figure = figures.find((one) => one.id === id);
            if (!figure) throw new Error(`${id} must be read`);
            return [{ label: '', value: figure.value }, ...figure.parts].map(({ label, value }) => [
              control.id,
              id,
              label,
              isClock(id, label) ? 'by the clock' : value === null ? '' : String(value),
            ]);
          }),
    );
    expect(
      rows.map((row) => [
        unguarded(row['control'] ?? ''),
        row['figure'],
        unguarded(row['part'] ?? ''),
        isClock(row['figure'], row['part']) ? 'by the clock' : row['value'],
      ]),
    ).toEqual(expected);
    expect(new Set(rows.map((row) => row['statement']))).toEqual(new Set([NO_DETERMINATION]));
    expect(rows.every((row) => row['figure'] === '' || row['rows_at']?.startsWith('http://127.0.0.1:7325/'))).toBe(
      true,
    );
  });

  it('is the same in OSCAL and in OCSF: every value of every figure with where its rows are', async () => {
    const at = `/api/v1/control-evidence/${framework}`;
    const { controls, figures } = await getControlEvidence(installation.ctx, { framework, period: EVER });
    const values = figures.flatMap(({ id, value, href, parts }) =>
      [{ label: '', value, href }, ...parts].map((one) => [
        id,
        isClock(id, one.label) ? 'by the clock' : one.value === null ? undefined : String(one.value),
        isClock(id, one.label) ? 'by the clock' : `http://127.0.0.1:7325${one.href}`,
      ]),
    );
    const oscal = JSON.parse(
      await ask(assessmentResults, `${at}/assessment-results.json?${query(EVER)}`, { framework }),
    ) as {
      'assessment-results': ReturnType<typeof toAssessmentResults>['assessment-results'];
    };
    const [result] = oscal['assessment-results'].results;
    const propOf = (props: readonly { name: string; value: string }[], name: string) =>
      props.find((prop) => prop.name === name)?.value;
    const observed = result?.observations.slice(controls.length) ?? [];
    expect(
      observed.flatMap(({ props, 'relevant-evidence': evidence = [] }) =>
        evidence.map((one, n) => {
          const id = propOf(props, 'figure');
          const moves = isClock(id, n === 0 ? '' : 'part');
          return [id, moves ? 'by the clock' : propOf(one.props, 'value'), moves ? 'by the clock' : one.href];
        }),
      ),
    ).toEqual(values);
    const ocsf = (await ask(complianceFindings, `${at}/compliance.ocsf.ndjson?${query(EVER)}`, { framework }))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ReturnType<typeof toComplianceFindings>[number]);
    expect(ocsf.map(({ compliance }) => compliance.control)).toEqual(controls.map(({ id }) => id));
    for (const [n, { evidences }] of ocsf.entries())
      expect(evidences?.map(({ uid, data }) => [uid, data.value]) ?? []).toEqual(
        controls[n]?.figures.map((id) => [id, figures.find((one) => one.id === id)?.value]),
      );
  });
});

it('the oldest day is that of the oldest record that states a time, wherever the lake has it', async () => {
  const { figures } = await getControlEvidence(installation.ctx, { framework: 'pci-dss', period: EMPTY });
  expect(figures.find(({ id }) => id === 'oldest-day')?.value).toBe('2019-03-04T00:00:00Z');
});

it('lists every framework with how many of its controls have which strength', async () => {
  const listed = await listFrameworks(installation.ctx);
  expect(listed.map(({ id }) => id)).toEqual([...FrameworkId.options]);
  for (const { id, controls, strengths } of listed) {
    const evidence = await getControlEvidence(installation.ctx, { framework: id, period: EMPTY });
    expect([id, sum(Object.values(strengths))]).toEqual([id, controls]);
    for (const [strength, count] of Object.entries(strengths))
      expect([id, strength, evidence.controls.filter((one) => one.strength === strength).length]).toEqual([
        id,
        strength,
        count,
      ]);
  }
});

it('columns of the CSV are those that are documented, in their order', async () => {
  const [header] = (
    await ask(controlsFile, `/api/v1/control-evidence/soc-2/controls.csv?${query(EMPTY)}`, { framework: 'soc-2' })
  ).split('\r\n');
  const doc = readFileSync(path.resolve(import.meta.dirname, '../../../docs/controls.md'), 'utf8');
  const rows = (doc.split('| column | what |')[1] ?? '').split('## A framework')[0]?.split('\n') ?? [];
  const documented = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(header?.split(',')).toEqual(documented);
  for (const id of [...FrameworkId.options, ...Object.keys(STRENGTHS)]) expect(doc).toContain(`| \`${id}\` |`);
});

it('names of chains stand in the rows behind a figure as text, and never as a formula', async () => {
  const csv = await ask(reports, `/api/v1/reports/integrity.csv?${query(EVER)}`, { file: 'integrity.csv' });
  const names = rowsOf(csv).map((row) => row['chain'] ?? '');
  expect(names.map(unguarded)).toEqual(expect.arrayContaining(HOSTILE));
  expect(names.filter((name) => /^[=@+-]/.test(name))).toEqual([]);
});

it('an unknown framework and a period the wrong way round are refused', async () => {
  const { publicUrl } = installation.ctx.env;
  const status = async (framework: string, search: string) => {
    const request = new Request(`${publicUrl}/api/v1/control-evidence/${framework}?${search}`, {
      headers: { cookie: session },
    });
    return (await controlEvidence(request, { params: Promise.resolve({ framework }) })).status;
  };
  expect([
    await status('hipaa', query(EVER)),
    await status('soc-2', ''),
    await status('soc-2', query({ from: EVER.to, to: EVER.from })),
  ]).toEqual([400, 400, 400]);
});
