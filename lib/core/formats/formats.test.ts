import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { type WrittenId, bare, contents, hashOf, resealed, writers } from '../../testing/chains';
import { fixture } from '../../testing/fixtures';
import { referenceFindingOf } from '../../testing/reference-finding';
import type { ChainFormat, CheckedRecord, FormatId, SidecarKind, UnreadableLine } from '../chain/format';
import { formatById, recogniseFormat } from './index';

const hasher = await createHasher();
const byFormat = writers(hasher);
const lines = (format: FormatId, name = 'valid') =>
  fixture(format, name)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
const check = (format: FormatId, line: string | Uint8Array): CheckedRecord | UnreadableLine =>
  formatById(format).check(typeof line === 'string' ? Buffer.from(line) : line, hasher);
const record = (format: FormatId, line: string): CheckedRecord => {
  const checked = check(format, line);
  if (checked.kind !== 'record') throw new Error(checked.message);
  return checked;
};

type Rewrite = { change: string; rewrite: (line: string) => string };
const spacing: Rewrite = { change: 'spacing', rewrite: (line) => line.replaceAll(/(?<!\\)":/g, '": ') };
const escapes: Rewrite = { change: 'escapes', rewrite: (line) => line.replace('é', String.raw`\u00e9`) };
const lastFirst: Rewrite = {
  change: 'key order',
  rewrite: (line) => line.replace(/^\{(.*),("(?:hash|reversible)":(?:true|"[^"]*"))\}$/, '{$2,$1}'),
};
const doubled: Rewrite = { change: 'duplicate key', rewrite: (line) => line.replace(/^\{("\w+"):/, '{$1:0,$1:') };
const REWRITES: Record<WrittenId, Rewrite[]> = {
  // Insertion order is Occasio's own order, so only where its hash stands is free.
  occasio: [
    spacing,
    escapes,
    { change: 'spelling', rewrite: (line) => line.replace(/^\{(.*),("hash":"[^"]*")\}$/, '{$2,$1}') },
    doubled,
  ],
  arbiter: [
    spacing,
    escapes,
    {
      change: 'key order',
      rewrite: (line) =>
        line.replace(/^\{(.*),("chain_prev_hash":"[^"]*"),("chain_record_hash":"[^"]*")\}$/, '{$3,$2,$1}'),
    },
  ],
  nono: [
    spacing,
    escapes,
    { change: 'key order', rewrite: (line) => line.replace(/^\{("sequence":\d+),(.*)\}$/, '{$2,$1}') },
    {
      change: 'upper case',
      rewrite: (line) =>
        line.replace(/"(leaf_hash|chain_hash)":"([^"]*)"/g, (_, key, hash) => `"${key}":"${hash.toUpperCase()}"`),
    },
  ],
  agentfence: [
    spacing,
    escapes,
    lastFirst,
    { change: 'escapes', rewrite: (line) => line.replace(String.raw`\u003c`, '<') },
    { change: 'key case', rewrite: (line) => line.replace('"session_id"', '"Session_ID"') },
    { change: 'key case', rewrite: (line) => line.replace('"session_id"', '"\u017Fession_id"') },
    { change: 'unknown key', rewrite: (line) => line.replace('{', '{"x":1,') },
    { change: 'duplicate key', rewrite: (line) => line.replace('"tool"', '"tool":"x","tool"') },
  ],
  vouch: [spacing, { change: 'escapes', rewrite: (line) => line.replace(String.raw`\u00e9`, 'é') }, lastFirst, doubled],
};

/** The record with a key given twice, hashed as it is. */
const SEAL_DOUBLED: Record<WrittenId, (line: string) => string> = {
  occasio: (line) => sealed(line, (covered) => hasher.sha256(Buffer.from(covered))),
  arbiter: (line) => sealed(line, (covered) => hasher.blake3(Buffer.from(covered))),
  agentfence: (line) => sealed(line, (covered) => hasher.sha256(Buffer.from(covered))),
  vouch: (line) => sealed(line, (covered) => hasher.sha256(Buffer.from('0'.repeat(64) + covered))),
  // Its hash does not cover the envelope.
  nono: (line) => line.replace('{', '{"x":1,"x":2,'),
};
const sealed = (line: string, digest: (covered: string) => string) => {
  const covered = bare(line).replace('{', '{"x":1,"x":2,');
  return line.replace('{', '{"x":1,"x":2,').replace(hashOf(line), digest(covered));
};

const written = Object.values(byFormat).map(({ format }) => format);

describe.each(written)('$label', ({ id, toEvent, recognise }) => {
  const [written = ''] = byFormat[id].write([{ tool: 'bash', decision: 'deny', note: 'é<"\\ 1' }]);

  it('is recognised by its records, and by no other format’s', () => {
    for (const name of ['valid', 'tampered', 'truncated-tail', 'reordered', 'gap'])
      expect(recogniseFormat(lines(id, name).map((line) => Buffer.from(line)))).toBe(id);
    expect(recogniseFormat([])).toBeNull();
    expect(
      recogniseFormat(
        ['{}', 'null', '{"hash":"x","prev_hash":"y","event":"kb.init"}', 'plain text'].map((line) => Buffer.from(line)),
      ),
    ).toBeNull();
    expect(recogniseFormat(['damaged', written].map((line) => Buffer.from(line)))).toBe(id);
  });

  it('takes a hash over the bytes as they lie', () => {
    expect(record(id, written)).toMatchObject({ hash: hashOf(written), computed: hashOf(written), notes: [] });
  });

  it.each(REWRITES[id])('knows a record written anew: $change', ({ change, rewrite }) => {
    expect(record(id, rewrite(written))).toMatchObject({
      hash: hashOf(written),
      computed: hashOf(written),
      notes: expect.arrayContaining([
        expect.objectContaining({
          code: 're-serialised',
          expected: hashOf(written),
          message: expect.stringContaining(change),
        }),
      ]),
    });
  });

  it('names a key given twice, also where the hash covers the bytes', () => {
    const twice = record(id, SEAL_DOUBLED[id](written));
    expect(twice.computed).toBe(twice.hash);
    expect(twice.notes).toContainEqual(expect.objectContaining({ code: 'duplicate-key', found: 'x' }));
    expect(twice.notes.map(({ code }) => code)).not.toContain('re-serialised');
  });

  it('turns any object into an event', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(JSON.parse(written)), 'tool_inputs', 'event_type', 'input_tokens', 'cost'),
          fc.jsonValue(),
        ),
        (value) => {
          const event = toEvent(value);
          for (const key of [
            'kind',
            'agent',
            'sessionId',
            'runId',
            'tool',
            'reason',
            'policy',
            'target',
            'protocol',
            'model',
          ] as const)
            expect(typeof event[key]).toBe('string');
          for (const key of ['secretsRedacted', 'inputTokens', 'outputTokens', 'latencyMs'] as const)
            expect(Number.isSafeInteger(event[key]) && event[key] >= 0).toBe(true);
          expect(Number.isFinite(event.costUsd)).toBe(true);
          expect(recognise(value)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('hashes every record of a genuine chain as it was hashed', () => {
    fc.assert(
      fc.property(contents(1, 5), (list) => {
        for (const line of byFormat[id].write(list))
          expect(record(id, line)).toMatchObject({ computed: hashOf(line), notes: [] });
      }),
    );
  });
});

describe('events of Occasio', () => {
  const events = lines('occasio').map((line) => formatById('occasio').toEvent(JSON.parse(line)));
  const count = (decision: string) => events.filter((event) => event.decision === decision).length;

  it('carry the decision of calls and of requests', () => {
    expect(
      Object.fromEntries(
        ['allow', 'deny', 'transform', 'local', 'info'].map((decision) => [decision, count(decision)]),
      ),
    ).toEqual({ allow: 82, deny: 32, transform: 30, local: 81, info: 3 });
  });

  it('say what was acted on, and with what', () => {
    expect(events[0]).toMatchObject({
      kind: 'policy_loaded',
      decision: 'info',
      policy: 'user',
      target: '/home/ü/.occasio/policy.yml',
      recordedAt: '2026-05-11T08:00:00.000Z',
    });
    expect(events[2]).toMatchObject({
      decision: 'deny',
      agent: 'claude-code',
      sessionId: 'sess-1',
      tool: 'grep',
      reason: 'path-denied',
      policy: 'identity-gate',
      target: '/srv/repo',
      protocol: 'anthropic-http',
      originalDecision: 'BLOCK',
      resourceClass: 'path',
    });
    expect(events[3]).toMatchObject({ decision: 'transform', secretsRedacted: 2 });
    expect(events[10]).toMatchObject({
      kind: 'request',
      decision: 'local',
      reason: 'local_only',
      model: 'claude-opus-4-7',
      inputTokens: 1010,
      outputTokens: 10,
      costUsd: 1e-7,
    });
  });

  it.each([
    ['blocked', 'deny'],
    ['budget_exceeded', 'deny'],
    ['cloud_sent', 'allow'],
    ['local_only', 'local'],
    ['trimmed', 'transform'],
    ['partial_intercept', 'transform'],
    ['unheard_of', 'info'],
  ])('a request %s is %s', (eventType, decision) => {
    expect(formatById('occasio').toEvent({ kind: 'request', event_type: eventType }).decision).toBe(decision);
  });
});

describe('events of Arbiter', () => {
  const { toEvent } = formatById('arbiter');
  const [first, second] = lines('arbiter').map((line) => toEvent(JSON.parse(line)));

  it('say who was allowed what, and what was flagged', () => {
    expect(first).toMatchObject({
      recordedAt: '2026-03-15T14:32:00.000456789Z',
      decision: 'allow',
      policy: 'allow-read-basic',
      agent: 'agent\ninjected',
      tool: 'read_file',
      reason: "session intent 'x' classified as unknown (unclassified); scope_violation; secret:aws_key",
    });
    expect(second).toMatchObject({
      decision: 'deny',
      reason: 'governance',
      reasonCode: 'governance',
      originalDecision: 'deny',
      resourceClass: 'path',
      target: '/etc/hosts',
      latencyMs: 1,
      sessionId: 'd1135a6d-3828-45a8-a6fc-2138570b4239',
    });
  });

  it.each([
    [{ authorization_decision: 'escalate' }, 'ask'],
    [{ authorization_decision: 'allow', failure_category: 'infrastructure' }, 'error'],
    [{ authorization_decision: 'deny', failure_category: 'infrastructure' }, 'deny'],
    [{ authorization_decision: 'perhaps' }, 'info'],
  ])('%j is %s', (given, decision) => {
    expect(toEvent(given).decision).toBe(decision);
  });

  it('count what was redacted from arguments, and tell an upstream failure', () => {
    expect(
      toEvent({ arguments: { password: '[REDACTED]', nested: [{ token: '[REDACTED]' }] }, upstream_status: 502 }),
    ).toMatchObject({ secretsRedacted: 2, reason: 'upstream 502', upstreamStatus: 502 });
  });
});

/** A record that holds a value where its format takes any. */
function holding(format: ChainFormat<WrittenId, SidecarKind>, value: string): string {
  const [line = ''] = byFormat[format.id].write([{ tool: 'bash', decision: 'deny', note: 'HERE' }]);
  return resealed(
    hasher,
    format,
    line.replace(/"(path|note|event_id)":"HERE"/, (_, key: string) => `"${key}":${value}`),
  );
}
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

it('Occasio, an audit schema nested deep: the record is one of a schema that is not known', () => {
  const line = holding(byFormat.occasio.format, '1').replace('"audit_schema":1', `"audit_schema":${lists(12_000)}`);
  expect(record('occasio', line)).toMatchObject({ notes: [{ code: 'unknown-schema', found: '['.repeat(80) }] });
});

describe.each(written.filter(({ id }) => id !== 'nono'))('$label, nested deep', (format) => {
  const objects = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
  const spaced = (line: string) => line.replace('{"a":', '{"a": ');

  it.each([250, 300, 1_000, 6_000, 9_000])(
    'at %i levels a record is proven as written, and known when it was written anew',
    (levels) => {
      const line = holding(format, objects(levels));
      expect(record(format.id, line)).toMatchObject({ computed: hashOf(line), notes: [] });
      expect(record(format.id, spaced(line))).toMatchObject({
        computed: hashOf(line),
        notes: [{ code: 're-serialised', message: expect.stringContaining('spacing') }],
      });
      expect(record(format.id, line.replace('1]}', '2]}')).computed).not.toBe(hashOf(line));
    },
  );

  it('deeper than the readers of the tools go, what is not as hashed is not called altered', () => {
    const line = holding(format, objects(9_000)).replace('{"a":[1', `{"a":[${lists(2_000)},1`);
    const limitless = { kind: 'record', hash: hashOf(line), notes: [] }; // JSON.stringify, Occasio's, has no limit of its own
    expect(check(format.id, line)).toMatchObject(
      format.id === 'occasio' ? limitless : { kind: 'unreadable', code: 'not-a-record' },
    );
  });
});

it.each([
  ['vouch', 600, 'ok'],
  ['vouch', 2_000, 'not-followed'],
  ['agentfence', 9_998, 'ok'],
  ['agentfence', 9_999, 'corrupt'],
] as const)('%s’s own verifier, of a value nested %i levels: %s', (id, levels, verdict) => {
  const { format } = byFormat[id];
  expect(referenceFindingOf(format, hasher, Buffer.from(holding(format, lists(levels))))).toMatchObject({ verdict });
});
