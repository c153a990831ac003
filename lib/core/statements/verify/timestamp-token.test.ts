import { bundleToJSON } from '@sigstore/bundle';
import { expect, it } from 'vitest';
import { localKeySigner } from '../../../attest/signers/local-key';
import { trustSource } from '../../../attest/signers/trust-source';
import { EXAMPLE_PAYLOAD, signingFolder } from '../../../testing/sigstore/environment';
import { startStandIns } from '../../../testing/sigstore/stand-ins';
import { verifyBundle } from '../verify-bundle';

it.each([0, 7, 120, 500, 999])(
  'reads a time of %i ms past the second, as timestamp authorities write it',
  async (ms) => {
    // A minute on: a certificate begins in the second it is made in, and nothing may be stamped before it.
    const time = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000 + ms);
    const [sigstore, folder] = await Promise.all([startStandIns({ timestampClock: time }), signingFolder()]);
    const env = folder.env({
      SEALTRAIL_TRUSTED_ROOT: await folder.file('root.json', sigstore.trustedRoot),
      SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp`,
    });
    const signer = await localKeySigner(
      env,
      trustSource(env, () => new Date()),
    );
    const bundle = bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD));
    await Promise.all([sigstore.close(), folder.remove()]);
    const keys = [{ hint: signer.keyHint ?? '', publicKeyPem: signer.publicKeyPem ?? '' }];
    const check = verifyBundle(bundle, {
      trust: { keys, trustedRoot: sigstore.trustedRoot, identities: [], require: { logEntries: 0, timestamps: 1 } },
    });
    expect(check).toMatchObject({ ok: true, times: [{ kind: 'timestamp', at: time.toISOString() }] });
  },
);
