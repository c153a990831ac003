import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ALWAYS,
  CHAIN,
  type LakeEvent,
  type RuleLake,
  TABLE,
  bothWays,
  hitsIn,
  makeRuleLake,
} from '../../../testing/rule-lake';
import { EVENT_FIELDS } from '../../event/fields';
import { toEvent } from '../../formats/occasio/to-event';
import { compileRule } from '../compile';
import { parseRuleFile } from '../parse';
import { LEVELS, type Level, type RuleFile } from '../rule';
import { levelOf } from './kind';

const FIXTURES = new URL('../fixtures/occasio/', import.meta.url);
const RUNS = Number(process.env['SEALTRAIL_RULE_RUNS'] ?? 8);
const MINUTE_MS = 60_000;

type Row = {
  ts: string;
  action: string;
  tool_name: string;
  tool_inputs: { path?: string };
  secrets_redacted?: number;
  hash?: string;
};
type Alert = { detector_id: string; severity: Level; observed: number; rows_implicated: string[] };
const read = (name: string) => readFileSync(new URL(name, FIXTURES), 'utf8');
const rowsOf = (profile: string) =>
  read(`${profile}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** As the lake has it. */
function eventOf(row: Row, index: number): LakeEvent {
  const event = toEvent({ kind: 'tool_call', agent: 'claude-code', ...row });
  const named = Object.fromEntries(EVENT_FIELDS.map(({ name, key }) => [name, event[key] ?? '']));
  return { ...named, recorded_at: row.ts, chain_id: CHAIN, ordinal: index, hash: row.hash ?? `h${index}` };
}

/** What each detector measures of a window, and how that compares with the history: null where it raises nothing. */
type Said = { observed: number; severity: Level } | null;
type Around = { inside: readonly Row[]; before: readonly Row[]; windowMs: number };
type Bounds = { least: number; ratio: number; high: number; warm: number; cold: number };
type Detector = { of: (row: Row) => boolean; said: (around: Around, bounds: Bounds) => Said; bounds: Bounds };

const atMs = ({ ts }: Row) => Date.parse(ts);
const spanMs = (rows: readonly Row[]) => (rows.length === 0 ? 0 : atMs(rows.at(-1) as Row) - atMs(rows[0] as Row)); // there are some
const isBlock = ({ action }: Row) => action === 'BLOCK';
const isRead = ({ tool_name: tool, tool_inputs: { path } }: Row) => /^read(_file)?$/i.test(tool) && !!path;
const files = (rows: readonly Row[]) => new Set(rows.filter(isRead).map(({ tool_inputs: { path } }) => path)).size;
const secrets = (rows: readonly Row[]) => rows.reduce((sum, { secrets_redacted: n = 0 }) => sum + n, 0);

const DETECTORS: Readonly<Record<string, Detector>> = {
  'deny-rate': {
    of: isBlock,
    bounds: { least: 5, ratio: 3, high: 10, warm: 100, cold: 0.5 },
    said: ({ inside, before, windowMs }, { least, ratio, high, warm, cold }) => {
      const observed = inside.filter(isBlock).length;
      if (observed < least) return null;
      if (before.length < warm) return observed / inside.length < cold ? null : { observed, severity: 'medium' };
      if (spanMs(before) <= 0) return null;
      const rate = (before.filter(isBlock).length / spanMs(before)) * windowMs;
      if (rate <= 0) return { observed, severity: 'high' };
      if (observed / rate < ratio) return null;
      return { observed, severity: observed / rate > high ? 'high' : 'medium' };
    },
  },
  'file-read-volume': {
    of: isRead,
    bounds: { least: 20, ratio: 1.5, high: 4, warm: 5, cold: 60 },
    said: ({ inside, before, windowMs }, { least, ratio, high, warm, cold }) => {
      const observed = files(inside);
      if (observed < least) return null;
      const first = before[0];
      const windows =
        first && spanMs(before) > 0
          ? [...Map.groupBy(before.filter(isRead), (row) => Math.floor((atMs(row) - atMs(first)) / windowMs)).values()]
          : [];
      if (windows.length < warm) return observed < cold ? null : { observed, severity: 'medium' };
      const sizes = windows.map(files).toSorted((a, b) => a - b);
      const p95 = sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.95))] ?? 0;
      if (observed < p95 * ratio) return null;
      return { observed, severity: observed / p95 > high ? 'high' : 'medium' };
    },
  },
  'secret-redact-rate': {
    of: ({ secrets_redacted: n = 0 }) => n > 0,
    bounds: { least: 0, ratio: 5, high: 20, warm: 200, cold: 5 },
    said: ({ inside, before, windowMs }, { ratio, high, warm, cold }) => {
      const observed = secrets(inside);
      if (before.length >= warm) {
        if (secrets(before) === 0) return { observed, severity: 'high' };
        if (spanMs(before) > 0) {
          const more = observed / Math.max((secrets(before) / spanMs(before)) * windowMs, 0.01);
          return { observed, severity: more < ratio ? 'low' : more > high ? 'high' : 'medium' };
        }
      }
      return { observed, severity: observed < cold ? 'low' : 'medium' };
    },
  },
};

/** The rule of a detector, with other numbers than its own. */
function ruleOf(id: string, { least, ratio, high, warm, cold }: Bounds, windowMinutes: number): RuleFile {
  const own = DETECTORS[id]?.bounds;
  if (!own) throw new Error(`there is no detector ${id}`);
  const replaced: [from: string, to: string][] = [
    ['timespan: 15m', `timespan: ${windowMinutes}m`],
    [`gte: ${own.least}\nbaseline`, `gte: ${least}\nbaseline`],
    [
      /(records|windows): \d+/.exec(read(`${id}.yml`))?.[0] ?? '',
      `${id === 'file-read-volume' ? 'windows' : 'records'}: ${warm}`,
    ],
    [`gt: ${own.high}\n`, `gt: ${high}\n`],
    ...(id === 'secret-redact-rate'
      ? ([
          [`ratio:\n        lt: ${own.ratio}`, `ratio:\n        lt: ${ratio}`],
          [`condition:\n          lt: ${own.cold}`, `condition:\n          lt: ${cold}`],
        ] satisfies [string, string][])
      : ([
          [`  ratio:\n    gte: ${own.ratio}`, `  ratio:\n    gte: ${ratio}`],
          [`      gte: ${own.cold}`, `      gte: ${cold}`],
        ] satisfies [string, string][])),
  ];
  return parseRuleFile(
    replaced.reduce((yaml, [from, to]) => yaml.replace(from, to), read(`${id}.yml`)),
    `${id}.yml`,
  );
}

/** What a detector says when it is asked at each record that it is about, those that lie together as one. */
function saidOf(id: string, rows: readonly Row[], windowMs: number, bounds: Bounds) {
  const detector = DETECTORS[id] as Detector; // by the list
  const times = [...new Set(rows.filter(detector.of).map(atMs))];
  const bursts: { toUs: number; peak: number; level: Level }[] = [];
  for (const nowMs of times) {
    const before = rows.filter((row) => atMs(row) < nowMs - windowMs);
    const inside = rows.filter((row) => atMs(row) >= nowMs - windowMs && atMs(row) <= nowMs);
    const said = detector.said({ inside, before, windowMs }, bounds);
    if (!said) continue;
    const open = bursts.at(-1);
    const isSame = open && nowMs * 1000 - (open.toUs - 1) <= windowMs * 1000;
    const worst = LEVELS.find((level) => level === said.severity || (isSame && level === open.level)) ?? said.severity;
    const one = { toUs: nowMs * 1000 + 1, peak: Math.max(said.observed, isSame ? open.peak : 0), level: worst };
    bursts.splice(isSame ? -1 : bursts.length, isSame ? 1 : 0, one);
  }
  return bursts;
}

let lake: RuleLake;
beforeAll(async () => {
  lake = await makeRuleLake();
});
afterAll(async () => {
  await lake?.close();
});

async function foundOf(rule: RuleFile, events: readonly LakeEvent[]) {
  const { lake: found, plain } = await bothWays(lake, rule, events);
  expect(found).toEqual(plain);
  return found.map(({ windowToUs: toUs, peak, severity = 0 }) => ({ toUs, peak, level: levelOf(severity) }));
}

const expected = JSON.parse(read('expected.json')) as {
  now: string;
  results: Record<string, Record<string, { alerts: Alert[]; window_start: string }>>;
};

describe.each(Object.keys(expected.results))('the profile %s', (profile) => {
  const rows = rowsOf(profile);
  const events = rows.map(eventOf);
  describe.each(Object.entries(DETECTORS))('%s', (id, { bounds }) => {
    it.each([1, 2])('raises what the detector does, at its severity, times %i', async (times) => {
      const { alerts = [], window_start: start = '' } = expected.results[profile]?.[`m${times}`] ?? {};
      // the detector of secrets leaves the multiplier alone
      const scaled = { ...bounds, ratio: bounds.ratio * (id === 'secret-redact-rate' ? 1 : times) };
      const rule = ruleOf(id, scaled, 15);
      await lake.load(events);
      expect(await foundOf(rule, events)).toEqual(saidOf(id, rows, 15 * MINUTE_MS, scaled));
      // and from the window alone, with the rest as its history
      const hits = await hitsIn(lake.client, compileRule(rule, { from: start, to: ALWAYS.to, table: TABLE }));
      expect(
        hits.map(({ measured: { peak, severity = 0 }, records }) => ({
          detector_id: id,
          severity: levelOf(severity),
          observed: peak,
          rows_implicated: records.slice(0, 5).map(({ place: [, , , , , hash] }) => hash),
        })),
      ).toEqual(
        alerts
          .filter(({ detector_id: of }) => of === id)
          .map(({ detector_id, severity, observed, rows_implicated }) => ({
            detector_id,
            severity,
            observed,
            rows_implicated,
          })),
      );
    });
  });
});

it('finds nothing high on the quiet profile', async () => {
  const rows = rowsOf('quiet').map(eventOf);
  await lake.load(rows);
  for (const [id, { bounds }] of Object.entries(DETECTORS))
    expect((await foundOf(ruleOf(id, bounds, 15), rows)).map(({ level }) => level)).not.toContain('high');
});

const row = fc.record({
  minute: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400 })),
  second: fc.integer({ min: 0, max: 59 }),
  action: fc.constantFrom('BLOCK', 'LOCAL', 'LOCAL'),
  tool: fc.constantFrom('read_file', 'Read', 'grep'),
  path: fc.integer({ min: 0, max: 12 }),
  secrets: fc.constantFrom(0, 0, 0, 1, 4),
});
const drawn: fc.Arbitrary<Row[]> = fc.array(row, { minLength: 1, maxLength: 120 }).map((list) =>
  list
    .toSorted((a, b) => a.minute - b.minute || a.second - b.second)
    .map(({ minute, second, action, tool, path, secrets: n }) => ({
      ts: new Date(Date.UTC(2026, 4, 14, 0, minute, second)).toISOString(),
      action,
      tool_name: tool,
      tool_inputs: path === 0 ? {} : { path: `/f${path}` },
      ...(n > 0 && { secrets_redacted: n }),
    })),
);
const bounds = fc.record({
  least: fc.integer({ min: 1, max: 6 }),
  ratio: fc.constantFrom(0.5, 1, 1.5, 2, 3, 1.1 * 1.5),
  high: fc.constantFrom(2, 4, 10),
  warm: fc.integer({ min: 1, max: 20 }),
  cold: fc.constantFrom(0.25, 0.5, 1, 3),
});

describe.each(Object.keys(DETECTORS))('%s', (id) => {
  it('says what the detector does at other windows and thresholds', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, bounds, fc.constantFrom(1, 5, 15, 60), async (rows, numbers, minutes) => {
        const events = rows.map(eventOf);
        await lake.load(events);
        expect(await foundOf(ruleOf(id, numbers, minutes), events)).toEqual(
          saidOf(id, rows, minutes * MINUTE_MS, numbers),
        );
      }),
      { numRuns: Math.ceil(RUNS / 2), endOnFailure: true },
    );
  });
});

/** What `unknown-tool-input` tells calls apart by, and what it calls sensitive. */
const NEVER_SEEN = ['unknown-tool-input', 'unknown-tool-input-sensitive'] as const;
const SENSITIVE = /\b(env|privileged|sudo|raw|exec|eval|stdin|cap|caps|seccomp)\b/;
const printOf = ({ tool_name: tool, tool_inputs: inputs }: Row) =>
  `${tool.toLowerCase()}:${Object.keys(inputs).toSorted().join(',')}`;
const isCall = ({ kind = 'tool_call' }: Row & { kind?: string }) => kind === 'tool_call';

function neverSeenIn(rows: readonly Row[], windowMs: number, warm: number) {
  return [...Map.groupBy(rows.filter(isCall), printOf)].flatMap(([print, calls]) => {
    const bursts: { toUs: number; peak: number; level: Level }[] = [];
    for (const nowMs of new Set(calls.map(atMs))) {
      const isBefore = (row: Row) => atMs(row) < nowMs - windowMs;
      if (rows.filter(isBefore).length < warm || calls.some(isBefore)) continue;
      const peak = calls.filter((row) => atMs(row) <= nowMs).length;
      const level = SENSITIVE.test(print.split(':')[1] ?? '') ? 'high' : 'low';
      bursts.splice(0, 1, { toUs: nowMs * 1000 + 1, peak, level });
    }
    return bursts.map((burst) => ({ print, ...burst }));
  });
}

async function neverSeenFound(events: readonly LakeEvent[], windowMinutes: number, warm: number) {
  const found = await Promise.all(
    NEVER_SEEN.map(async (name) => {
      const yaml = read(`${name}.yml`)
        .replace('timespan: 15m', `timespan: ${windowMinutes}m`)
        .replace('records: 200', `records: ${warm}`);
      const rule = parseRuleFile(yaml, `${name}.yml`);
      const { lake: inLake, plain } = await bothWays(lake, rule, events);
      expect(inLake).toEqual(plain);
      return inLake.map(({ groupValues: [, tool, shape = ''], windowToUs: toUs, peak }) => ({
        print: `${tool}:${shape.slice(1, -1)}`,
        toUs,
        peak,
        level: rule.level,
      }));
    }),
  );
  return found.flat();
}

const byPrint = (a: { print: string }, b: { print: string }) => (a.print < b.print ? -1 : 1);

describe('unknown-tool-input', () => {
  it.each(Object.keys(expected.results))('raises what the detector does on the profile %s', async (profile) => {
    const rows = rowsOf(profile);
    await lake.load(rows.map(eventOf));
    const found = await neverSeenFound(rows.map(eventOf), 15, 200);
    expect(found.toSorted(byPrint)).toEqual(neverSeenIn(rows, 15 * MINUTE_MS, 200).toSorted(byPrint));
    const alerts = expected.results[profile]?.['m1']?.alerts ?? [];
    expect(found.map(({ level, peak }) => [level, peak]).toSorted()).toEqual(
      alerts
        .filter(({ detector_id: of }) => of === 'unknown-tool-input')
        .map(({ severity, observed }) => [severity, observed])
        .toSorted(),
    );
  });

  it('says what the detector does at other windows and thresholds', async () => {
    const call = fc.record({
      minute: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400 })),
      kind: fc.constantFrom('tool_call', 'tool_call', 'request'),
      tool: fc.constantFrom('bash', 'Bash', 'mcp:exec', 'mcp:read:raw', 'grep'),
      names: fc.subarray(['env', 'path', 'a:exec', 'Raw', '.caps']),
    });
    const calls = fc.array(call, { minLength: 1, maxLength: 60 }).map((list) =>
      list
        .toSorted((a, b) => a.minute - b.minute)
        .map(({ minute, kind, tool, names }) => ({
          ts: new Date(Date.UTC(2026, 4, 14, 0, minute)).toISOString(),
          kind,
          action: 'LOCAL',
          tool_name: tool,
          tool_inputs: Object.fromEntries(names.map((name) => [name, 'x'])),
        })),
    );
    await fc.assert(
      fc.asyncProperty(
        calls,
        fc.constantFrom(1, 15, 60),
        fc.integer({ min: 0, max: 12 }),
        async (rows, minutes, warm) => {
          const events = rows.map(eventOf);
          await lake.load(events);
          expect((await neverSeenFound(events, minutes, warm)).toSorted(byPrint)).toEqual(
            neverSeenIn(rows, minutes * MINUTE_MS, warm).toSorted(byPrint),
          );
        },
      ),
      { numRuns: Math.ceil(RUNS / 2), endOnFailure: true },
    );
  });
});
