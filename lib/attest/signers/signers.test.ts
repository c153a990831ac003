import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Trust, verifyBundle } from '../../core/statements/verify-bundle';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../../testing/sigstore/stand-ins';
import { keylessSigner } from './keyless';
import { localKeySigner } from './local-key';
import { signerContract } from './signer.contract';
import { trustSource } from './trust-source';

let sigstore: StandIns;
let folder: Awaited<ReturnType<typeof signingFolder>>;
beforeAll(async () => {
  sigstore = await startStandIns();
  folder = await signingFolder();
});
afterEach(() => {
  for (const service of Object.values(sigstore.services)) service.answer = (answer) => answer;
});
afterAll(async () => {
  await sigstore.close();
  await folder.remove();
});
const now = () => new Date();

async function local(variables: Record<string, string> = {}) {
  const env = folder.env({ SEALTRAIL_DATA_DIR: `${folder.dir}/${variables['SEALTRAIL_SIGNING_KEY'] ?? 'p256'}`, ...variables });
  const signer = await localKeySigner(env, trustSource(env, now));
  const trust: Trust = { keys: [{ hint: signer.keyHint ?? '', publicKeyPem: signer.publicKeyPem ?? '' }], trustedRoot: env.signing.trustedRootFile ? sigstore.trustedRoot : null, identities: [], require: env.signing.require };
  return { signer, trust };
}
async function keyless(signingConfig: object, variables: Record<string, string> = {}) {
  const env = folder.env({
    SEALTRAIL_SIGNER: 'keyless',
    SEALTRAIL_IDENTITY_TOKEN_FILE: await folder.file('token', `${sigstore.token()}\n`),
    SEALTRAIL_SIGNING_CONFIG: await folder.file('signing-config.json', signingConfig),
    SEALTRAIL_TRUSTED_ROOT: await folder.file('trusted-root.json', sigstore.trustedRoot),
    ...variables,
  });
  const trust: Trust = { keys: [], trustedRoot: sigstore.trustedRoot, identities: [{ subject: 'https://ci.example/sealtrail', issuer: 'https://issuer.example' }], require: env.signing.require };
  return { signer: keylessSigner(env.signing, trustSource(env, now), now), trust };
}
const witnessed = async (version: '1' | '2') => ({
  SEALTRAIL_TRUSTED_ROOT: await folder.file('trusted-root.json', sigstore.trustedRoot),
  SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp`,
  SEALTRAIL_REKOR_URL: version === '1' ? sigstore.services.rekorV1.url : sigstore.services.rekorV2.url,
  SEALTRAIL_REKOR_VERSION: version,
  SEALTRAIL_REQUIRE: 'log, timestamp',
});

describe('a local P-256 key', () => signerContract(() => local()));
describe('a local Ed25519 key', () => signerContract(() => local({ SEALTRAIL_SIGNING_KEY: 'ed25519' })));
describe('a local key with Rekor 1 and timestamps', () => signerContract(async () => local(await witnessed('1'))));
describe('a local Ed25519 key with Rekor 1 and timestamps', () => signerContract(async () => local({ ...(await witnessed('1')), SEALTRAIL_SIGNING_KEY: 'ed25519' })));
describe('a local key with Rekor 2 and timestamps', () => signerContract(async () => local(await witnessed('2'))));
describe('keyless with Rekor 1', () => signerContract(() => keyless(sigstore.signingConfig(1))));
describe('keyless with Rekor 1 and timestamps', () => signerContract(() => keyless(sigstore.signingConfig(1, true), { SEALTRAIL_REQUIRE: 'log,timestamp' })));
describe('keyless with Rekor 2', () => signerContract(() => keyless(sigstore.signingConfig(2), { SEALTRAIL_REQUIRE: 'log,timestamp' })));

describe('what a bundle carries', () => {
  it('is told with its times and log entries', async () => {
    const { signer, trust } = await keyless(sigstore.signingConfig(1, true));
    const check = verifyBundle(bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD)), { trust });
    expect(check.steps.map(({ id }) => id)).toEqual(['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement']);
    expect(check.times.map(({ kind }) => kind)).toEqual(['timestamp', 'log']);
    expect(check.logEntries).toEqual([{ logId: expect.stringMatching(/^[0-9a-f]{64}$/), index: expect.stringMatching(/^\d+$/), at: check.times[1]?.at }]);
  });

  it('has no time from a Rekor 2', async () => {
    const { signer, trust } = await keyless(sigstore.signingConfig(2));
    const check = verifyBundle(bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD)), { trust });
    expect(check.times.map(({ kind }) => kind)).toEqual(['timestamp']);
    expect(check.logEntries).toMatchObject([{ at: null }]);
  });
});
