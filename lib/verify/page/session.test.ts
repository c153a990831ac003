import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { statementPayload } from '../../core/statements/dsse';
import { createHasher } from '../../crypto/hasher';
import { givenFile, reportOn, rowsOf, titlesOf } from '../../testing/ask-verifier';
import { chainStatement } from '../../testing/chain-statement';
import { fixture, fixtureText } from '../../testing/fixtures';
import { makeZip } from '../../testing/make-zip';
import { spkiDigest, testSigner } from '../../testing/sign';
import type { Report } from './outcome';
import { createSession } from './session';

const LOG = fixture('occasio', 'valid');
const cut = LOG.indexOf('\n', LOG.length / 3) + 1;
const SEGMENTS = [LOG.subarray(0, cut), LOG.subarray(cut)];
const signer = testSigner();
const PEM = signer.key.publicKeyPem;
const signed = async (statement: object, by = signer) =>
  JSON.stringify(await by.signBundle(statementPayload(statement)));
const BUNDLE = await signed(await chainStatement('occasio', SEGMENTS));
const zipOf = (files: Record<string, Buffer>) =>
  makeZip(Object.entries(files).map(([name, content]) => ({ name, content })));
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const tampered = Buffer.from(LOG);
tampered.write('X', LOG.indexOf('"tool_name"', LOG.length / 2) + 13);

const SUBJECT = 'These are the bytes it covers';
const SIGNED = `Signed with the key ${signer.key.hint}`;

