import type { FindingInFull } from '../core/findings/finding';

const CHAIN = '0b7f1f6e-6f0c-4c55-9a3e-6a5f0c0ffee0';

/** A finding of three records, two of which lie in a closed segment. */
export const SAMPLE_FINDING: FindingInFull = {
  id: '01890000-0000-7000-8000-000000000001',
  ruleId: '2f9f9c3e-55d5-4f4f-8a39-0d1d6c1f5a10',
  ruleDigest: 'ab'.repeat(32),
  title: 'Burst of denied calls',
  level: 'high',
  status: 'new',
  verdict: null,
  suppressedBy: null,
  group: { session_id: 'sess-1', agent: '' },
  windowFrom: '2026-05-11T08:00:00.000Z',
  windowTo: '2026-05-11T08:09:00.001Z',
  measures: { kind: 'event_count', count: 14, threshold: 5, timespan: '15m' },
  recordCount: 14,
  chains: [{ id: CHAIN, name: 'agent-7' }],
  foundAt: '2026-05-11T08:10:00.000Z',
  description: 'Many calls were refused within minutes.',
  falsePositives: ['A new policy.'],
  tags: ['attack.t1565.001'],
  atlas: ['AML.T0053'],
  owasp: ['ASI02'],
  runbook: 'Look at what was refused.',
  records: [0, 1, 2].map((ordinal) => ({
    chainId: CHAIN,
    ordinal,
    segmentDigest: ordinal < 2 ? 'cd'.repeat(32) : null,
    byteOffset: 100 * ordinal,
    byteLength: 99,
    hash: `hash ${ordinal}`,
    recordedAt: '2026-05-11T08:00:00.000000Z',
  })),
};

/** Halves of surrogate pairs, NUL, controls, what breaks lines and markup, an address that is none, and a long one. */
export const HOSTILE_TEXTS = [
  '\ud83d half',
  'half \ude00',
  'nul \0 here',
  '\u0001\u001b[31m\u2028\u2029\r\n',
  '"}],"tool":{}}<script>',
  '%zz ../../ javascript:alert(1)',
  '',
  'long '.repeat(200_000),
];

/** With a text wherever a log or a rule can bring one. */
export function hostileFinding(text: string): FindingInFull {
  const many = [text, `${text}.`];
  return {
    ...SAMPLE_FINDING,
    title: text || 'x',
    description: text,
    runbook: text,
    group: { session_id: text, [text || 'x']: text },
    chains: SAMPLE_FINDING.chains.map(({ id }) => ({ id, name: text || 'x' })),
    tags: many,
    owasp: many,
    atlas: [text || 'x'],
    falsePositives: many,
    records: SAMPLE_FINDING.records.map((record) => ({ ...record, hash: text })),
  };
}
