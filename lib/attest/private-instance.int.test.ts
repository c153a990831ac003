import { readFile } from 'node:fs/promises';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../core/statements/verify-bundle';
import { putObject, readObject } from '../evidence/store';
import { fsck } from '../fsck/fsck';
import type { Drift } from '../fsck/drift';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { signingFolder } from '../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../testing/sigstore/stand-ins';
import { getAttestation, listAttestations } from './attestations';
import { listKeys, rotateSigningKey } from './keys';
import { requestPackage, getPackage } from '../package/packages';
import { listRequests } from './requests/list';
import { tryNow } from './requests/try-now';
import { keylessSigner } from './signers/keyless';
import { trustSource } from './signers/trust-source';

let sigstore: StandIns;
let folder: Awaited<ReturnType<typeof signingFolder>>;
let installation: TestInstallation;
beforeAll(async () => {
  [sigstore, folder] = await Promise.all([startStandIns(), signingFolder()]);
  installation = await startInstallation(
    {
      SEALTRAIL_SIGNER: 'keyless',
      SEALTRAIL_IDENTITY_TOKEN_FILE: await folder.file('token', sigstore.token()),
      SEALTRAIL_SIGNING_CONFIG: await folder.file('signing-config.json', sigstore.signingConfig(2)),
      SEALTRAIL_TRUSTED_ROOT: await folder.file('trusted-root.json', sigstore.trustedRoot),
      SEALTRAIL_REQUIRE: 'log,timestamp',
    },
    { rules: 'one' },
  );
}, 120_000);
afterAll(async () => {
  await installation.stop();
  await Promise.all([sigstore.close(), folder.remove()]);
}, 60_000);

async function upload(chain: string, sample: string): Promise<string> {
  const log = await readFile(new URL(`../core/formats/occasio/fixtures/${sample}.jsonl`, import.meta.url));
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: `${sample}.jsonl`,
    chain,
    body: (async function* () {
      yield log;
    })(),
    actor: testActor(),
  });
  return chainId;
}