describe('a log and the statement on it', () => {
  it('hold, everything compared', async () => {
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': BUNDLE, 'key.pem': PEM });
    expect(report).toMatchObject({ outcome: 'holds', headline: 'Everything holds' });
    expect(titlesOf(report, 'passed')).toEqual([
      SIGNED,
      'The bundle is a signed in-toto statement',
      'The signature is by a key we trust',
      'The statement says what its type promises',
      SUBJECT,
      'Records',
      'Hash of the last record',
      'Verdict',
      'Root of the Merkle tree over 228 records',
      'Attested by',
    ]);
    expect(rowsOf(report)).toHaveLength(10);
    expect(report.logs[0]).toMatchObject({ state: { verdict: 'verified', records: 228 } });
    expect(report.checked[0]?.says).toMatchObject({ proven: true });
  });

  it.each([
    ['the log compressed', { 'audit.jsonl.gz': gzipSync(LOG) }, 'passed'],
    [
      'the segments as files of their own, in any order',
      { 'z.jsonl': SEGMENTS[0] ?? '', 'a.jsonl': SEGMENTS[1] ?? '' },
      'passed',
    ],
    ['a log that has grown since', { 'audit.jsonl': Buffer.concat([LOG, Buffer.from('\n')]) }, 'passed'],
    ['no log at all', {}, 'skipped'],
    ['one of its segments', { 'b.jsonl': SEGMENTS[1] ?? '' }, 'passed'],
  ] as const)('with %s', async (_, files, status) => {
    const report = await reportOn({ ...files, 'b.sigstore.json': BUNDLE, 'key.pem': PEM });
    expect(rowsOf(report).find(({ title }) => title === SUBJECT)).toMatchObject({ status });
    expect(titlesOf(report, 'failed')).toEqual([]);
  });

  it('a log that has grown since holds as far as it was attested', async () => {
    const first = await chainStatement('occasio', SEGMENTS.slice(0, 1));
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': await signed(first), 'key.pem': PEM });
    expect(report.outcome).toBe('holds');
    expect(rowsOf(report).find(({ title }) => title === SUBJECT)?.detail).toMatch(
      /^The first [\d,]+ bytes of audit\.jsonl have the SHA-256 it states; [\d,]+ bytes more were written since/,
    );
    expect(titlesOf(report, 'passed')).toContainEqual(
      expect.stringMatching(/^Root of the Merkle tree over \d\d records$/),
    );
    expect(report.logs[0]?.state).toMatchObject({ records: 228 });
  });

  it.each([
    ['in use', null, 'holds', 0],
    ['taken out of use since', '2100-01-01T00:00:00Z', 'holds', 0],
    ['taken out of use before', '2020-01-01T00:00:00Z', 'fails', 1],
  ])('with the keys as they are published, its own %s', async (_, retiredAt, outcome, refused) => {
    const keys = JSON.stringify({
      items: [
        {
          hint: signer.key.hint,
          algorithm: 'ECDSA P-256 with SHA-256',
          createdAt: '2019-01-01T00:00:00Z',
          retiredAt,
          publicKeyPem: PEM,
        },
      ],
      nextCursor: null,
    });
    for (const given of [
      { 'keys.json': keys },
      { 'key.pem': PEM, 'keys.json': keys },
      { 'a.json': keys, 'key.pem': PEM },
    ] as Record<string, string>[]) {
      const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': BUNDLE, ...given });
      expect(report.outcome).toBe(outcome);
      expect(
        rowsOf(report).filter(
          ({ status, detail }) => status === 'failed' && detail.includes('key was retired at 2020-01-01T00:00:00Z'),
        ),
      ).toHaveLength(refused);
    }
  });

  it('a log with a byte changed is refused, and the record named', async () => {
    const report = await reportOn({ 'audit.jsonl': tampered, 'b.sigstore.json': BUNDLE, 'key.pem': PEM });
    expect(report.outcome).toBe('fails');
    expect(titlesOf(report, 'failed')).toEqual([SUBJECT]);
    expect(report.lead).toMatch(
      /1 of its 2 segments is the same; changed from byte .* In the log, record 114, line 115: The content does not match/,
    );
    expect(report.logs[0]?.state).toMatchObject({ kind: 'walked', verdict: 'tampered' });
  });

  it('a log that lost its end is refused', async () => {
    const report = await reportOn({
      'audit.jsonl': LOG.subarray(0, LOG.lastIndexOf('\n', LOG.length - 2) + 1),
      'b.sigstore.json': BUNDLE,
      'key.pem': PEM,
    });
    expect(titlesOf(report, 'failed')).toEqual([SUBJECT]);
  });

  it('a statement that says more than the log bears out is refused, however well it is signed', async () => {
    const statement = await chainStatement('occasio', SEGMENTS);
    const lies = {
      ...statement,
      predicate: {
        ...statement.predicate,
        verdict: 'tampered',
        recordRange: { first: 0, last: 300, count: 301 },
        tree: { size: 228, rootHash: 'a'.repeat(64) },
        hashes: { algorithm: 'sha256', previous: null, first: null, last: 'b'.repeat(64) },
      },
    };
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': await signed(lies), 'key.pem': PEM });
    expect(titlesOf(report, 'failed')).toEqual([
      'Records',
      'Hash of the last record',
      'Verdict',
      'Root of the Merkle tree over 228 records',
    ]);
  });

  it('a failing log that was attested as failing: what was signed holds, the log does not', async () => {
    const report = await reportOn({
      'audit.jsonl': tampered,
      'b.sigstore.json': await signed(await chainStatement('occasio', [tampered])),
      'key.pem': PEM,
    });
    expect(report).toMatchObject({ outcome: 'fails', headline: 'What was signed holds; the log was tampered with' });
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'passed')).toContain('Root of the Merkle tree over 228 records');
  });

  it('what the server saw earlier cannot be shown by the log alone', async () => {
    const statement = await chainStatement('occasio', [LOG]);
    const witnessed = {
      ...statement,
      predicate: {
        ...statement.predicate,
        verdict: 'truncated',
        problems: { placed: [], counts: { 'shorter-than-witnessed': 1 } },
      },
    };
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': await signed(witnessed), 'key.pem': PEM });
    expect(rowsOf(report).find(({ title }) => title === 'Verdict')).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('shorter-than-witnessed'),
    });
  });
});

