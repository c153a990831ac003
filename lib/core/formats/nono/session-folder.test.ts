import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { verifySidecars, keyOf } from '../../../testing/sidecars';
import { fixture, fixtureText } from '../../../testing/fixtures';
import { briefly } from '../../../testing/verify';
import { preAuthEncoding } from '../../statements/dsse';
import type { SidecarKind } from '../../chain/format';
import type { Sidecar, SignatureKey } from '../../sidecars/sidecar';

const hasher = await createHasher();
const valid = fixture('nono', 'valid');
const lines = valid.toString('utf8').trimEnd().split('\n');
const log = (some: readonly string[]) => Buffer.from(some.map((line) => `${line}\n`).join(''));
const FILES: Record<string, SidecarKind> = {
  'session.json': 'nono-session',
  'ledger.ndjson': 'nono-ledger',
  'proofs.json': 'nono-proofs',
  'audit-attestation.bundle': 'nono-attestation',
};
const sidecar = (file: string, text = fixtureText('nono', file)): Sidecar => ({
  kind: FILES[file] ?? 'nono-session',
  file,
  text,
});
const session: Record<string, unknown> & { session_id: string; audit_integrity: Record<string, unknown> } = JSON.parse(
  fixtureText('nono', 'session.json'),
);

/** What is told and what holds: `session-mismatch@213`, and one letter a file. */
function reported(bytes: Uint8Array, sidecars: readonly Sidecar[], keys: readonly SignatureKey[] = []) {
  const { problems, checkedSidecars, problemCounts } = verifySidecars('nono', hasher, [bytes], { sidecars, keys });
  expect(Object.values(problemCounts).reduce((sum, count) => sum + count, 0)).toBe(problems.length);
  return {
    problems: briefly(problems),
    holds: checkedSidecars.map(({ holds }) => holds),
    says: checkedSidecars.map(({ message }) => message),
    messages: problems.map(({ message }) => message),
  };
}

describe('a session folder', () => {
  it('whole holds', () => {
    expect(reported(valid, [sidecar('session.json'), sidecar('ledger.ndjson'), sidecar('proofs.json')])).toEqual({
      problems: [],
      holds: [true, true, true],
      says: [
        '213 events, head and Merkle root agree.',
        expect.stringMatching(/^Row \d of 5 holds the digest of session.json, and the rows follow one another.$/),
        expect.stringMatching(/^\d+ inclusion proofs hold for events of the log.$/),
      ],
      messages: [],
    });
  });

  it('shows a log whose end was cut off, wherever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lines.length - 1 }), (kept) => {
        expect(reported(log(lines.slice(0, kept)), [sidecar('session.json')])).toMatchObject({
          problems: [`shorter-than-witnessed@${kept + 1}`],
          holds: [false],
        });
      }),
      { numRuns: 20 },
    );
  });

  it('shows a log that was written anew, or written on', () => {
    const other = fixture('nono', 'cut-rows').toString('utf8').trimEnd().split('\n');
    const anew = [
      ...lines.slice(0, 212),
      (lines[212] ?? '').replace(/"chain_hash":"[0-9a-f]{64}"/, `"chain_hash":"${'a'.repeat(64)}"`),
    ];
    expect(reported(log(anew), [sidecar('session.json')]).problems).toEqual(['session-mismatch@213']);
    expect(reported(log([...lines, other[0] ?? '']), [sidecar('session.json')])).toMatchObject({
      problems: ['session-mismatch@215'],
      says: [expect.stringContaining('1 more was appended')],
    });
  });

  it('leaves what is missing in between to where it is missing', () => {
    expect(reported(log(lines.toSpliced(100, 1)), [sidecar('session.json')])).toMatchObject({
      problems: [],
      holds: [false],
      says: [expect.stringContaining('212 of its 213')],
    });
  });

  it.each([
    [
      'Merkle root',
      { audit_integrity: { ...session.audit_integrity, merkle_root: 'b'.repeat(64) } },
      ['merkle-mismatch@214'],
    ],
    ['head', { audit_integrity: { ...session.audit_integrity, chain_head: 'b'.repeat(64) } }, ['session-mismatch@213']],
    ['count', { audit_integrity: { ...session.audit_integrity, event_count: 212 } }, ['session-mismatch@212']],
    ['count, larger', { audit_integrity: { ...session.audit_integrity, event_count: 214 } }, ['session-mismatch@214']],
  ])('whose session file states another %s does not hold', (_, change, problems) => {
    expect(reported(valid, [sidecar('session.json', JSON.stringify({ ...session, ...change }))])).toMatchObject({
      problems,
      holds: [false],
    });
  });

  it('that is not finished, or not readable, proves nothing', () => {
    expect(
      reported(valid, [sidecar('session.json', JSON.stringify({ ...session, ended: null, audit_integrity: null }))]),
    ).toMatchObject({ problems: [], holds: [null], says: [expect.stringContaining('had not ended')] });
    expect(reported(valid, [sidecar('session.json', '{'), sidecar('proofs.json', '[]')])).toMatchObject({
      problems: ['unreadable-evidence@214', 'unreadable-evidence@214'],
      holds: [false, false],
    });
  });
});

