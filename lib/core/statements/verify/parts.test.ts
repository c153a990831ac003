import { isDeepStrictEqual } from 'node:util';
import { bundleToJSON } from '@sigstore/bundle';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keylessSigner } from '../../../attest/signers/keyless';
import { trustSource } from '../../../attest/signers/trust-source';
import { unmetSteps, wordsOf } from '../../../testing/checks';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../../../testing/sigstore/stand-ins';
import { type Trust, verifyBundle } from '../verify-bundle';

type Entry = {
  logIndex: string;
  integratedTime: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  inclusionPromise?: { signedEntryTimestamp: string };
  inclusionProof: {
    logIndex: string;
    rootHash: string;
    treeSize: string;
    hashes: string[];
    checkpoint: { envelope: string };
  };
  canonicalizedBody: string;
};
type Parts = {
  mediaType: string;
  dsseEnvelope: { payload: string; signatures: { sig: string }[] };
  verificationMaterial: {
    certificate: { rawBytes: string };
    tlogEntries: [Entry];
    timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: string }] };
  };
};
type Root = StandIns['trustedRoot'];

let sigstore: StandIns;
let other: StandIns;
/** Keyless bundles with a timestamp, in a Rekor 1 and in a Rekor 2, each with entries before it. */
const made: { v1: Parts; v2: Parts } = { v1: Object.create(null), v2: Object.create(null) };
beforeAll(async () => {
  [sigstore, other] = await Promise.all([startStandIns(), startStandIns()]);
  const folder = await signingFolder();
  const now = () => new Date();
  for (const [name, rekor] of [
    ['v1', 1],
    ['v2', 2],
  ] as const) {
    const env = folder.env({
      SEALTRAIL_SIGNER: 'keyless',
      SIGSTORE_ID_TOKEN: sigstore.token(),
      SEALTRAIL_SIGNING_CONFIG: await folder.file(`${name}.json`, sigstore.signingConfig(rekor, true)),
      SEALTRAIL_TRUSTED_ROOT: await folder.file('root.json', sigstore.trustedRoot),
    });
    const signer = keylessSigner(env.signing, trustSource(env, now), now);
    for (let n = 0; n < 7; n += 1) made[name] = bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD)) as unknown as Parts; // the parts a keyless bundle has
  }
  await folder.remove();
}, 60_000);
afterAll(() => Promise.all([sigstore.close(), other.close()]));

const IDENTITY = { subject: 'https://ci.example/sealtrail', issuer: 'https://issuer.example' };
const trust = (trustedRoot: unknown = sigstore.trustedRoot): Trust => ({
  keys: [],
  trustedRoot,
  identities: [IDENTITY],
  require: { logEntries: 1, timestamps: 1 },
});
function changed(name: keyof typeof made, change: (copy: Parts) => void): Parts {
  const copy = structuredClone(made[name]);
  change(copy);
  return copy;
}
function rootWith(change: (copy: Root) => void): Root {
  const copy = structuredClone(sigstore.trustedRoot);
  change(copy);
  return copy;
}
const failing = unmetSteps;
const flip = (base64: string, at: number) => {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << (at % 8)), at % bytes.length);
  return bytes.toString('base64');
};
const entry = (copy: Parts): Entry => copy.verificationMaterial.tlogEntries[0];

