import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../core/chain/verdict';
import type { Level } from '../../../core/rules/rule';
import { statementPayload } from '../../../core/statements/dsse';
import { buildPeriodStatement } from '../../../core/statements/predicates/audit-period';
import { buildTestResult } from '../../../core/statements/predicates/test-result';
import { buildVerificationResult } from '../../../core/statements/predicates/verification-result';
import { buildVerificationSummary } from '../../../core/statements/predicates/verification-summary';
import { reportOn, rowsOf, titlesOf } from '../../../testing/ask-verifier';
import { chainStatement } from '../../../testing/chain-statement';
import { fixture } from '../../../testing/fixtures';
import { testSigner } from '../../../testing/sign';

const AT = '2026-05-12T00:00:00.000Z';
const LOG = fixture('occasio', 'valid');
const cut = LOG.indexOf('\n', LOG.length / 3) + 1;
const SEGMENTS = [LOG.subarray(0, cut), LOG.subarray(cut)];
const tampered = Buffer.from(LOG);
tampered.write('X', LOG.indexOf('"tool_name"', LOG.length / 2) + 13);
const signer = testSigner();
const signed = async (statement: object) => JSON.stringify(await signer.signBundle(statementPayload(statement)));
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const KEY = { 'key.pem': signer.key.publicKeyPem };
type Subject = Awaited<ReturnType<typeof chainStatement>>['subject'];

const CLAIMED = { verifier: { id: 'https://sealtrail.example', version: { sealtrail: '0.1.0' } }, verifiedAt: AT };
const POLICY = { uri: 'https://sealtrail.example/policies/a', digest: { sha256: 'a'.repeat(64) } };
const vsaOf = (subject: Subject, verdict: Verdict) =>
  signed(
    buildVerificationSummary({
      subject,
      ...CLAIMED,
      standing: { verdict, hasUncovered: false },
      resourceUri: 'https://sealtrail.example/chains/1',
      policy: POLICY,
      inputAttestations: [],
    }),
  );
const svrOf = (subject: Subject, more: string[]) =>
  signed(
    buildVerificationResult({
      subject,
      ...CLAIMED,
      standing: { verdict: 'verified', hasUncovered: false },
      policies: [],
      more,
    }),
  );
const testsOf = (subject: Subject, verdict: Verdict, levels: readonly Level[] = []) =>
  signed(
    buildTestResult({
      subject,
      standing: { verdict, hasUncovered: false },
      policy: POLICY,
      rules: [{ id: 'r1', name: 'One', digest: { sha256: 'a'.repeat(64) }, levels }],
      url: 'https://sealtrail.example/chains/1',
    }),
  );
const subjectOf = async (...segments: Uint8Array[]) => (await chainStatement('occasio', segments)).subject;
const excerptSubject = (excerpt: string, name: string) => [{ name, digest: { sha256: sha256(excerpt) } }];