describe('a statement on some records', () => {
  const lines = LOG.toString('utf8').trimEnd().split('\n');
  type Line = { hash: string; prev_hash: string };
  const partly = async (scope: object, ordinals: number[], claims: object = {}) => {
    const excerpt = `${ordinals.map((ordinal) => lines[ordinal]).join('\n')}\n`;
    const at = (ordinal: number | undefined): Line => JSON.parse(lines[ordinal ?? 0] ?? '{}');
    const statement = await chainStatement('occasio', [LOG]);
    const hashes = {
      algorithm: 'sha256',
      previous: at(ordinals[0]).prev_hash,
      first: at(ordinals[0]).hash,
      last: at(ordinals.at(-1)).hash,
    };
    const recordRange = { first: ordinals[0], last: ordinals.at(-1), count: ordinals.length };
    const subject = [{ name: 'excerpt.jsonl', digest: { sha256: sha256(excerpt) } }, ...statement.subject.slice(1)];
    return {
      excerpt,
      bundle: await signed({
        ...statement,
        subject,
        predicate: { ...statement.predicate, scope, recordRange, hashes, chainVerdict: 'verified', ...claims },
      }),
    };
  };
  const RANGE = Array.from({ length: 20 }, (_, n) => 50 + n);
  const PICKED = [3, 5, 40, 41, 90];

  it('a range holds against its excerpt, with and without the log', async () => {
    const { excerpt, bundle } = await partly({ kind: 'range' }, RANGE);
    for (const log of [[], [['audit.jsonl', LOG] as const]]) {
      const report = await reportOn({
        ...Object.fromEntries(log),
        'excerpt.jsonl': excerpt,
        'b.json': bundle,
        'key.pem': PEM,
      });
      expect(report).toMatchObject({ outcome: 'holds' });
      expect(titlesOf(report, 'passed')).toEqual(
        expect.arrayContaining([
          'These are the records it covers',
          'Records',
          'Hash of the first record',
          'Hash of the last record',
          'Verdict',
        ]),
      );
    }
    expect(titlesOf(await reportOn({ 'audit.jsonl': LOG, 'b.json': bundle, 'key.pem': PEM }), 'skipped')).toEqual([
      'Verdict on the part it covers',
    ]);
  });

  it('picked records are no chain and not called a broken one', async () => {
    const { excerpt, bundle } = await partly({ kind: 'session', id: 'x' }, PICKED);
    const report = await reportOn({ 'excerpt.jsonl': excerpt, 'b.json': bundle, 'key.pem': PEM });
    expect(report).toMatchObject({ outcome: 'holds', logs: [] });
  });

  it.each<[string, object, string[]]>([
    ['more records', { recordRange: { first: 50, last: 69, count: 21 } }, ['Records']],
    [
      'another end',
      { hashes: { algorithm: 'sha256', previous: null, first: null, last: 'a'.repeat(64) } },
      ['Hash of the last record'],
    ],
  ])('that claims %s is refused', async (_, claims, titles) => {
    for (const [scope, ordinals] of [
      [{ kind: 'range' }, RANGE],
      [{ kind: 'run', id: 'x' }, PICKED],
    ] as const) {
      const { excerpt, bundle } = await partly(scope, [...ordinals], claims);
      expect(
        titlesOf(await reportOn({ 'excerpt.jsonl': excerpt, 'b.json': bundle, 'key.pem': PEM }), 'failed'),
      ).toEqual(titles);
    }
  });

  it('may know worse of the records than they show, as of what came before', async () => {
    const { excerpt, bundle } = await partly({ kind: 'range' }, RANGE, { verdict: 'gap' });
    expect(titlesOf(await reportOn({ 'excerpt.jsonl': excerpt, 'b.json': bundle, 'key.pem': PEM }), 'skipped')).toEqual(
      ['Verdict'],
    );
  });
});

