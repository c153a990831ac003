import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trust } from '../../core/statements/verify-bundle';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../../testing/sigstore/stand-ins';
import { type TestToken, startToken } from '../../testing/softhsm';
import { keyFingerprint } from './key-fingerprint';
import { pkcs11Signer } from './pkcs11';
import { CLOSED, loadLibrary } from './pkcs11/library';
import { parsePkcs11Uri } from './pkcs11/uri';
import { signerContract } from './signer.contract';
import { trustSource } from './trust-source';

let token: TestToken;
let folder: Awaited<ReturnType<typeof signingFolder>>;
let sigstore: StandIns;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

beforeAll(async () => {
  [token, folder, sigstore] = await Promise.all([startToken(), signingFolder(), startStandIns()]);
  await token.importKey(key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'statements', 'a1');
  await token.importKey(pem('P-256'), 'twice', 'b1');
  await token.importKey(pem('P-256'), 'twice', 'b2');
  await token.importKey(pem('P-384'), 'large', 'c1');
}, 600_000);
afterAll(async () => {
  await Promise.all([token.remove(), folder.remove(), sigstore.close()]);
});
const now = () => new Date();

async function open(variables: Record<string, string> = {}, uri = token.uri('statements')) {
  const env = folder.env({ SEALTRAIL_SIGNER: uri, ...variables });
  const signer = await pkcs11Signer(env.signing, trustSource(env, now));
  const trust: Trust = {
    keys: [{ hint: signer.keyHint ?? '', publicKeyPem: signer.publicKeyPem ?? '' }],
    trustedRoot: env.signing.trustedRootFile ? sigstore.trustedRoot : null,
    identities: [],
    require: env.signing.require,
  };
  return { signer, trust };
}

// First: whoever has logged in once stays so until the process ends.
it('a PIN that the token refuses is tried once, so that the token is not locked', async () => {
  const uri = token.uri('statements', await token.file('wrong-pin', '0000'));
  await expect(open({}, uri)).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: 'the token refuses the PIN in pin-source',
  });
  await expect(open({}, uri)).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: expect.stringContaining('it is not tried again'),
  });
});

describe('a PKCS#11 token', () => {
  signerContract('key', () => open());

  it('signs with the key that is in it', async () => {
    expect((await open()).signer.keyHint).toBe(keyFingerprint(createPublicKey(key.privateKey)));
  });

  it('is read by id as well, and signs a hundred times without running out of sessions', async () => {
    const { signer } = await open({}, token.uri('statements').replace('object=statements', 'id=%A1'));
    const bundles = await Promise.all(Array.from({ length: 100 }, () => signer.sign(EXAMPLE_PAYLOAD)));
    expect(bundles).toHaveLength(100);
  });

  it('signs on in a new session when its own has ended', async () => {
    const { signer } = await open();
    const library = await loadLibrary(parsePkcs11Uri(token.uri('statements')).modulePath);
    for (let session = 1; session <= 50; session += 1) await library.call('C_CloseSession', [session], CLOSED);
    await expect(signer.sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
    await expect(signer.sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
  });

  it.each([
    ['no key of that name', () => token.uri('nobody'), 'SIGNING_FAILED', 'fits no private EC keys'],
    ['two keys of that name', () => token.uri('twice'), 'SIGNING_FAILED', 'fits several private EC keys'],
    ['a key on another curve', () => token.uri('large'), 'SIGNING_FAILED', 'another curve than P-256'],
    [
      'a token that is not plugged in',
      () => token.uri('statements').replace('sealtrail%20test', 'another'),
      'SIGNING_UNAVAILABLE',
      'fits 0 tokens',
    ],
  ])('says so when there is %s', async (_, uri, code, message) => {
    await expect(open({}, uri())).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('says so when its library is none', async () => {
    const noLibrary = token.uri('statements').replace(/module-path=[^&]*/, `module-path=${import.meta.filename}`);
    await expect(open({}, noLibrary)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('names a library that cannot be used'),
    });
  });
});

describe('a PKCS#11 token with Rekor 2 and timestamps', () => {
  signerContract('key', async () =>
    open({
      SEALTRAIL_TRUSTED_ROOT: await folder.file('root.json', sigstore.trustedRoot),
      SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp`,
      SEALTRAIL_REKOR_URL: sigstore.services.rekorV2.url,
      SEALTRAIL_REKOR_VERSION: '2',
      SEALTRAIL_REQUIRE: 'log,timestamp',
    }),
  );
});

describe('a pkcs11: URI', () => {
  it.each([
    ['without a library', () => token.uri('statements').replace(/module-path=[^&]*&/, ''), 'needs module-path='],
    ['without a key', () => token.uri('statements').replace(/object=[^;?]*;/, ''), 'needs object= or id='],
    ['with the PIN in it', () => `${token.uri('statements')}&pin-value=5678`, 'use pin-source'],
    [
      'with a PIN that is no file',
      () => token.uri('statements').replace(/pin-source=.*/, 'pin-source=https://x'),
      'pin-source= of a pkcs11: URI is a file',
    ],
    [
      'with a PIN file that is not there',
      () => token.uri('statements', '/nowhere/pin'),
      'names a PIN file that does not exist',
    ],
    [
      'with a library that is not there',
      () => token.uri('statements').replace(/module-path=[^&]*/, 'module-path=/nowhere.so'),
      'names a library that does not exist',
    ],
    ['of a public key', () => token.uri('statements').replace('type=private', 'type=public'), 'type=private'],
    [
      'with a name nobody knows',
      () => token.uri('statements').replace('object=', 'thing='),
      'thing= in a pkcs11: URI is not understood',
    ],
  ])('%s is refused at start, and the PIN not repeated', (_, uri, message) => {
    expect(() => folder.env({ SEALTRAIL_SIGNER: uri() })).toThrow(message);
    expect(() => folder.env({ SEALTRAIL_SIGNER: uri() })).not.toThrow('5678');
  });
});