describe('a verification summary', () => {
  it.each<[string, Record<string, Uint8Array>]>([
    ['the log', { 'audit.jsonl': LOG }],
    ['its segments', { 'b.jsonl': SEGMENTS[1] ?? LOG, 'a.jsonl': SEGMENTS[0] ?? LOG }],
    ['the files rotation made of it', { 'audit.jsonl': SEGMENTS[1] ?? LOG, 'audit.jsonl.1': SEGMENTS[0] ?? LOG }],
    ['a log that grew since', { 'audit.jsonl': Buffer.concat([LOG, LOG.subarray(0, LOG.indexOf('\n') + 1)]) }],
  ])('that says PASSED is held against %s', async (name, files) => {
    const report = await reportOn({
      ...files,
      'vsa.json': await vsaOf(await subjectOf(...SEGMENTS), 'verified'),
      ...KEY,
    });
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'passed')).toEqual(
      expect.arrayContaining(['It is about bytes that are here', 'It says PASSED', 'It says AUDIT_CHAIN_VERIFIED']),
    );
    expect(report.logs).toHaveLength(1);
    // What was added begins no chain, so that the log as a whole no longer holds; what is attested does.
    expect(report.outcome).toBe(name.includes('grew') ? 'fails' : 'holds');
  });

  it('that says PASSED of a log that was tampered with does not hold, whoever signed it', async () => {
    const report = await reportOn({
      'audit.jsonl': tampered,
      'vsa.json': await vsaOf(await subjectOf(tampered), 'verified'),
      ...KEY,
    });
    expect(report).toMatchObject({ outcome: 'fails', headline: 'It does not hold' });
    expect(titlesOf(report, 'failed')).toEqual(['It says PASSED', 'It says AUDIT_CHAIN_VERIFIED']);
  });

  it('about other bytes than these does not hold', async () => {
    const report = await reportOn({
      'audit.jsonl': tampered,
      'vsa.json': await vsaOf(await subjectOf(LOG), 'verified'),
      ...KEY,
    });
    expect(report).toMatchObject({ outcome: 'fails', headline: 'It does not hold' });
    expect(titlesOf(report, 'failed')).toEqual(['It is about bytes that are here']);
  });

  it('that says FAILED holds of a log that does not; of one that does it is not shown', async () => {
    const rightly = await reportOn({
      'audit.jsonl': tampered,
      'vsa.json': await vsaOf(await subjectOf(tampered), 'tampered'),
      ...KEY,
    });
    expect(titlesOf(rightly, 'passed')).toContain('It says FAILED');
    expect(rightly.headline).toBe('What was signed holds; the log was tampered with');
    const more = await reportOn({
      'audit.jsonl': LOG,
      'vsa.json': await vsaOf(await subjectOf(LOG), 'truncated'),
      ...KEY,
    });
    expect(titlesOf(more, 'skipped')).toEqual(['It says FAILED']);
  });

  it('with a better level than is found does not hold; with a worse one it is not shown', async () => {
    const warned = fixture('occasio', 'valid').toString().replaceAll('\n', '\r\n');
    const files = async (verdict: Verdict, log: string | Uint8Array) => ({
      'audit.jsonl': log,
      'vsa.json': await vsaOf(await subjectOf(Buffer.from(log)), verdict),
      ...KEY,
    });
    expect(titlesOf(await reportOn(await files('verified', warned)), 'failed')).toEqual([
      'It says AUDIT_CHAIN_VERIFIED',
    ]);
    expect(titlesOf(await reportOn(await files('verified-with-warnings', LOG)), 'skipped')).toEqual([
      'It says AUDIT_CHAIN_VERIFIED_WITH_WARNINGS',
    ]);
  });

  it('on one segment only is not shown by it, and is refused by one that was changed', async () => {
    const vsa = await vsaOf(await subjectOf(...SEGMENTS), 'verified');
    expect(titlesOf(await reportOn({ 'b.jsonl': SEGMENTS[1] ?? '', 'vsa.json': vsa, ...KEY }), 'skipped')).toEqual([
      'It says PASSED',
      'It says AUDIT_CHAIN_VERIFIED',
    ]);
    const changed = [tampered.subarray(0, cut), tampered.subarray(cut)];
    expect(
      titlesOf(
        await reportOn({
          'b.jsonl': changed[1] ?? '',
          'vsa.json': await vsaOf(await subjectOf(...changed), 'verified'),
          ...KEY,
        }),
        'failed',
      ),
    ).toContain('It says PASSED');
  });

  it('on some records is held against their excerpt, not against the rest of the chain', async () => {
    const lines = tampered.toString().split('\n');
    const excerpt = `${lines.slice(20, 60).join('\n')}\n`;
    const vsa = await vsaOf(excerptSubject(excerpt, 'audit.records-20-59.jsonl'), 'verified');
    expect(await reportOn({ 'e.jsonl': excerpt, 'vsa.json': vsa, ...KEY })).toMatchObject({ outcome: 'holds' });
    expect(titlesOf(await reportOn({ 'audit.jsonl': tampered, 'vsa.json': vsa, ...KEY }), 'failed')).toEqual([
      'It is about bytes that are here',
    ]);
    const picked = `${[lines[3], lines[90], lines[114]].join('\n')}\n`;
    const broken = await vsaOf(excerptSubject(picked, 'audit.session-7.jsonl'), 'verified');
    expect(titlesOf(await reportOn({ 'e.jsonl': picked, 'vsa.json': broken, ...KEY }), 'failed')).toContain(
      'It says PASSED',
    );
  });

  it('or a test result that names the log around its excerpt too is refused, with whatever is here', async () => {
    const excerpt = `${tampered.toString().split('\n').slice(20, 60).join('\n')}\n`;
    const subject = [...excerptSubject(excerpt, 'audit.records-20-59.jsonl'), ...(await subjectOf(tampered)).slice(1)];
    const TITLE = 'The statement names no more than its result is about';
    for (const statement of [
      await vsaOf(subject, 'verified'),
      await testsOf(subject, 'verified'),
      await svrOf(subject, []),
    ]) {
      for (const log of [{ 'audit.jsonl': tampered }, { 'e.jsonl': excerpt }, {}] as Record<
        string,
        string | Uint8Array
      >[])
        expect(titlesOf(await reportOn({ ...log, 's.json': statement, ...KEY }), 'failed')).toContain(TITLE);
    }
    expect(
      titlesOf(
        await reportOn({ 'audit.jsonl': tampered, 'v.json': await vsaOf(subject, 'verified'), ...KEY }),
        'failed',
      ),
    ).toEqual(expect.arrayContaining(['It says PASSED', TITLE]));
    expect(
      titlesOf(
        await reportOn({ 'audit.jsonl': tampered, 'v.json': await vsaOf(subject, 'tampered'), ...KEY }),
        'failed',
      ),
    ).not.toContain(TITLE);
  });

  it('that says PASSED of a log with content no hash covers does not hold', async () => {
    const legacy = fixture('occasio', 'legacy-then-chain');
    for (const statement of [
      await vsaOf(await subjectOf(legacy), 'verified-with-warnings'),
      await testsOf(await subjectOf(legacy), 'verified'),
    ]) {
      const report = await reportOn({ 'audit.jsonl': legacy, 's.json': statement, ...KEY });
      expect(report.outcome).toBe('fails');
      expect(rowsOf(report).find(({ title }) => title === 'It says PASSED')).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('with content that no hash covers'),
      });
    }
  });

  it('that says FAILED of a chain in pieces is held against them, in the order another statement names', async () => {
    const pieces = [tampered.subarray(0, cut), tampered.subarray(cut)];
    const own = await chainStatement('occasio', pieces);
    const vsa = await vsaOf(
      [{ name: 'audit.jsonl', digest: { sha256: sha256(tampered) } }, ...own.subject.slice(-1)],
      'tampered',
    );
    const report = await reportOn({
      'b.jsonl': pieces[0] ?? '',
      'a.jsonl': pieces[1] ?? '',
      'own.json': await signed(own),
      'vsa.json': vsa,
      ...KEY,
    });
    expect(titlesOf(report, 'passed')).toContain('It says FAILED');
    expect(report.logs).toHaveLength(1);
  });

  it('of others, about a file that is not a log, is not checked', async () => {
    const vsa = await vsaOf([{ name: 'app.tar', digest: { sha256: sha256('hello\n') } }], 'verified');
    const report = await reportOn({ 'app.tar': 'hello\n', 'vsa.json': vsa, ...KEY });
    expect(titlesOf(report, 'passed')).toContain('It is about bytes that are here');
    expect(rowsOf(report).find(({ title }) => title === 'It says PASSED')).toMatchObject({
      status: 'skipped',
      detail: 'Not checked: no log is here that it is about.',
    });
    expect(report.outcome).toBe('unchecked');
  });
});

