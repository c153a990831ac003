import { readFileSync } from 'node:fs';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { keylessSigner } from '../../attest/signers/keyless';
import { trustSource } from '../../attest/signers/trust-source';
import { reportOn, titlesOf } from '../../testing/ask-verifier';
import { browserWorker } from '../../testing/browser-worker';
import { fixture } from '../../testing/fixtures';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../../testing/sigstore/stand-ins';

let sigstore: StandIns;
let inBrowser: Awaited<ReturnType<typeof browserWorker>>;
const bundles: Record<string, string> = {};
beforeAll(async () => {
  sigstore = await startStandIns();
  inBrowser = await browserWorker();
  const folder = await signingFolder();
  const now = () => new Date();
  for (const rekor of [1, 2] as const) {
    const env = folder.env({
      SEALTRAIL_SIGNER: 'keyless',
      SIGSTORE_ID_TOKEN: sigstore.token(),
      SEALTRAIL_SIGNING_CONFIG: await folder.file(`${rekor}.json`, sigstore.signingConfig(rekor, true)),
      SEALTRAIL_TRUSTED_ROOT: await folder.file('root.json', sigstore.trustedRoot),
    });
    const signer = keylessSigner(env.signing, trustSource(env, now), now);
    bundles[`Rekor ${rekor}`] = JSON.stringify(bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD)));
  }
  await folder.remove();
});
afterAll(() => sigstore.close());
/** What the example of the predicate's specification speaks of. */
const LOG = fixture('occasio', 'tampered');

type Json = {
  verificationMaterial: {
    tlogEntries: Record<string, unknown>[];
    certificate: { rawBytes: string };
    timestampVerificationData: { rfc3161Timestamps: { signedTimestamp: string }[] };
  };
  dsseEnvelope: { payload: string; signatures: { sig: string }[] };
};
const flip = (base64: string, share: number): string => {
  const bytes = Buffer.from(base64, 'base64');
  const at = Math.floor(bytes.length * share);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64');
};

/** Changes, each of which somebody would make to have a bundle say or prove something else. */
const CHANGES: Record<string, (bundle: Json) => void> = {
  payload: ({ dsseEnvelope }) => (dsseEnvelope.payload = flip(dsseEnvelope.payload, 0.5)),
  signature: ({ dsseEnvelope }) =>
    dsseEnvelope.signatures.forEach((signature) => (signature.sig = flip(signature.sig, 0.5))),
  certificate: ({ verificationMaterial: { certificate } }) => (certificate.rawBytes = flip(certificate.rawBytes, 0.5)),
  'signature of the certificate': ({ verificationMaterial: { certificate } }) =>
    (certificate.rawBytes = flip(certificate.rawBytes, 0.97)),
  timestamp: ({ verificationMaterial: { timestampVerificationData: data } }) =>
    data.rfc3161Timestamps.forEach((one) => (one.signedTimestamp = flip(one.signedTimestamp, 0.97))),
  'log entry': ({ verificationMaterial: { tlogEntries } }) =>
    tlogEntries.forEach((entry) => (entry.canonicalizedBody = flip(z.string().parse(entry.canonicalizedBody), 0.5))),
  'log left out': ({ verificationMaterial }) => (verificationMaterial.tlogEntries = []),
};

it.each(['Rekor 1', 'Rekor 2'])(
  'what was signed with a certificate and is in %s holds, in the browser as on Node',
  async (name) => {
    const files = {
      'b.sigstore.json': bundles[name] ?? '',
      'trusted_root.json': JSON.stringify(sigstore.trustedRoot),
      'pipeline-events.jsonl': LOG,
    };
    const report = await inBrowser(files);
    expect(titlesOf(report, 'passed')).toEqual(
      expect.arrayContaining([
        'Signed by https://ci.example/sealtrail, authenticated by https://issuer.example',
        'A timestamp authority saw the signature',
        'A transparency log holds the signature',
        'The signature is by the key of the certificate',
      ]),
    );
    expect(report).toEqual(await reportOn(files));
  },
);

it.each(Object.keys(CHANGES).flatMap((change) => ['Rekor 1', 'Rekor 2'].map((log) => [change, log] as const)))(
  'a change of the %s is found, %s',
  async (change, log) => {
    const bundle: Json = JSON.parse(bundles[log] ?? '{}');
    CHANGES[change]?.(bundle);
    const files = {
      'b.sigstore.json': JSON.stringify(bundle),
      'trusted_root.json': JSON.stringify(sigstore.trustedRoot),
    };
    const report = await inBrowser(files);
    expect(titlesOf(report, 'failed')).not.toEqual([]);
    expect(report.checked[0]?.says?.proven ?? false).toBe(false);
    expect(report).toEqual(await reportOn(files));
  },
);

it('without the root of the instance no signer is trusted', async () => {
  const report = await inBrowser({ 'b.sigstore.json': bundles['Rekor 1'] ?? '' });
  expect(report.outcome).toBe('fails');
  expect(report.trust).toMatchObject([{ name: 'built in' }]);
});

it('walks every format and says of it what it says on Node', async () => {
  for (const [format, names] of [
    ['occasio', ['valid', 'gap']],
    ['arbiter', ['valid', 'tampered']],
    ['nono', ['valid', 'reordered']],
    ['agentfence', ['signed', 'rotated']],
    ['vouch', ['valid', 'legacy-first']],
  ] as const) {
    for (const name of names) {
      const files = {
        'x.jsonl': fixture(format, name),
        'signing.pub.pem': readFileSync(
          new URL('../../core/formats/agentfence/fixtures/signing.pub.pem', import.meta.url),
        ),
      };
      expect(await inBrowser(files)).toEqual(await reportOn(files));
    }
  }
});