describe('an installation with a Sigstore of its own, by configuration only', () => {
  it('attests a broken chain as broken, under a certificate, logged and timestamped', async () => {
    await installation.work();
    const chainId = await upload('keyless', 'tampered');
    await installation.settled(chainId);
    const { items } = await listAttestations(installation.ctx, { chainId, limit: 10 });
    const attestation = await getAttestation(installation.ctx, { attestationId: items[0]?.id ?? '' });
    expect(attestation.steps.map(({ step, status }) => [step, status])).toEqual(
      ['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement', 'subject', 'evidence'].map((step) => [
        step,
        'passed',
      ]),
    );
    expect(attestation).toMatchObject({ verdict: 'tampered', keyHint: null, signer: 'keyless' });
  });

  it('has no key of its own to list or rotate', async () => {
    expect(await listKeys(installation.ctx)).toEqual([]);
    await expect(rotateSigningKey(installation.ctx, { actor: testActor() })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('is found in order by fsck with its trusted root, and not without', async () => {
    const drifts: Drift[] = [];
    await fsck(installation.ctx, (drift) => drifts.push(drift), { trustedRoot: sigstore.trustedRoot });
    expect(drifts).toEqual([]);
    await fsck(installation.ctx, (drift) => drifts.push(drift));
    expect(new Set(drifts.map(({ kind }) => kind))).toEqual(new Set(['bundle-invalid']));
  });

  it('has on record who signed, by whose word, and takes nothing that another identity of the same root signed in its place', async () => {
    const { ctx } = installation;
    const row = await ctx.db.selectFrom('attestations').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      key_hint: null,
      signed_by: 'https://ci.example/sealtrail',
      signed_by_issuer: 'https://issuer.example',
    });
    const bundles = await ctx.db
      .selectFrom('attestation_bundles')
      .selectAll()
      .where('attestation_id', '=', row.id)
      .orderBy('n')
      .execute();
    const { dsseEnvelope }: { dsseEnvelope: { payload: string } } = JSON.parse(
      (await readObject(ctx.evidence, row.bundle_digest)).toString('utf8'),
    );

    const { signing } = ctx.env;
    const reported = async () => {
      const drifts: Drift[] = [];
      await fsck(ctx, (drift) => drifts.push(drift), { trustedRoot: sigstore.trustedRoot });
      return drifts.flatMap(({ kind, found }) => (kind === 'bundle-invalid' ? [found] : []));
    };
    const failing = async () =>
      (await getAttestation(ctx, { attestationId: row.id })).steps.flatMap(({ step, status, detail }) =>
        status === 'passed' ? [] : [[step, detail]],
      );
    for (const claims of [{ sub: 'https://ci.example/another' }, { iss: 'https://another.example' }]) {
      const other = keylessSigner(
        { ...signing, token: { file: null, actions: null, value: sigstore.token(claims) } },
        trustSource(ctx.env, ctx.now),
        ctx.now,
      );
      const swapped = bundleToJSON(await other.sign(Buffer.from(dsseEnvelope.payload, 'base64')));
      expect(
        verifyBundle(swapped, {
          trust: {
            keys: [],
            trustedRoot: sigstore.trustedRoot,
            identities: [],
            require: { logEntries: 1, timestamps: 1 },
          },
        }).ok,
      ).toBe(true);
      const { digest, sizeBytes } = await putObject(ctx.evidence, Buffer.from(JSON.stringify(swapped)));
      await ctx.db
        .updateTable('attestation_bundles')
        .set({ digest, size_bytes: sizeBytes })
        .where('attestation_id', '=', row.id)
        .where('n', '=', 0)
        .execute();

      const who = `it is issued to ${claims.sub ?? 'https://ci.example/sealtrail'}, vouched for by ${claims.iss ?? 'https://issuer.example'}; accepted is https://ci.example/sealtrail, vouched for by https://issuer.example`;
      expect(await failing()).toEqual([
        ['certificate', who],
        ['statement', expect.stringContaining('not checked')],
        ['subject', expect.stringContaining('not checked')],
      ]);
      expect(await reported()).toEqual([expect.stringContaining(who)]);
      const { id } = await requestPackage(ctx, {
        of: { kind: 'attestation', attestationId: row.id },
        actor: testActor('auditor'),
      });
      await expect
        .poll(async () => (await getPackage(ctx, { packageId: id })).failure, { timeout: 30_000 })
        .toContain(who);
      await ctx.db.updateTable('packages').set({ state: 'failed' }).where('id', '=', id).execute();
    }

    // What a key is on record for, no certificate may stand in for, whoever it names.
    await ctx.db.updateTable('attestations').set({ key_hint: 'SHA256:x' }).where('id', '=', row.id).execute();
    expect((await failing())[0]).toEqual([
      'certificate',
      expect.stringContaining('accepted is no certificate, only a key'),
    ]);

    await ctx.db.updateTable('attestations').set({ key_hint: null }).where('id', '=', row.id).execute();
    await ctx.db
      .updateTable('attestation_bundles')
      .set({ digest: bundles[0]?.digest ?? '', size_bytes: bundles[0]?.size_bytes ?? 0 })
      .where('attestation_id', '=', row.id)
      .where('n', '=', 0)
      .execute();
    expect(await reported()).toEqual([]);
  });

  it('has on record who signed the manifest of a package, and takes no other signature over it', async () => {
    const { ctx } = installation;
    const { id: attestationId } = await ctx.db.selectFrom('attestations').select('id').executeTakeFirstOrThrow();
    const { id } = await requestPackage(ctx, {
      of: { kind: 'attestation', attestationId },
      actor: testActor('auditor'),
    });
    await expect.poll(async () => (await getPackage(ctx, { packageId: id })).state, { timeout: 30_000 }).toBe('done');
    const row = await ctx.db.selectFrom('packages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      key_hint: null,
      signed_by: 'https://ci.example/sealtrail',
      signed_by_issuer: 'https://issuer.example',
    });
    const reported = async () => {
      const drifts: Drift[] = [];
      await fsck(ctx, (drift) => drifts.push(drift), { trustedRoot: sigstore.trustedRoot });
      return drifts.map(({ kind, what, found }) => [kind, what, found]);
    };
    expect(await reported()).toEqual([]);

    const own = row.entries.find(({ path }) => path === 'MANIFEST.sha256.sigstore.json');
    const { dsseEnvelope }: { dsseEnvelope: { payload: string } } = JSON.parse(
      (await readObject(ctx.evidence, own?.digest ?? '')).toString('utf8'),
    );
    const other = keylessSigner(
      {
        ...ctx.env.signing,
        token: { file: null, actions: null, value: sigstore.token({ sub: 'https://ci.example/another' }) },
      },
      trustSource(ctx.env, ctx.now),
      ctx.now,
    );
    const swapped = await putObject(
      ctx.evidence,
      Buffer.from(JSON.stringify(bundleToJSON(await other.sign(Buffer.from(dsseEnvelope.payload, 'base64'))))),
    );
    const put = (entry: typeof own) =>
      ctx.db
        .updateTable('packages')
        .set({ entries: JSON.stringify(row.entries.map((one) => (one.path === own?.path ? entry : one))) })
        .where('id', '=', id)
        .execute();
    await put({ path: own?.path ?? '', digest: swapped.digest, sizeBytes: swapped.sizeBytes });
    expect(await reported()).toEqual([
      [
        'bundle-invalid',
        `evidence package ${id}`,
        expect.stringContaining('it is issued to https://ci.example/another'),
      ],
    ]);
    await ctx.db
      .updateTable('packages')
      .set({ manifest_digest: 'a'.repeat(64), signed_by: 'https://ci.example/another' })
      .where('id', '=', id)
      .execute();
    // The log knows the manifest that was, and not the one on record now.
    expect((await reported()).toSorted()).toEqual([
      ['log-lacks', `evidence package ${id}`, 'none'],
      ['row-differs', `packages.manifest_digest of ${id}`, 'a'.repeat(64)],
      ['row-missing', expect.stringContaining(row.manifest_digest ?? ''), 'none'],
    ]);
    await ctx.db
      .updateTable('packages')
      .set({ manifest_digest: row.manifest_digest, signed_by: null, signed_by_issuer: null })
      .where('id', '=', id)
      .execute();
    expect(await reported()).toEqual([]);
    await put(own);
  });

  it('takes any issuer of the identity where none was taken down', async () => {
    const { ctx } = installation;
    await ctx.db.updateTable('attestations').set({ signed_by_issuer: null }).execute();
    const { id } = await ctx.db.selectFrom('attestations').select('id').executeTakeFirstOrThrow();
    expect(
      (await getAttestation(ctx, { attestationId: id })).steps.filter(({ status }) => status !== 'passed'),
    ).toEqual([]);
    await ctx.db
      .updateTable('attestations')
      .set({ signed_by: 'https://ci.example/another' })
      .where('id', '=', id)
      .execute();
    expect(
      (await getAttestation(ctx, { attestationId: id })).steps
        .filter(({ status }) => status !== 'passed')
        .map(({ step }) => step),
    ).toContain('certificate');
    await ctx.db
      .updateTable('attestations')
      .set({ signed_by: 'https://ci.example/sealtrail', signed_by_issuer: 'https://issuer.example' })
      .where('id', '=', id)
      .execute();
  });

  it('signs nothing while its log is away, says what it waits for, and signs once that is back', async () => {
    const { ctx } = installation;
    sigstore.services.rekorV2.answer = () => ({ status: 503, body: 'maintenance' });
    const chainId = await upload('waiting', 'valid');
    const waiting = async () => (await listRequests(ctx, { chainId, state: ['waiting'], limit: 10 })).items[0];
    await expect
      .poll(async () => (await waiting())?.failure, { timeout: 60_000 })
      .toContain('answers 503: maintenance');
    expect((await listAttestations(ctx, { chainId, limit: 10 })).items).toEqual([]);

    sigstore.services.rekorV2.answer = (answer) => answer;
    const id = (await waiting())?.id ?? '';
    await ctx.db.updateTable('attestation_requests').set({ next_try_at: ctx.now() }).where('id', '=', id).execute();
    await tryNow(ctx, id);
    expect((await listAttestations(ctx, { chainId, limit: 10 })).items).toMatchObject([{ signer: 'keyless' }]);
  });
});