describe('a verification result', () => {
  const OURS = ['AUDIT_CHAIN_VERIFIED', 'AUDIT_CHAIN_LINKS_VERIFIED', 'AUDIT_CHAIN_NO_GAPS'];
  const ELSEWHERE = ['AUDIT_CHAIN_WITNESSED', 'AUDIT_RULES_NO_HIGH_FINDINGS', 'NICE'];

  it('is held against the log, property by property, with what no log shows told as that', async () => {
    const report = await reportOn({
      'audit.jsonl': LOG,
      'svr.json': await svrOf(await subjectOf(LOG), ELSEWHERE),
      ...KEY,
    });
    expect(titlesOf(report, 'passed')).toEqual(expect.arrayContaining(OURS.map((name) => `It says ${name}`)));
    expect(titlesOf(report, 'skipped')).toEqual(ELSEWHERE.map((name) => `It says ${name}`).toSorted());
    expect(report).toMatchObject({
      outcome: 'holds',
      headline: 'Everything holds that can be checked here',
      lead: expect.stringContaining('stated by the signer alone: It says AUDIT_CHAIN_WITNESSED'),
    });
  });

  it('of a log that was tampered with does not hold', async () => {
    const report = await reportOn({
      'audit.jsonl': tampered,
      'svr.json': await svrOf(await subjectOf(tampered), []),
      ...KEY,
    });
    expect(titlesOf(report, 'failed')).toEqual(OURS.map((name) => `It says ${name}`).toSorted());
  });
});

describe('a test result', () => {
  it('is held against the log by its first test; what rules found is told as not checked', async () => {
    const report = await reportOn({
      'audit.jsonl': LOG,
      'test.json': await testsOf(await subjectOf(LOG), 'verified', ['high']),
      ...KEY,
    });
    expect(rowsOf(report).find(({ title }) => title === 'What rules found')).toMatchObject({
      status: 'skipped',
      detail: 'Not checked: rules are not run in the browser; it says FAILED of 1 rules, with serious findings of r1.',
    });
    expect(titlesOf(report, 'passed')).toContain('It is about bytes that are here');
  });

  it('that passes a log that was tampered with does not hold; one that fails it does', async () => {
    const passed = await reportOn({
      'audit.jsonl': tampered,
      'test.json': await testsOf(await subjectOf(tampered), 'verified'),
      ...KEY,
    });
    expect(titlesOf(passed, 'failed')).toEqual(['It says PASSED']);
    const failed = await reportOn({
      'audit.jsonl': tampered,
      'test.json': await testsOf(await subjectOf(tampered), 'tampered'),
      ...KEY,
    });
    expect(titlesOf(failed, 'passed')).toContain('It says the log does not hold');
    expect(titlesOf(failed, 'failed')).toEqual([]);
  });
});