describe.each(['v1', 'v2'] as const)('a keyless bundle in a Rekor %s', (name) => {
  it('holds step by step', () => {
    const check = verifyBundle(made[name], { trust: trust() });
    expect(check.steps.map(({ step, status }) => [step, status])).toEqual(
      ['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement'].map((step) => [step, 'passed']),
    );
    expect(check.signedBy).toMatchObject({ kind: 'certificate', ...IDENTITY });
  });

  it.each<[string, (copy: Parts) => void, string[]]>([
    [
      'an inclusion proof that leads elsewhere',
      (copy) => entry(copy).inclusionProof.hashes.splice(0, 1, Buffer.alloc(32, 7).toString('base64')),
      ['log'],
    ],
    ['an inclusion proof for another place', (copy) => (entry(copy).inclusionProof.logIndex = '3'), ['log']],
    [
      'a proof that names another root than its checkpoint',
      (copy) => (entry(copy).inclusionProof.rootHash = Buffer.alloc(32, 7).toString('base64')),
      ['log'],
    ],
    [
      'a proof that names another size than its checkpoint',
      (copy) => (entry(copy).inclusionProof.treeSize = '99'),
      ['log'],
    ],
    [
      'a checkpoint of another size',
      (copy) =>
        (entry(copy).inclusionProof.checkpoint.envelope = entry(copy).inclusionProof.checkpoint.envelope.replace(
          '\n7\n',
          '\n8\n',
        )),
      ['log'],
    ],
    [
      'a checkpoint signed by nobody',
      (copy) =>
        (entry(copy).inclusionProof.checkpoint.envelope =
          `${entry(copy).inclusionProof.checkpoint.envelope.slice(0, -8)}AAAAAA=\n`),
      ['log'],
    ],
    ['an entry of another log', (copy) => (entry(copy).logId.keyId = Buffer.alloc(32, 7).toString('base64')), ['log']],
    [
      'an entry about another signature',
      (copy) =>
        (entry(copy).canonicalizedBody = Buffer.from(
          Buffer.from(entry(copy).canonicalizedBody, 'base64')
            .toString('utf8')
            .replace('MEU', 'MEX')
            .replace('MEQ', 'MEX')
            .replace('MEY', 'MEX'),
        ).toString('base64')),
      ['log'],
    ],
    ['the same entry twice', ({ verificationMaterial: { tlogEntries } }) => tlogEntries.push(tlogEntries[0]), ['log']],
    ['no entry', ({ verificationMaterial: { tlogEntries } }) => tlogEntries.splice(0), ['log']],
    [
      'a timestamp over another signature',
      ({ verificationMaterial: { timestampVerificationData } }) =>
        (timestampVerificationData.rfc3161Timestamps[0].signedTimestamp =
          made[
            name === 'v1' ? 'v2' : 'v1'
          ].verificationMaterial.timestampVerificationData.rfc3161Timestamps[0].signedTimestamp),
      ['timestamp'],
    ],
    [
      'no timestamp in the place of one',
      ({ verificationMaterial: { timestampVerificationData } }) =>
        (timestampVerificationData.rfc3161Timestamps[0].signedTimestamp = 'AAAA'),
      ['timestamp'],
    ],
    [
      'the same timestamp twice',
      ({ verificationMaterial: { timestampVerificationData } }) =>
        timestampVerificationData.rfc3161Timestamps.push(timestampVerificationData.rfc3161Timestamps[0]),
      ['timestamp'],
    ],
    [
      'a certificate with another byte',
      ({ verificationMaterial: { certificate } }) => (certificate.rawBytes = flip(certificate.rawBytes, 40)),
      ['certificate'],
    ],
    [
      'another payload',
      ({ dsseEnvelope }) => (dsseEnvelope.payload = flip(dsseEnvelope.payload, 5)),
      ['signature', 'log', 'statement'],
    ],
    [
      'another signature',
      ({ dsseEnvelope }) => dsseEnvelope.signatures.forEach((signature) => (signature.sig = flip(signature.sig, 12))),
      ['signature', 'timestamp', 'log', 'statement'],
    ],
  ])('is refused with %s', (_, change, steps) => {
    const check = verifyBundle(changed(name, change), { trust: trust() });
    expect(failing(check)).toEqual(expect.arrayContaining(steps));
    expect(check.ok).toBe(false);
  });

  it.each<[string, (copy: Root) => void, string]>([
    [
      'the certificate authority',
      (root) => (root.certificateAuthorities = other.trustedRoot.certificateAuthorities),
      'certificate',
    ],
    [
      'the certificate transparency log, whose signed timestamp is in the certificate',
      (root) => (root.ctlogs = other.trustedRoot.ctlogs),
      'certificate',
    ],
    ['the transparency log', (root) => (root.tlogs = other.trustedRoot.tlogs), 'log'],
    [
      'the timestamp authority',
      (root) => (root.timestampAuthorities = other.trustedRoot.timestampAuthorities),
      'timestamp',
    ],
  ])('is refused when the trusted root has another in the place of %s', (_, change, step) => {
    expect(failing(verifyBundle(made[name], { trust: trust(rootWith(change)) }))).toContain(step);
  });

  it('is refused without a trusted root, and with one that is none', () => {
    expect(verifyBundle(made[name], { trust: trust(null) })).toMatchObject({
      ok: false,
      signedBy: null,
      statement: null,
    });
    expect(wordsOf(verifyBundle(made[name], { trust: trust({ tlogs: [{}] }) }), 'certificate')).toContain(
      'the trusted root cannot be read',
    );
    expect(verifyBundle(made[name], { trust: trust('no root') }).ok).toBe(false);
  });

  it.each([
    ['another subject', { ...IDENTITY, subject: 'https://ci.example/another' }],
    ['another issuer', { ...IDENTITY, issuer: 'https://another.example' }],
    ['a beginning of the subject', { ...IDENTITY, subject: 'https://ci.example' }],
    ['a pattern that matches a part', { ...IDENTITY, subject: /ci\.example/ }],
    ['a pattern that is a string', { ...IDENTITY, subject: 'https://ci.example/.*' }],
  ])('is refused for %s', (_, identity) => {
    const check = verifyBundle(made[name], { trust: { ...trust(), identities: [identity] } });
    expect(failing(check)).toEqual(['certificate', 'statement']);
    expect(wordsOf(check, 'certificate')).toContain(IDENTITY.subject);
  });

  it('is accepted for one of several identities, for a pattern, and, said so, for anybody', () => {
    const strangers = { ...IDENTITY, subject: 'somebody@example.com' };
    expect(verifyBundle(made[name], { trust: { ...trust(), identities: [strangers, IDENTITY] } }).ok).toBe(true);
    expect(
      verifyBundle(made[name], {
        trust: { ...trust(), identities: [{ subject: /https:\/\/ci\.example\/.*/, issuer: /https:.*/ }] },
      }).ok,
    ).toBe(true);
    expect(wordsOf(verifyBundle(made[name], { trust: { ...trust(), identities: [] } }), 'certificate')).toContain(
      'any identity is accepted',
    );
  });

  it('is refused, or means the same, with any byte of what vouches for it changed', { timeout: 120_000 }, () => {
    const whole = verifyBundle(made[name], { trust: trust() });
    const places: Record<string, (copy: Parts, at: number) => void> = {
      certificate: ({ verificationMaterial: { certificate } }, at) =>
        (certificate.rawBytes = flip(certificate.rawBytes, at)),
      timestamp: ({ verificationMaterial: { timestampVerificationData } }, at) =>
        (timestampVerificationData.rfc3161Timestamps[0].signedTimestamp = flip(
          timestampVerificationData.rfc3161Timestamps[0].signedTimestamp,
          at,
        )),
      body: (copy, at) => (entry(copy).canonicalizedBody = flip(entry(copy).canonicalizedBody, at)),
      logId: (copy, at) => (entry(copy).logId.keyId = flip(entry(copy).logId.keyId, at)),
      root: (copy, at) => (entry(copy).inclusionProof.rootHash = flip(entry(copy).inclusionProof.rootHash, at)),
      hashes: (copy, at) =>
        (entry(copy).inclusionProof.hashes = entry(copy).inclusionProof.hashes.map((hash, index) =>
          index === at % 2 ? flip(hash, at) : hash,
        )),
      checkpoint: (copy, at) =>
        (entry(copy).inclusionProof.checkpoint.envelope = Buffer.from(
          flip(Buffer.from(entry(copy).inclusionProof.checkpoint.envelope).toString('base64'), at),
          'base64',
        ).toString('utf8')),
      promise: (copy, at) =>
        entry(copy).inclusionPromise
          ? (entry(copy).inclusionPromise = {
              signedEntryTimestamp: flip(entry(copy).inclusionPromise?.signedEntryTimestamp ?? '', at),
            })
          : (entry(copy).logIndex = String(at + 100)),
      numbers: (copy, at) =>
        Object.assign(
          entry(copy),
          at % 2 === 0 ? { logIndex: String(at + 100) } : { integratedTime: String(1_600_000_000 + at) },
        ),
    };
    const survives = (place: string, at: number) => {
      const check = verifyBundle(
        changed(name, (copy) => places[place]?.(copy, at)),
        { trust: trust() },
      );
      return check.ok && !isDeepStrictEqual({ ...check, steps: [] }, { ...whole, steps: [] });
    };
    const { counterexample } = fc.check(
      fc.property(fc.constantFrom(...Object.keys(places)), fc.nat(6000), (place, at) => !survives(place, at)),
      { numRuns: 200 },
    );
    expect(counterexample).toBeNull();
  });

  it('with its key alone trusted says that nothing of it was checked', () => {
    const check = verifyBundle(made[name], { trust: { ...trust(null), require: { logEntries: 0, timestamps: 0 } } });
    expect(check.steps.filter(({ step }) => step === 'log' || step === 'timestamp')).toEqual(
      ['timestamp', 'log'].map((step) => ({ step, status: 'skipped', reason: { code: 'not-required', carried: 1 } })),
    );
    expect(wordsOf(check, 'log')).toBe('1 present, not checked: no trusted root');
    expect(check.times).toEqual([]);
  });
});

it('a certificate is refused where nothing proves when it signed', () => {
  const bare = changed('v2', ({ verificationMaterial }) =>
    verificationMaterial.timestampVerificationData.rfc3161Timestamps.splice(0),
  );
  expect(
    wordsOf(verifyBundle(bare, { trust: { ...trust(), require: { logEntries: 1, timestamps: 0 } } }), 'certificate'),
  ).toContain('no verified timestamp or log entry proves that it signed then');
});

it('a signed entry timestamp that does not hold is refused', () => {
  const broken = changed(
    'v1',
    (copy) =>
      (entry(copy).inclusionPromise = {
        signedEntryTimestamp: flip(entry(copy).inclusionPromise?.signedEntryTimestamp ?? '', 30),
      }),
  );
  const check = verifyBundle(broken, { trust: trust() });
  expect(failing(check)).toEqual(['log']);
  expect(wordsOf(check, 'log')).toContain('inclusion promise could not be verified');
});
