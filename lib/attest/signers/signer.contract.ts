import { bundleToJSON } from '@sigstore/bundle';
import { expect, it } from 'vitest';
import { isMet } from '../../core/checks/check';
import { type Trust, verifyBundle } from '../../core/statements/verify-bundle';
import { EXAMPLE_PAYLOAD } from '../../testing/sigstore/environment';
import type { StatementSigner } from './signer';

const NAMED = {
  key: ({ keyHint }: StatementSigner) => ({
    keyHint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    publicKeyPem: expect.stringContaining('-----BEGIN PUBLIC KEY-----'),
    keyid: keyHint,
    hint: keyHint,
    signedBy: { kind: 'key', hint: keyHint },
  }),
  certificate: () => ({
    keyHint: null,
    publicKeyPem: null,
    keyid: undefined,
    hint: undefined,
    signedBy: { kind: 'certificate', subject: expect.stringMatching(/./), issuer: expect.stringMatching(/./) },
  }),
};

/** What every signer must do, whatever holds its key. */
export function signerContract(
  by: keyof typeof NAMED,
  make: () => Promise<{ signer: StatementSigner; trust: Trust }>,
): void {
  it('signs a statement into a bundle that holds for whoever trusts it, and for nobody else', async () => {
    const { signer, trust } = await make();
    const bundle = bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD));
    expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(bundle.dsseEnvelope?.payload).toBe(EXAMPLE_PAYLOAD.toString('base64'));
    const check = verifyBundle(bundle, { trust });
    expect(check.steps.filter((step) => !isMet(step))).toEqual([]);
    expect(verifyBundle(bundle, { trust: { ...trust, keys: [], trustedRoot: null } })).toMatchObject({
      ok: false,
      statement: null,
      signedBy: null,
    });
  });

  it(`is by a ${by}, named as verifiers ask for it`, async () => {
    const { signer, trust } = await make();
    const bundle = bundleToJSON(await signer.sign(EXAMPLE_PAYLOAD));
    const named = {
      ...signer,
      keyid: bundle.dsseEnvelope?.signatures[0]?.keyid,
      hint: bundle.verificationMaterial.publicKey?.hint,
      signedBy: verifyBundle(bundle, { trust }).signedBy,
    };
    expect(named).toMatchObject(NAMED[by](signer));
  });

  it('signs several at once', async () => {
    const { signer, trust } = await make();
    const bundles = await Promise.all([1, 2, 3, 4].map(() => signer.sign(EXAMPLE_PAYLOAD)));
    expect(bundles.map((bundle) => verifyBundle(bundleToJSON(bundle), { trust }).ok)).toEqual([true, true, true, true]);
  });

  it('gives out nothing that would not verify', async () => {
    const { signer } = await make();
    await expect(signer.sign(Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}'))).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('The statement says what its type promises'),
    });
  });
}