describe('a period', () => {
  const times = LOG.toString()
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).ts);
  const [from = '', to = ''] = [times[120], times[140]].map((time) => new Date(time ?? 0).toISOString());
  const ordinals = times.flatMap((time, ordinal) =>
    Date.parse(time) >= Date.parse(from) && Date.parse(time) < Date.parse(to) ? [ordinal] : [],
  );
  const RANGE = { first: ordinals[0] ?? 0, last: ordinals.at(-1) ?? 0, count: ordinals.length };
  const periodOf = async (
    log: Uint8Array,
    {
      verdict = 'verified' as Verdict,
      recordRange = RANGE,
      rootHash = '',
      touched = (_: number): boolean => true,
    } = {},
  ) => {
    const { predicate } = await chainStatement('occasio', [log.subarray(0, cut), log.subarray(cut)]);
    const { segments, tree, problems } = predicate as {
      segments: { name: string; digest: { sha256: string } }[];
      tree: { size: number; rootHash: string };
      problems: { counts: object };
    }; // as we build it
    const chain = {
      chain: { name: 'audit', id: 'x' },
      format: 'occasio',
      verdict,
      problemCounts: problems.counts,
      recordRange,
      segments: segments.filter((_, index) => touched(index)).map(({ name, digest }) => ({ name, digest })),
      tree: { ...tree, ...(rootHash && { rootHash }) },
    };
    return signed(
      buildPeriodStatement({
        period: { from, to },
        tool: { name: 'sealtrail', version: '0.1.0' },
        verdict,
        chains: [chain],
        rules: [],
        findingsByLevel: {},
        findings: [],
        attestedAt: AT,
      }),
    );
  };
  const TITLES = [
    'Verdict of "audit"',
    'Records in the period of "audit"',
    'Root of the Merkle tree over 228 records of "audit"',
  ];

  it('holds against each chain that is here, whole or in its segments', async () => {
    const logs: Record<string, Uint8Array | string>[] = [
      { 'audit.jsonl': LOG },
      { 'a.jsonl': SEGMENTS[1] ?? '', 'z.jsonl': SEGMENTS[0] ?? '' },
    ];
    for (const log of logs) {
      const report = await reportOn({ ...log, 'p.json': await periodOf(LOG), ...KEY });
      expect(titlesOf(report, 'passed')).toEqual(expect.arrayContaining([...TITLES, 'Verdict on all chains']));
      expect(report.outcome).toBe('holds');
      expect(report.logs).toHaveLength(1);
    }
  });

  it('in the segments of the period alone, holds but for the root', async () => {
    const report = await reportOn({
      'a.jsonl': SEGMENTS[1] ?? '',
      'p.json': await periodOf(LOG, { touched: (index) => index === 1 }),
      ...KEY,
    });
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'skipped')).toEqual([TITLES[2]]);
  });

  it.each<[string, Parameters<typeof periodOf>[1], string[]]>([
    ['other records', { recordRange: { ...RANGE, count: RANGE.count + 1 } }, ['Records in the period of "audit"']],
    ['another root', { rootHash: 'a'.repeat(64) }, ['Root of the Merkle tree over 228 records of "audit"']],
  ])('that claims %s is refused', async (_, claims, titles) => {
    const files = { 'a.jsonl': SEGMENTS[0] ?? '', 'b.jsonl': SEGMENTS[1] ?? '' };
    expect(titlesOf(await reportOn({ ...files, 'p.json': await periodOf(LOG, claims), ...KEY }), 'failed')).toEqual(
      titles,
    );
  });

  it('that calls verified what was tampered with is refused', async () => {
    expect(
      titlesOf(await reportOn({ 'audit.jsonl': tampered, 'p.json': await periodOf(tampered), ...KEY }), 'failed'),
    ).toEqual(['Verdict of "audit"']);
    expect(
      titlesOf(await reportOn({ 'audit.jsonl': tampered, 'p.json': await periodOf(LOG), ...KEY }), 'failed'),
    ).toEqual(['It is about bytes that are here']);
  });
});