describe('who signed', () => {
  it('is not known without the key, and that is no contradiction', async () => {
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.sigstore.json': BUNDLE });
    expect(report.outcome).toBe('unchecked');
    expect(titlesOf(report, 'skipped')).toEqual(['Who signed it', 'The statement says what its type promises']);
    expect(report.checked[0]?.says).toMatchObject({ proven: false });
  });

  it('every byte of a bundle counts', async () => {
    const json = JSON.parse(BUNDLE);
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const { payload, signatures } = json.dsseEnvelope;
    for (const dsseEnvelope of [
      { ...json.dsseEnvelope, payload: flip(payload, 400) },
      { ...json.dsseEnvelope, payloadType: 'text/plain' },
      { ...json.dsseEnvelope, signatures: [{ ...signatures[0], sig: flip(signatures[0].sig, 40) }] },
    ]) {
      const report = await reportOn({
        'audit.jsonl': LOG,
        'b.json': JSON.stringify({ ...json, dsseEnvelope }),
        'key.pem': PEM,
      });
      expect(report.outcome).toBe('fails');
      expect(report.checked[0]?.says?.proven ?? false).toBe(false);
    }
  });

  it('another key of the same name is refused', async () => {
    const other = testSigner({ nameOf: () => 'us' });
    const report = await reportOn({
      'b.json': await signed(await chainStatement('occasio', [LOG]), testSigner({ nameOf: () => 'us' })),
      'key.pem': other.key.publicKeyPem,
    });
    expect(titlesOf(report, 'failed')).toEqual(['The signature is by a key we trust']);
  });

  it.each([
    ['nono', spkiDigest],
    ['somebody who names keys in a way of their own', () => 'release-key'],
  ])('keys are found as %s names them', async (_, nameOf) => {
    const other = testSigner({ nameOf });
    const report = await reportOn({
      'audit.jsonl': LOG,
      'b.json': await signed(await chainStatement('occasio', [LOG]), other),
      'key.pem': other.key.publicKeyPem,
      'more.pem': PEM,
    });
    expect(report.outcome).toBe('holds');
  });
});

describe('statements of others', () => {
  it('any statement is held against the digests of the files', async () => {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'notes.txt', digest: { sha256: sha256('hello\n') } }],
      predicateType: 'https://example.com/notes/v1',
      predicate: {},
    };
    const files = { 'b.json': await signed(statement), 'key.pem': PEM };
    expect(await reportOn({ ...files, 'renamed.txt': 'hello\n' })).toMatchObject({ outcome: 'holds' });
    const changed = await reportOn({ ...files, 'notes.txt': 'hellO\n' });
    expect(titlesOf(changed, 'failed')).toEqual(['It is about bytes that are here']);
    expect(await reportOn(files)).toMatchObject({ outcome: 'unchecked' });
  });

  it('nono: session, log and attestation hold each other, and say that nobody else vouches for the key', async () => {
    const nono = testSigner({ nameOf: spkiDigest });
    const session = JSON.parse(fixtureText('nono', 'session.json'));
    const { event_count: count, chain_head: head, merkle_root: root } = session.audit_integrity;
    const type = 'https://nono.sh/attestation/audit-session/alpha';
    const statement = (merkleRoot: string) => ({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: `audit-session:${session.session_id}`, digest: { sha256: merkleRoot } }],
      predicateType: type,
      predicate: {
        version: 1,
        session_id: session.session_id,
        started: session.started,
        ended: session.ended,
        audit_log: { hash_algorithm: 'sha256', event_count: count, chain_head: head, merkle_root: merkleRoot },
        signer: { kind: 'keyed', key_id: nono.key.hint },
      },
    });
    const spki = nono.key.publicKeyPem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
    const attested = JSON.stringify({
      ...session,
      audit_attestation: {
        predicate_type: type,
        key_id: nono.key.hint,
        public_key: spki,
        bundle_filename: 'audit-attestation.bundle',
      },
    });
    const files = { 'audit-events.ndjson': fixture('nono', 'valid'), 'session.json': attested };
    const alone = await reportOn({ ...files, 'audit-attestation.bundle': await signed(statement(root), nono) });
    expect(titlesOf(alone, 'failed')).toEqual([]);
    expect(titlesOf(alone, 'passed')).toEqual(
      expect.arrayContaining(['Events', 'Head of the log', 'Merkle root', 'session.json', 'audit-attestation.bundle']),
    );
    expect(titlesOf(alone, 'skipped')).toEqual([`Signed with the key ${nono.key.hint}`]);
    expect(alone.trust).toContainEqual(expect.objectContaining({ selfAttested: true }));
    expect(
      await reportOn({
        ...files,
        'audit-attestation.bundle': await signed(statement(root), nono),
        'nono.pem': nono.key.publicKeyPem,
      }),
    ).toMatchObject({ outcome: 'holds' });

    const other = await reportOn({
      ...files,
      'audit-attestation.bundle': await signed(statement('c'.repeat(64)), nono),
      'nono.pem': nono.key.publicKeyPem,
    });
    expect(titlesOf(other, 'failed')).toEqual(expect.arrayContaining(['Merkle root', 'audit-attestation.bundle']));
  });
});

