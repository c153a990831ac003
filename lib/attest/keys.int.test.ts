import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeContext, composeContext } from '../compose';
import { verifyBundle } from '../core/statements/verify-bundle';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { EXAMPLE_PAYLOAD } from '../testing/sigstore/environment';
import { getKey, listKeys, rotateSigningKey } from './keys';
import { currentSigner } from './signers';
import { prepareNextKey } from './signers/key-file';
import { ownTrust } from './trust';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const secrets = () => installation.ctx.env.secretsDir;
const keyFile = () => readFile(path.join(secrets(), 'signing-key.pem'), 'utf8');

describe('a rotation', () => {
  it('signs with a new key, keeps the old public one, and removes the old private one', async () => {
    const { ctx } = installation;
    const before = await currentSigner(ctx);
    const old = await keyFile();
    const bundle = bundleToJSON(await before.sign(EXAMPLE_PAYLOAD));

    const made = await rotateSigningKey(ctx, { actor: testActor() });
    const after = await currentSigner(ctx);
    expect(after.keyHint).toBe(made.hint);
    expect(after.keyHint).not.toBe(before.keyHint);
    expect(await keyFile()).not.toBe(old);
    const files = await readdir(secrets());
    expect(files.filter((name) => name.includes('signing-key'))).toEqual(['signing-key.pem']);
    expect((await stat(path.join(secrets(), 'signing-key.pem'))).mode & 0o777).toBe(0o600);

    expect(await listKeys(ctx)).toMatchObject([
      { hint: after.keyHint, retiredAt: null },
      { hint: before.keyHint, retiredAt: expect.stringMatching(/Z$/) },
    ]);
    expect((await getKey(ctx, { hint: before.keyHint ?? '' })).publicKeyPem).toBe(before.publicKeyPem);
    const signedBy = (keyHint: string | null) =>
      ownTrust(ctx, { key_hint: keyHint, signed_by: null, signed_by_issuer: null });
    expect(verifyBundle(bundle, { trust: await signedBy(before.keyHint) }).ok).toBe(true);
    const next = bundleToJSON(await after.sign(EXAMPLE_PAYLOAD));
    expect(verifyBundle(next, { trust: await signedBy(after.keyHint) }).ok).toBe(true);
    expect(verifyBundle(next, { trust: await signedBy(before.keyHint) })).toMatchObject({ ok: false, signedBy: null });
    await ctx.db
      .updateTable('signing_keys')
      .set({ retired_at: new Date('2020-01-01T00:00:00Z') })
      .where('hint', '=', before.keyHint ?? '')
      .execute();
    expect(
      verifyBundle(bundle, { trust: await signedBy(before.keyHint) }).steps.find(({ status }) => status === 'failed'),
    ).toMatchObject({
      step: 'signature',
      reason: { code: 'key-retired', validUntil: '2020-01-01T00:00:00.000Z', signedAt: { proven: false } },
    });
    await expect(before.sign(EXAMPLE_PAYLOAD)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
  });

  it('after the clock was set back leaves nothing the old key signed after its end', async () => {
    const { ctx } = installation;
    const { keyHint, name } = await currentSigner(ctx);
    const ahead = new Date(ctx.now().getTime() + 3600_000);
    const row = {
      generation: 0,
      verdict: 'verified' as const,
      predicate_type: 'https://example.com/x',
      subjects: '[]',
      first_record: 0,
      last_record: 0,
      records: 1,
      key_hint: keyHint,
      signer: name,
      bundle_digest: '00',
      bundle_size_bytes: 0,
      requested_by: 'x',
      signed_at: ahead,
      scope: '{"kind": "chain"}',
    };
    const { id } = await ctx.db.insertInto('attestations').values(row).returning('id').executeTakeFirstOrThrow();
    await rotateSigningKey(ctx, { actor: testActor() });
    expect((await getKey(ctx, { hint: keyHint ?? '' })).retiredAt).toBe(ahead.toISOString());
    await ctx.db.deleteFrom('attestations').where('id', '=', id).execute();
  });

  it('in one process is seen by another', async () => {
    const other = await composeContext(installation.ctx.env, 'worker');
    await currentSigner(other);
    const made = await rotateSigningKey(installation.ctx, { actor: testActor() });
    expect((await currentSigner(other)).keyHint).toBe(made.hint);
    await closeContext(other);
  });

  it('asked for several times at once leaves one key in use, on record', async () => {
    const { ctx } = installation;
    await Promise.all([1, 2, 3].map(() => rotateSigningKey(ctx, { actor: testActor() })));
    const { keyHint } = await currentSigner(ctx);
    expect((await listKeys(ctx)).filter(({ retiredAt }) => retiredAt === null).map(({ hint }) => hint)).toEqual([
      keyHint,
    ]);
  });

  it('that was cut short after its record is ended by whoever signs next', async () => {
    const { ctx } = installation;
    const { keyHint } = await currentSigner(ctx);
    await ctx.db
      .updateTable('signing_keys')
      .set({ retired_at: ctx.now() })
      .where('hint', '=', keyHint ?? '')
      .execute();
    const fresh = await composeContext(ctx.env, 'worker');
    // Running already, with the retired key at hand.
    expect((await currentSigner(ctx)).keyHint).not.toBe(keyHint);
    const signer = await currentSigner(fresh);
    expect(signer.keyHint).not.toBe(keyHint);
    expect((await listKeys(fresh)).filter(({ retiredAt }) => retiredAt === null).map(({ hint }) => hint)).toEqual([
      signer.keyHint,
    ]);
    await closeContext(fresh);
  });

  it('that was cut short before its record ends with the key it had made', async () => {
    const { ctx } = installation;
    await prepareNextKey(secrets(), 'p256');
    const waiting = await readFile(path.join(secrets(), 'next-signing-key.pem'), 'utf8');
    const { keyHint } = await currentSigner(ctx);
    await expect(currentSigner(ctx)).resolves.toMatchObject({ keyHint });
    await rotateSigningKey(ctx, { actor: testActor() });
    expect(await keyFile()).toBe(waiting);
  });
});