describe('session file and ledger', () => {
  it('show any other letter or digit in either of them', () => {
    const texts = {
      'session.json': fixtureText('nono', 'session.json'),
      'ledger.ndjson': fixtureText('nono', 'ledger.ndjson'),
    };
    const changes = fc
      .constantFrom('session.json' as const, 'ledger.ndjson' as const)
      .chain((file) =>
        fc.tuple(fc.constant(file), fc.constantFrom(...placesIn(texts[file])), fc.integer({ min: 1, max: 9 })),
      );
    fc.assert(
      fc.property(changes, ([file, at, by]) => {
        const text = texts[file];
        const changed = `${text.slice(0, at)}${another(text[at] ?? '', by)}${text.slice(at + 1)}`;
        const { problems, holds } = reported(valid, [
          sidecar('session.json', file === 'session.json' ? changed : undefined),
          sidecar('ledger.ndjson', file === 'ledger.ndjson' ? changed : undefined),
        ]);
        expect([problems.length > 0, holds.includes(false)]).toEqual([true, true]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Letters and digits, but for keys whose value is null: to nono a missing key is null too. */
function placesIn(text: string): number[] {
  return [
    ...text.replaceAll(/"\w+": ?null/g, (member) => ' '.repeat(member.length - 4) + 'null').matchAll(/[A-Za-z0-9]/g),
  ].map(({ index }) => index);
}

/** Another digit for a digit, another letter for a letter; never the same in the other case. */
function another(character: string, by: number): string {
  if (/\d/.test(character)) return String((Number(character) + by) % 10);
  const base = character <= 'Z' ? 65 : 97;
  return String.fromCharCode(base + ((character.charCodeAt(0) - base + by) % 26));
}

describe('the ledger', () => {
  const ledger = fixtureText('nono', 'ledger.ndjson').trimEnd().split('\n');
  const row = ledger.findIndex((line) => line.includes(`"session_id":"${session.session_id}"`));

  it.each<[string, Sidecar, RegExp]>([
    [
      'whose row was changed',
      sidecar('ledger.ndjson', ledger.with(0, (ledger[0] ?? '').replace('20:05:00Z', '20:06:00Z')).join('\n')),
      /line 1: the row was changed/,
    ],
    ['whose last rows were removed', sidecar('ledger.ndjson', ledger.slice(0, row).join('\n')), /no row for session/],
  ])('%s contradicts the session', (_, found, message) => {
    expect(reported(valid, [sidecar('session.json'), found])).toMatchObject({
      problems: ['ledger-mismatch@214'],
      holds: [true, false],
      messages: [expect.stringMatching(message)],
    });
  });

  it('shows a session file that was changed after the session', () => {
    const changed = fixtureText('nono', 'session.json').replace('"exit_code": -1', '"exit_code": 0');
    expect(reported(valid, [sidecar('session.json', changed), sidecar('ledger.ndjson')])).toMatchObject({
      problems: ['ledger-mismatch@214'],
      holds: [true, false],
      messages: [expect.stringContaining('session file was changed')],
    });
  });

  it('without a session file, or for one that goes on, says only that it holds', () => {
    expect(reported(valid, [sidecar('ledger.ndjson')])).toMatchObject({ problems: [], holds: [null] });
    const open = JSON.stringify({ ...session, session_id: 'another', ended: null, audit_integrity: null });
    expect(reported(valid, [sidecar('session.json', open), sidecar('ledger.ndjson')])).toMatchObject({
      problems: [],
      holds: [null, null],
    });
  });
});

describe('inclusion proofs', () => {
  const proofs: { leaf_index: number; leaf_hash: string; leaf_count: number; siblings: { hash: string }[] }[] =
    JSON.parse(fixtureText('nono', 'proofs.json'));

  it.each([
    [
      'another event',
      (proof: (typeof proofs)[number]) => ({ ...proof, leaf_hash: 'c'.repeat(64) }),
      /do not lead to its root/,
    ],
    [
      'another node',
      (proof: (typeof proofs)[number]) => ({
        ...proof,
        siblings: proof.siblings.map((node, index) => (index === 0 ? { ...node, hash: 'c'.repeat(64) } : node)),
      }),
      /do not lead to its root/,
    ],
  ])('of %s do not hold', (_, change, message) => {
    expect(
      reported(valid, [
        sidecar('proofs.json', JSON.stringify(proofs.map((proof, index) => (index === 1 ? change(proof) : proof)))),
      ]),
    ).toMatchObject({
      problems: [expect.stringContaining('merkle-mismatch')],
      holds: [false],
      messages: [expect.stringMatching(message)],
    });
  });

  it('bear witness to the length of the log, and leave what is missing in between to where it is missing', () => {
    expect(reported(log(lines.slice(0, 100)), [sidecar('proofs.json')])).toMatchObject({
      problems: ['shorter-than-witnessed@101'],
      holds: [false],
    });
    expect(reported(log(lines.toSpliced(100, 1)), [sidecar('proofs.json')])).toMatchObject({
      problems: [],
      holds: [null],
    });
  });

  it('of another event do not hold for a log that was written anew', () => {
    const anew = lines.with(
      0,
      (lines[0] ?? '').replace(/"leaf_hash":"[0-9a-f]{64}"/, `"leaf_hash":"${'c'.repeat(64)}"`),
    );
    expect(reported(log(anew), [sidecar('proofs.json')])).toMatchObject({
      problems: ['merkle-mismatch@1'],
      messages: [expect.stringMatching(/another hash in the log/)],
    });
  });
});

describe('the attestation', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = hasher.sha256(spki);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
  const type = 'https://nono.sh/attestation/audit-session/alpha';
  const audit_attestation = {
    predicate_type: type,
    key_id: keyId,
    public_key: spki.toString('base64'),
    bundle_filename: 'audit-attestation.bundle',
  };
  const attested = { ...session, audit_attestation };
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `audit-session:${session.session_id}`, digest: { sha256: session.audit_integrity.merkle_root } }],
    predicateType: type,
    predicate: {
      version: 1,
      session_id: session.session_id,
      started: session.started,
      ended: session.ended,
      command: session.command,
      audit_log: session.audit_integrity,
      signer: { kind: 'keyed', key_id: keyId },
    },
  };

  /** As nono signs: keyed, ECDSA P-256 over the pre-authentication encoding, no transparency log. */
  function bundleOf(what: object, { hint = keyId, payloadOf = what } = {}): Sidecar {
    const payloadType = 'application/vnd.in-toto+json';
    const sig = sign('sha256', preAuthEncoding(payloadType, Buffer.from(JSON.stringify(what))), privateKey).toString(
      'base64',
    );
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
      dsseEnvelope: {
        payload: Buffer.from(JSON.stringify(payloadOf)).toString('base64'),
        payloadType,
        signatures: [{ sig, keyid: hint }],
      },
    };
    return sidecar('audit-attestation.bundle', JSON.stringify(bundle));
  }
  const withSession = (bundle: Sidecar, changed: object = attested) => [
    sidecar('session.json', JSON.stringify(changed)),
    bundle,
  ];

  it('holds: by the key the session states, or by one that is pinned', () => {
    expect(reported(valid, withSession(bundleOf(statement)))).toMatchObject({
      problems: [],
      holds: [true, true],
      says: [expect.any(String), expect.stringContaining('self-attested')],
    });
    expect(reported(valid, withSession(bundleOf(statement)), [keyOf(otherKey), keyOf(pem)])).toMatchObject({
      problems: [],
      holds: [true, true],
      says: [expect.any(String), expect.stringContaining('by the key given')],
    });
  });

  it.each<[string, Sidecar[], SignatureKey[], string, RegExp]>([
    [
      'another type',
      withSession(bundleOf({ ...statement, predicateType: 'x' })),
      [],
      'session-mismatch',
      /another type/,
    ],
    [
      'a signer without a key',
      withSession(bundleOf({ ...statement, predicate: { ...statement.predicate, signer: { kind: 'keyless' } } })),
      [],
      'session-mismatch',
      /signed with a key/,
    ],
    [
      'a key of another name',
      withSession(bundleOf(statement), {
        ...attested,
        audit_attestation: { ...audit_attestation, key_id: 'd'.repeat(64) },
      }),
      [],
      'bad-signature',
      /another name/,
    ],
    [
      'another key in the bundle',
      withSession(bundleOf(statement, { hint: 'd'.repeat(64) })),
      [],
      'bad-signature',
      /another key than the session file/,
    ],
    [
      'a key that is not the pinned one',
      withSession(bundleOf(statement)),
      [keyOf(otherKey)],
      'bad-signature',
      /none of those given/,
    ],
    [
      'a payload that was not signed',
      withSession(bundleOf(statement, { payloadOf: { ...statement, subject: [], predicate: statement.predicate } })),
      [],
      'unreadable-evidence',
      /no attestation/,
    ],
    [
      'a payload that was changed',
      withSession(bundleOf(statement, { payloadOf: { ...statement, _type: 'y' } })),
      [],
      'bad-signature',
      /does not hold/,
    ],
    [
      'another root',
      withSession(bundleOf({ ...statement, subject: [{ digest: { sha256: 'e'.repeat(64) } }] })),
      [],
      'merkle-mismatch',
      /another Merkle root/,
    ],
    [
      'another session',
      withSession(bundleOf({ ...statement, predicate: { ...statement.predicate, session_id: 'x' } })),
      [],
      'session-mismatch',
      /another session/,
    ],
    [
      'another count',
      withSession(
        bundleOf({
          ...statement,
          predicate: { ...statement.predicate, audit_log: { ...session.audit_integrity, event_count: 1 } },
        }),
      ),
      [],
      'session-mismatch',
      /another count/,
    ],
    [
      'another end',
      withSession(bundleOf({ ...statement, predicate: { ...statement.predicate, ended: '2026-04-21T20:06:00Z' } })),
      [],
      'session-mismatch',
      /another end/,
    ],
    [
      'a file that is none',
      withSession(sidecar('audit-attestation.bundle', '[]')),
      [],
      'unreadable-evidence',
      /no attestation/,
    ],
  ])('with %s does not hold', (_, sidecars, keys, code, message) => {
    expect(reported(valid, sidecars, keys)).toMatchObject({
      problems: [`${code}@214`],
      holds: [true, false],
      messages: [expect.stringMatching(message)],
    });
  });

  it('that is not there although the session file names it is told', () => {
    expect(reported(valid, [sidecar('session.json', JSON.stringify(attested))])).toMatchObject({
      problems: [],
      holds: [true, null],
      says: [expect.any(String), expect.stringContaining('not here')],
    });
  });

  it('that the session file does not name proves nothing', () => {
    expect(reported(valid, withSession(bundleOf(statement), session))).toMatchObject({
      problems: [],
      holds: [true, null],
    });
    expect(reported(valid, [bundleOf(statement)])).toMatchObject({ problems: [], holds: [null] });
  });
});