describe('a package', () => {
  const inPackage = (files: Record<string, Buffer>) => {
    const manifest = Object.entries(files).map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
    return { ...files, 'MANIFEST.sha256': Buffer.from(manifest.join('')) };
  };
  const files = inPackage({
    'segments/1.jsonl': Buffer.from(SEGMENTS[0] ?? ''),
    'segments/2.jsonl': Buffer.from(SEGMENTS[1] ?? ''),
    'bundles/chain.sigstore.json': Buffer.from(BUNDLE),
    'keys/k.pem': Buffer.from(PEM),
    'README.md': Buffer.from('# Read me\n'),
  });

  it('agrees with itself, and says that this is all it can say', async () => {
    const report = await reportOn({ 'evidence.zip': zipOf(files) });
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'skipped')).toEqual([SIGNED]);
    expect(report).toMatchObject({
      outcome: 'unchecked',
      lead: expect.stringContaining('Self-attested: this key came with what it vouches for'),
    });
    expect(report.logs).toMatchObject([
      { files: ['segments/1.jsonl', 'segments/2.jsonl'], state: { verdict: 'verified', records: 228 } },
    ]);
  });

  it('is the same as a folder', async () => {
    const folder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`evidence/${name}`, content]));
    const report = await reportOn(folder);
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'skipped')).toEqual([SIGNED]);
    expect(report.checked[0]).toMatchObject({ kind: 'package', file: 'evidence' });
    expect(report.files.filter(({ from }) => from === null).map(({ name, what }) => [name, what])).toEqual([
      ['evidence', 'folder'],
    ]);
    expect(titlesOf(await reportOn({ ...folder, 'evidence/README.md': 'other' }), 'failed')).toEqual([
      'Every file is as the manifest lists it',
    ]);
    expect(await reportOn({ ...folder, 'key.pem': PEM })).toMatchObject({ outcome: 'holds' });
  });

  it('chosen file by file, says what of it is not here', async () => {
    const loose = { 'MANIFEST.sha256': files['MANIFEST.sha256'] ?? '', '1.jsonl': SEGMENTS[0] ?? '', 'k.pem': PEM };
    expect(titlesOf(await reportOn(loose), 'skipped')).toEqual(['No file is missing']);
    expect(titlesOf(await reportOn({ ...loose, '1.jsonl': SEGMENTS[1] ?? '' }), 'failed')).toEqual([
      'Every file is as the manifest lists it',
    ]);
  });

  it('holds with a key from elsewhere', async () => {
    const report = await reportOn({ 'evidence.zip': zipOf(files), 'key.pem': PEM });
    expect(report).toMatchObject({ outcome: 'holds' });
  });

  it.each<[string, Record<string, Buffer>, string]>([
    ['changed', { ...files, 'README.md': Buffer.from('# Read this\n') }, 'Every file is as the manifest lists it'],
    ['added', { ...files, 'more.txt': Buffer.from('more') }, 'No file was added'],
    [
      'removed',
      Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'README.md')),
      'No file is missing',
    ],
  ])('with a file %s is refused', async (_, changed, title) => {
    const report = await reportOn({ 'evidence.zip': zipOf(changed), 'key.pem': PEM });
    expect(titlesOf(report, 'failed')).toEqual([title]);
  });
});

