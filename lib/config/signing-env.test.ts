import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signingFolder } from '../testing/sigstore/environment';

let folder: Awaited<ReturnType<typeof signingFolder>>;
let json: string;
beforeAll(async () => {
  folder = await signingFolder();
  json = await folder.file('some.json', {});
});
afterAll(() => folder.remove());

describe('how statements are signed', () => {
  it('is with a local P-256 key when nothing is said, also by empty variables', () => {
    const none = {
      SEALTRAIL_TSA_URL: '',
      SEALTRAIL_REKOR_URL: '',
      SEALTRAIL_TRUSTED_ROOT: '',
      SEALTRAIL_IDENTITY_TOKEN_FILE: '',
    };
    expect(folder.env(none).signing).toEqual(folder.env().signing);
    expect(folder.env().signing).toMatchObject({
      signer: 'local',
      keyKind: 'p256',
      tsaUrl: null,
      rekor: null,
      tuf: null,
      require: { logEntries: 0, timestamps: 0 },
    });
  });

  it('is keyless under the public instance with a token alone', () => {
    expect(folder.env({ SEALTRAIL_SIGNER: 'keyless', SIGSTORE_ID_TOKEN: 'a.b.c' }).signing).toMatchObject({
      signer: 'keyless',
      tuf: null,
      trustedRootFile: null,
      signingConfigFile: null,
    });
  });

  it.each<[string, string, Record<string, string>]>([
    ['a signer nobody knows', 'SEALTRAIL_SIGNER', { SEALTRAIL_SIGNER: 'kms' }],
    ['a key of another kind', 'SEALTRAIL_SIGNING_KEY', { SEALTRAIL_SIGNING_KEY: 'rsa' }],
    ['keyless without a token', 'SEALTRAIL_SIGNER', { SEALTRAIL_SIGNER: 'keyless' }],
    [
      'a request for a token without the right to ask',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      { SEALTRAIL_SIGNER: 'keyless', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example' },
    ],
    ['a trusted root that is not there', 'SEALTRAIL_TRUSTED_ROOT', { SEALTRAIL_TRUSTED_ROOT: '/nowhere/root.json' }],
    [
      'a signing configuration that is no JSON',
      'SEALTRAIL_SIGNING_CONFIG',
      { SEALTRAIL_SIGNER: 'keyless', SIGSTORE_ID_TOKEN: 'a.b.c', SEALTRAIL_SIGNING_CONFIG: import.meta.filename },
    ],
    [
      'services without a root to check them by',
      'SEALTRAIL_SIGNING_CONFIG',
      { SEALTRAIL_SIGNER: 'keyless', SIGSTORE_ID_TOKEN: 'a.b.c', SEALTRAIL_SIGNING_CONFIG: 'JSON' },
    ],
    [
      'a root without services',
      'SEALTRAIL_TRUSTED_ROOT',
      { SEALTRAIL_SIGNER: 'keyless', SIGSTORE_ID_TOKEN: 'a.b.c', SEALTRAIL_TRUSTED_ROOT: 'JSON' },
    ],
    ['a signing configuration for a key', 'SEALTRAIL_SIGNING_CONFIG', { SEALTRAIL_SIGNING_CONFIG: 'JSON' }],
    [
      'two sources of a root',
      'SEALTRAIL_TUF_MIRROR',
      { SEALTRAIL_TUF_MIRROR: 'https://x.example', SEALTRAIL_TRUSTED_ROOT: 'JSON' },
    ],
    ['a root of no mirror', 'SEALTRAIL_TUF_ROOT', { SEALTRAIL_TUF_ROOT: 'JSON' }],
    ['timestamps nobody can check', 'SEALTRAIL_TSA_URL', { SEALTRAIL_TSA_URL: 'https://x.example' }],
    ['a log nobody can check', 'SEALTRAIL_REKOR_URL', { SEALTRAIL_REKOR_URL: 'https://x.example' }],
    ['a version of no log', 'SEALTRAIL_REKOR_VERSION', { SEALTRAIL_REKOR_VERSION: '2' }],
    [
      'a version that does not exist',
      'SEALTRAIL_REKOR_VERSION',
      { SEALTRAIL_REKOR_URL: 'https://x.example', SEALTRAIL_TRUSTED_ROOT: 'JSON', SEALTRAIL_REKOR_VERSION: '3' },
    ],
    [
      'Ed25519 for a Rekor 2',
      'SEALTRAIL_SIGNING_KEY',
      {
        SEALTRAIL_REKOR_URL: 'https://x.example',
        SEALTRAIL_TRUSTED_ROOT: 'JSON',
        SEALTRAIL_REKOR_VERSION: '2',
        SEALTRAIL_SIGNING_KEY: 'ed25519',
      },
    ],
    ['a proof nobody can give', 'SEALTRAIL_REQUIRE', { SEALTRAIL_REQUIRE: 'log' }],
    ['a time nobody can give', 'SEALTRAIL_REQUIRE', { SEALTRAIL_REQUIRE: 'timestamp' }],
    ['a proof that does not exist', 'SEALTRAIL_REQUIRE', { SEALTRAIL_REQUIRE: 'oath' }],
  ])('is refused with %s, and the variable named', (_, variable, variables) => {
    const given = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value === 'JSON' ? json : value]),
    );
    expect(() => folder.env(given)).toThrow(new RegExp(`^  ${variable}`, 'm'));
  });
});
