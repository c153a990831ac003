import { inspect } from 'node:util';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Trust, verifyBundle } from '../../core/statements/verify-bundle';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../testing/sigstore/environment';
import { serve } from '../../testing/sigstore/service';
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
}, 60_000);
afterEach(() => {
  for (const service of Object.values(sigstore.services)) service.answer = (answer) => answer;
});
afterAll(async () => {
  await sigstore.close();
  await folder.remove();
});
const now = () => new Date();

async function local(variables: Record<string, string> = {}) {
  const env = folder.env({
    SEALTRAIL_DATA_DIR: `${folder.dir}/${variables['SEALTRAIL_SIGNING_KEY'] ?? 'p256'}`,
    ...variables,
  });
  const signer = await localKeySigner(env, trustSource(env, now));
  const trust: Trust = {
    keys: [{ hint: signer.keyHint ?? '', publicKeyPem: signer.publicKeyPem ?? '' }],
    trustedRoot: env.signing.trustedRootFile ? sigstore.trustedRoot : null,
    identities: [],
    require: env.signing.require,
  };
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
  const trust: Trust = {
    keys: [],
    trustedRoot: sigstore.trustedRoot,
    identities: [{ subject: 'https://ci.example/sealtrail', issuer: 'https://issuer.example' }],
    require: env.signing.require,
  };
  return { signer: keylessSigner(env.signing, trustSource(env, now), now), trust };
}
const witnessed = async (version: '1' | '2') => ({
  SEALTRAIL_TRUSTED_ROOT: await folder.file('trusted-root.json', sigstore.trustedRoot),
  SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp`,
  SEALTRAIL_REKOR_URL: version === '1' ? sigstore.services.rekorV1.url : sigstore.services.rekorV2.url,
  SEALTRAIL_REKOR_VERSION: version,
  SEALTRAIL_REQUIRE: 'log, timestamp',
});

describe('a local P-256 key', () => {
  signerContract('key', () => local());
});
describe('a local Ed25519 key', () => {
  signerContract('key', () => local({ SEALTRAIL_SIGNING_KEY: 'ed25519' }));
});
describe('a local key with Rekor 1 and timestamps', () => {
  signerContract('key', async () => local(await witnessed('1')));
});
describe('a local Ed25519 key with Rekor 1 and timestamps', () => {
  signerContract('key', async () => local({ ...(await witnessed('1')), SEALTRAIL_SIGNING_KEY: 'ed25519' }));
});
describe('a local key with Rekor 2 and timestamps', () => {
  signerContract('key', async () => local(await witnessed('2')));
});
describe('keyless with Rekor 1', () => {
  signerContract('certificate', () => keyless(sigstore.signingConfig(1)));
});
describe('keyless with Rekor 1 and timestamps', () => {
  signerContract('certificate', () => keyless(sigstore.signingConfig(1, true), { SEALTRAIL_REQUIRE: 'log,timestamp' }));
});
describe('keyless with Rekor 2', () => {
  signerContract('certificate', () => keyless(sigstore.signingConfig(2), { SEALTRAIL_REQUIRE: 'log,timestamp' }));
});

describe('a service', () => {
  const kinds = [
    ['fulcio', 'certificate'],
    ['rekorV1', 'log entry'],
    ['tsa', 'timestamp'],
  ] as const;

  it.each(kinds)('%s that says it cannot now is asked again later', async (name) => {
    sigstore.services[name].answer = () => ({ status: 503, body: '{"message":"try later"}' });
    const { signer } = await keyless(sigstore.signingConfig(1, true));
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      code: 'SIGNING_UNAVAILABLE',
      message: expect.stringContaining('503'),
    });
  });

  it.each(kinds)('%s that refuses is not', async (name) => {
    sigstore.services[name].answer = () => ({ status: 400, body: '{"message":"no, not you"}' });
    const { signer } = await keyless(sigstore.signingConfig(1, true));
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('no, not you'),
    });
  });

  it.each(kinds)('%s that nobody answers for is asked again later', async (name) => {
    const gone = await startStandIns();
    const config = gone.signingConfig(1, true);
    await gone.services[name].close();
    const { signer } = await keyless({
      ...sigstore.signingConfig(1, true),
      ...(name === 'fulcio' && { caUrls: config.caUrls }),
      ...(name === 'rekorV1' && { rekorTlogUrls: config.rekorTlogUrls }),
      ...(name === 'tsa' && { tsaUrls: config.tsaUrls }),
    });
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
    await gone.close();
  });

  it('rekorV2 that says it cannot now is asked again later, one that refuses is not', async () => {
    const { signer } = await keyless(sigstore.signingConfig(2));
    sigstore.services.rekorV2.answer = () => ({ status: 429, body: 'slower' });
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
    sigstore.services.rekorV2.answer = () => ({ status: 400, body: 'invalid type' });
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('invalid type'),
    });
  });

  it('of another instance proves nothing', async () => {
    const other = await startStandIns();
    const { signer } = await keyless(other.signingConfig(1, true));
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await other.close();
  });

  it('that answers what does not hold has it thrown away', async () => {
    sigstore.services.rekorV1.answer = (answer) => ({
      ...answer,
      body: String(answer.body)
        .replace(/"signedEntryTimestamp":"MEUC..../, '"signedEntryTimestamp":"MEUCAAAA')
        .replace(/"signedEntryTimestamp":"MEQC..../, '"signedEntryTimestamp":"MEQCAAAA')
        .replace(/"signedEntryTimestamp":"MEYC..../, '"signedEntryTimestamp":"MEYCAAAA'),
    });
    const { signer } = await keyless(sigstore.signingConfig(1, true));
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('inclusion promise could not be verified'),
    });
  });
});

describe('an identity token', () => {
  it('that is for somebody else, old or none is refused, and quoted nowhere', async () => {
    const cases = [
      sigstore.token({ aud: 'another' }),
      sigstore.token({ exp: 1 }),
      'secret-of-somebody',
      sigstore.token({ email: 'a@example.com' }),
    ];
    for (const token of cases) {
      const { signer } = await keyless(sigstore.signingConfig(1), {
        SEALTRAIL_IDENTITY_TOKEN_FILE: await folder.file('other-token', token),
      });
      const error: unknown = await signer.sign(EXAMPLE_PAYLOAD).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'SIGNING_FAILED' });
      expect(inspect(error, { depth: 8 })).not.toContain(token.slice(-20));
    }
  });

  it('is read anew for each signature', async () => {
    const file = await folder.file('rotated', sigstore.token({ exp: 1 }));
    const { signer } = await keyless(sigstore.signingConfig(1), { SEALTRAIL_IDENTITY_TOKEN_FILE: file });
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      message: expect.stringContaining('the token has expired'),
    });
    await folder.file('rotated', sigstore.token());
    await expect(signer.sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
  });

  it('comes from the environment, or from GitHub for an audience of sigstore', async () => {
    const config = {
      SEALTRAIL_SIGNER: 'keyless',
      SEALTRAIL_SIGNING_CONFIG: await folder.file('config.json', sigstore.signingConfig(1)),
      SEALTRAIL_TRUSTED_ROOT: await folder.file('root.json', sigstore.trustedRoot),
    };
    const requested: string[] = [];
    const github = await serve(0, () => ({ path, query, authorization }) => {
      requested.push(`${path}${query} ${authorization}`);
      return { status: 200, body: JSON.stringify({ value: sigstore.token() }) };
    });
    const ways: Record<string, string>[] = [
      { SIGSTORE_ID_TOKEN: sigstore.token() },
      { ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/token?api=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer' },
    ];
    for (const variables of ways) {
      const env = folder.env({ ...config, ...variables });
      await expect(keylessSigner(env.signing, trustSource(env, now), now).sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
    }
    expect(requested).toEqual(['/token?api=1&audience=sigstore Bearer bearer']);
    await github.close();
  });
});

describe('a TUF mirror', () => {
  it('gives trusted root and signing configuration, and what it gave serves while it is away', async () => {
    const own = await startStandIns();
    const env = folder.env({
      SEALTRAIL_SIGNER: 'keyless',
      SIGSTORE_ID_TOKEN: own.token(),
      SEALTRAIL_TUF_MIRROR: own.services.tuf.url,
      SEALTRAIL_TUF_ROOT: await folder.file('tuf-root.json', own.tufRoot),
    });
    const bundle = await keylessSigner(env.signing, trustSource(env, now), now).sign(EXAMPLE_PAYLOAD);
    expect(
      verifyBundle(bundleToJSON(bundle), {
        trust: { keys: [], trustedRoot: own.trustedRoot, identities: [], require: { logEntries: 1, timestamps: 1 } },
      }).ok,
    ).toBe(true);
    await own.services.tuf.close();
    await expect(keylessSigner(env.signing, trustSource(env, now), now).sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
    await own.close();
  });

  it('that never answered has the job come back later, and is asked again then', async () => {
    const own = await startStandIns();
    const env = folder.env({
      SEALTRAIL_DATA_DIR: `${folder.dir}/never`,
      SEALTRAIL_SIGNER: 'keyless',
      SIGSTORE_ID_TOKEN: own.token(),
      SEALTRAIL_TUF_MIRROR: own.services.tuf.url,
      SEALTRAIL_TUF_ROOT: await folder.file('tuf-root.json', own.tufRoot),
    });
    let laterMs = 0;
    const later = () => new Date(Date.now() + laterMs);
    const signer = keylessSigner(env.signing, trustSource(env, later), now);
    own.services.tuf.answer = () => ({ status: 503, body: '' });
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
    const requested = own.services.tuf.seen.length;
    await expect(signer.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
    expect(own.services.tuf.seen).toHaveLength(requested);
    own.services.tuf.answer = (answer) => answer;
    laterMs = 60_000;
    await expect(signer.sign(EXAMPLE_PAYLOAD)).resolves.toBeDefined();
    await own.close();
  });

  it('that nobody answers for has the job come back later', async () => {
    const gone = await serve(0, () => () => null);
    await gone.close();
    const env = folder.env({
      SEALTRAIL_DATA_DIR: `${folder.dir}/gone`,
      SEALTRAIL_SIGNER: 'keyless',
      SIGSTORE_ID_TOKEN: sigstore.token(),
      SEALTRAIL_TUF_MIRROR: gone.url,
      SEALTRAIL_TUF_ROOT: await folder.file('tuf-root.json', sigstore.tufRoot),
    });
    await expect(keylessSigner(env.signing, trustSource(env, now), now).sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({
      code: 'SIGNING_UNAVAILABLE',
    });
  });
});