describe('what a sceptic tries', () => {
  const foreign = (...files: [string, string | Uint8Array][]) =>
    signed({
      _type: 'https://in-toto.io/Statement/v1',
      subject: files.map(([name, content]) => ({ name, digest: { sha256: sha256(content) } })),
      predicateType: 'https://example.com/x/v1',
      predicate: {},
    });

  it('one of two subjects here is not all of them', async () => {
    const bundle = await foreign(['audit.jsonl', LOG], ['notes.txt', 'hello\n']);
    const report = await reportOn({ 'audit.jsonl': LOG, 'b.json': bundle, 'key.pem': PEM });
    expect(report).toMatchObject({ outcome: 'unchecked', lead: expect.stringContaining('Not here: notes.txt') });
    expect(
      titlesOf(
        await reportOn({ 'audit.jsonl': LOG, 'notes.txt': 'hellO\n', 'b.json': bundle, 'key.pem': PEM }),
        'failed',
      ),
    ).toEqual(['A file with the name of a subject has its bytes']);
    expect(
      await reportOn({ 'audit.jsonl': LOG, 'notes.txt': 'hello\n', 'b.json': bundle, 'key.pem': PEM }),
    ).toMatchObject({ outcome: 'holds' });
  });

  it('a log nobody vouches for beside one that somebody does is named', async () => {
    const other = fixture('arbiter', 'valid');
    expect(
      await reportOn({ 'audit.jsonl': LOG, 'other.jsonl': other, 'b.json': BUNDLE, 'key.pem': PEM }),
    ).toMatchObject({ outcome: 'unchecked', lead: 'Attested by: No statement here covers other.jsonl.' });
  });

  it('a log that was emptied is not the log that was signed', async () => {
    expect(titlesOf(await reportOn({ 'audit.jsonl': '', 'b.json': BUNDLE, 'key.pem': PEM }), 'failed')).toEqual([
      'A file with the name of a subject has its bytes',
    ]);
    expect(await reportOn({ 'audit.jsonl': '' })).toMatchObject({
      outcome: 'nothing',
      lead: 'audit.jsonl: empty: not one byte is in it. Add a log, a signed statement or a proof.',
    });
  });

  it('a package from which what was signed was taken out proves nothing, with its list written anew or without one', async () => {
    const list = Buffer.from(`${sha256(LOG)}  audit.jsonl\n`);
    for (const files of [{ 'audit.jsonl': LOG, 'MANIFEST.sha256': list }, { 'audit.jsonl': LOG }]) {
      expect(await reportOn({ 'evidence.zip': zipOf(files as Record<string, Buffer>) })).toMatchObject({
        outcome: 'unchecked',
        headline: 'The chain holds; no signed statement confirms it',
      });
    }
    const notes = Buffer.from('hello\n');
    expect(
      await reportOn({
        'evidence.zip': zipOf({ 'notes.txt': notes, 'MANIFEST.sha256': Buffer.from(`${sha256(notes)}  notes.txt\n`) }),
      }),
    ).toMatchObject({ outcome: 'unchecked', headline: 'Nothing here is signed' });
    expect(
      titlesOf(
        await reportOn({
          'evidence.zip': zipOf({ 'audit.jsonl': LOG, 'b.json': Buffer.from(BUNDLE) }),
          'key.pem': PEM,
        }),
        'skipped',
      ),
    ).toEqual(['No file is missing']);
  });

  it('a second key beside the one that signed changes nothing, and alone proves nothing', async () => {
    const second = testSigner().key.publicKeyPem;
    expect(
      await reportOn({ 'audit.jsonl': LOG, 'b.json': BUNDLE, 'key.pem': PEM, 'second.pem': second }),
    ).toMatchObject({ outcome: 'holds' });
    expect(
      titlesOf(await reportOn({ 'audit.jsonl': LOG, 'b.json': BUNDLE, 'second.pem': second }), 'skipped'),
    ).toContain('Who signed it');
  });

  it('ten thousand problems are counted, and the first two hundred shown', async () => {
    const lines = LOG.toString().trimEnd().split('\n');
    const calls = lines.slice(1).filter((line) => line.includes('"tool_name":"'));
    const broken = Array.from({ length: 10_000 }, (_, n) =>
      (calls[n % calls.length] ?? '').replace('"tool_name":"', '"tool_name":"x'),
    ).join('\n');
    const [log] = (await reportOn({ 'audit.jsonl': `${lines[0]}\n${broken}\n` })).logs;
    const state = log?.state.kind === 'walked' ? log.state : null;
    expect(state?.problems).toHaveLength(200);
    expect(state?.problemCounts['hash-mismatch']).toBe(10_000);
  });

  it('what comes while a log is walked is reported as waiting, and checked after it', async () => {
    const waiting: number[] = [];
    const reports: Report[] = [];
    let isGiven = false;
    let at = 0;
    const session = createSession({
      hasher: await createHasher(),
      now: () => (at += 1000),
      answer: (answer) => {
        if (answer.kind === 'report') reports.push(answer.report);
        if (answer.kind !== 'progress' || !answer.progress) return;
        waiting.push(answer.progress.waiting);
        if (!isGiven)
          void session.order({ kind: 'add', files: [givenFile('b.json', BUNDLE), givenFile('key.pem', PEM)] });
        isGiven = true;
      },
    });
    await session.order({
      kind: 'add',
      files: [
        givenFile(
          'audit.jsonl',
          Buffer.concat(Array.from({ length: Math.ceil((9 * 1024 * 1024) / LOG.length) }, () => LOG)),
        ),
      ],
    });
    expect(waiting[0]).toBe(0);
    expect(waiting).toContain(2);
    expect(reports.at(-1)?.files).toHaveLength(3);
    expect(reports.at(-1)?.checked[0]?.says).toMatchObject({ proven: true });
  });
});

