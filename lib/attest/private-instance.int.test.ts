import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fsck } from '../fsck/fsck';
import type { Drift } from '../fsck/drift';
import { ingestUpload } from '../ingest/upload';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { signingFolder } from '../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../testing/sigstore/stand-ins';
import { getAttestation, listAttestations } from './attestations';
import { listKeys, rotateSigningKey } from './keys';
import { listRequests } from './requests/list';
import { tryNow } from './requests/try-now';

let sigstore: StandIns;
let folder: Awaited<ReturnType<typeof signingFolder>>;
let installation: TestInstallation;
beforeAll(async () => {
  [sigstore, folder] = await Promise.all([startStandIns(), signingFolder()]);
  installation = await startInstallation({
    SEALTRAIL_SIGNER: 'keyless',
    SEALTRAIL_IDENTITY_TOKEN_FILE: await folder.file('token', sigstore.token()),
    SEALTRAIL_SIGNING_CONFIG: await folder.file('signing-config.json', sigstore.signingConfig(2)),
    SEALTRAIL_TRUSTED_ROOT: await folder.file('trusted-root.json', sigstore.trustedRoot),
    SEALTRAIL_REQUIRE: 'log,timestamp',
  });
}, 120_000);
afterAll(async () => {
  await installation.stop();
  await Promise.all([sigstore.close(), folder.remove()]);
}, 60_000);

async function upload(chain: string, sample: string): Promise<string> {
  const log = await readFile(new URL(`../core/formats/fixtures/occasio/${sample}.jsonl`, import.meta.url));
  const { chainId } = await ingestUpload(installation.ctx, { fileName: `${sample}.jsonl`, chain, body: (async function* () { yield log; })(), receivedBy: 'test' });
  return chainId;
}

describe('an installation with a Sigstore of its own, by configuration only', () => {
  it('attests a broken chain as broken, under a certificate, logged and timestamped', async () => {
    await installation.work();
    const chainId = await upload('keyless', 'tampered');
    await installation.settled(chainId);
    const { items } = await listAttestations(installation.ctx, { chainId, limit: 10 });
    const attestation = await getAttestation(installation.ctx, { attestationId: items[0]?.id ?? '' });
    expect(attestation.steps.map(({ id, ok }) => [id, ok])).toEqual(['envelope', 'certificate', 'signature', 'timestamp', 'log', 'statement', 'subject', 'chain'].map((id) => [id, true]));
    expect(attestation).toMatchObject({ verdict: 'tampered', keyHint: null, signer: 'keyless' });
  });

  it('has no key of its own to list or rotate', async () => {
    expect(await listKeys(installation.ctx)).toEqual([]);
    await expect(rotateSigningKey(installation.ctx)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is found in order by fsck with its trusted root, and not without', async () => {
    const drifts: Drift[] = [];
    await fsck(installation.ctx, (drift) => drifts.push(drift), { trustedRoot: sigstore.trustedRoot });
    expect(drifts).toEqual([]);
    await fsck(installation.ctx, (drift) => drifts.push(drift));
    expect(new Set(drifts.map(({ kind }) => kind))).toEqual(new Set(['bundle-invalid']));
  });

  it('signs nothing while its log is away, says what it waits for, and signs once that is back', async () => {
    const { ctx } = installation;
    sigstore.services.rekorV2.answer = () => ({ status: 503, body: 'maintenance' });
    const chainId = await upload('waiting', 'valid');
    const waiting = async () => (await listRequests(ctx, { chainId, state: 'waiting', limit: 10 })).items[0];
    await expect.poll(async () => (await waiting())?.failure, { timeout: 60_000 }).toContain('answers 503: maintenance');
    expect((await listAttestations(ctx, { chainId, limit: 10 })).items).toEqual([]);

    sigstore.services.rekorV2.answer = (answer) => answer;
    const id = (await waiting())?.id ?? '';
    await ctx.db.updateTable('attestation_requests').set({ next_try_at: ctx.now() }).where('id', '=', id).execute();
    await tryNow(ctx, id);
    expect((await listAttestations(ctx, { chainId, limit: 10 })).items).toMatchObject([{ signer: 'keyless' }]);
  });
});