it('two files of one name are two files, and two packages as well', async () => {
  const zip = zipOf({ 'key.pem': Buffer.from(PEM) });
  const session = await reportOn([
    ['x.zip', zip],
    ['x.zip', zip],
    ['key.pem', PEM],
    ['key.pem', PEM],
  ]);
  expect(session.files.map(({ name, from }) => [name, from])).toEqual([
    ['x.zip', null],
    ['key.pem', 'x.zip'],
    ['x.zip (2)', null],
    ['key.pem', 'x.zip (2)'],
    ['key.pem', null],
    ['key.pem (2)', null],
  ]);
});

it('what is not known is told as that', async () => {
  const report = await reportOn({
    'notes.txt': 'hello\n',
    'empty.jsonl': '',
    'cut.zip': Buffer.from('PK\u0003\u0004 and no more'),
    'cut.gz': gzipSync(LOG).subarray(0, 900),
  });
  expect(report.files.map(({ what }) => what)).toEqual([
    'nothing known here',
    'empty: not one byte is in it',
    'Its end is missing: it was cut off, or is no ZIP.',
    'The gzip stream is damaged, cut off, or followed by other bytes.',
  ]);
});

it('a piece from the middle of a chain is told as that', async () => {
  for (const format of ['occasio', 'arbiter', 'nono', 'agentfence', 'vouch'] as const) {
    const log = fixture(format, 'valid');
    const piece = log.subarray(log.indexOf('\n', log.length / 3) + 1);
    const report = await reportOn({ 'b.jsonl': piece });
    expect(report.headline).toBe('What is here holds; the beginning of the chain is not here');
    expect(report.logs[0]?.state).toMatchObject({ verdict: 'verified', continues: true });
    const changed = Buffer.from(piece);
    const digit = /"(?:\w*hash|chain_hash)":"[0-9a-f]{40}/.exec(changed.toString('latin1', piece.length / 2));
    const at = Math.floor(piece.length / 2) + (digit?.index ?? 0) + (digit?.[0].length ?? 0) - 1;
    changed[at] = changed[at] === 0x30 ? 0x31 : 0x30;
    expect((await reportOn({ 'b.jsonl': changed })).outcome).toBe('fails');
  }
});
