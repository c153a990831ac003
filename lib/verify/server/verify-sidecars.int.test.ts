import { type KeyObject, createHash, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAttestations } from '../../attest/attestations';
import { preAuthEncoding } from '../../core/statements/dsse';
import { appendRecords } from '../../ingest/append-records';
import { addSidecar, setSidecarCounts } from '../../ingest/sidecars';
import { addToolKey, listToolKeys, retireToolKey } from '../../ingest/tool-keys';
import { ingestUpload } from '../../ingest/upload';
import { getChain } from '../../chains/chains';
import { listSidecars, openSidecar } from '../../chains/sidecars';
import { testActor } from '../../testing/actor';
import { fixture, fixtureText } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

async function* once(bytes: Uint8Array | string) {
  yield Buffer.from(bytes);
}
async function sent(chain: string, bytes: Uint8Array): Promise<string> {
  const { chainId } = await ingestUpload(installation.ctx, {
    fileName: chain,
    chain,
    body: once(bytes),
    actor: testActor(),
  });
  await installation.settled(chainId);
  return chainId;
}
async function checked(chainId: string) {
  await installation.settled(chainId);
  const { verdict, problems, problemCounts } = await getChain(installation.ctx, { chainId });
  const facts = (await listSidecars(installation.ctx, { chainId, limit: 20 })).items.map(({ kind, fact }) => [
    kind,
    fact?.holds,
  ]);
  return { verdict, problemCounts, messages: problems.map(({ message }) => message), facts };
}
const add = (chainId: string, fileName: string, text: string) =>
  addSidecar(installation.ctx, { chainId, fileName, body: once(text), actor: testActor('ada') });

const session: Record<string, unknown> & { audit_integrity: Record<string, unknown> } = JSON.parse(
  fixtureText('nono', 'session.json'),
);
const stating = (change: Record<string, unknown>) =>
  JSON.stringify({ ...session, audit_integrity: { ...session.audit_integrity, ...change } });
const valid = fixture('nono', 'valid');
const whole = valid.toString('utf8').trimEnd().split('\n');
const log = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));

describe('the files of a nono session', () => {
  it('that hold are told beside the chain, and the chain is signed again with them', async () => {
    const chainId = await sent('session', valid);
    for (const file of ['session.json', 'ledger.ndjson', 'proofs.json'])
      expect(await add(chainId, file, fixtureText('nono', file))).toMatchObject({ chainId, fileName: file });
    expect(await checked(chainId)).toEqual({
      verdict: 'verified',
      problemCounts: {},
      messages: [],
      facts: [
        ['nono-proofs', true],
        ['nono-ledger', true],
        ['nono-session', true],
      ],
    });

    const [sidecar] = (await listSidecars(installation.ctx, { chainId, limit: 1 })).items;
    expect(sidecar).toMatchObject({ fileName: 'proofs.json', receivedBy: 'ada', archiveSha256: null });
    const { stream } = await openSidecar(installation.ctx, { chainId, sidecarId: sidecar?.id ?? '' });
    expect(await new Response(stream).text()).toBe(fixtureText('nono', 'proofs.json'));

    const before = (await listAttestations(installation.ctx, { chainId, limit: 10 })).items.length;
    await add(chainId, 'session.json', fixtureText('nono', 'session.json'));
    await installation.settled(chainId);
    expect((await listAttestations(installation.ctx, { chainId, limit: 10 })).items).toHaveLength(before);
  });

  it.each<[string, string, string, string, Record<string, number>]>([
    [
      'another Merkle root',
      'session.json',
      stating({ merkle_root: 'b'.repeat(64) }),
      'tampered',
      { 'merkle-mismatch': 1 },
    ],
    ['another head', 'session.json', stating({ chain_head: 'b'.repeat(64) }), 'tampered', { 'session-mismatch': 1 }],
    [
      'more events',
      'session.json',
      stating({ event_count: 300, chain_head: 'b'.repeat(64) }),
      'truncated',
      { 'shorter-than-witnessed': 1 },
    ],
    ['nothing readable', 'session.json', '{"half', 'corrupt', { 'unreadable-evidence': 1 }],
    [
      'a changed ledger',
      'ledger.ndjson',
      fixtureText('nono', 'ledger.ndjson').replace('20:05:00Z', '20:06:00Z'),
      'tampered',
      { 'ledger-mismatch': 1 },
    ],
    [
      'a false proof',
      'proofs.json',
      fixtureText('nono', 'proofs.json').replace(/"direction": "right"/, '"direction": "left"'),
      'tampered',
      { 'merkle-mismatch': 1 },
    ],
  ])('that state %s change the verdict', async (claim, file, text, verdict, problemCounts) => {
    const chainId = await sent(`session with ${claim}`, valid);
    if (file !== 'session.json') await add(chainId, 'session.json', fixtureText('nono', 'session.json'));
    await add(chainId, file, text);
    expect(await checked(chainId)).toMatchObject({ verdict, problemCounts });
  });

  it('show a log that was cut off before it ever came here', async () => {
    const chainId = await sent('cut before', log(whole.slice(0, 100)));
    expect((await checked(chainId)).verdict).toBe('verified');
    await add(chainId, 'session.json', fixtureText('nono', 'session.json'));
    expect(await checked(chainId)).toMatchObject({
      verdict: 'truncated',
      facts: [['nono-session', false]],
      messages: [expect.stringContaining('213 events')],
    });
    await sent('cut before', valid);
    expect(await checked(chainId)).toMatchObject({ verdict: 'verified', facts: [['nono-session', true]] });
  });

  it('can be set aside and taken back, and stay listed', async () => {
    const chainId = await sent('another session', valid);
    const { sidecarId } = await add(chainId, 'session.json', stating({ chain_head: 'b'.repeat(64) }));
    expect((await checked(chainId)).verdict).toBe('tampered');
    await setSidecarCounts(installation.ctx, { chainId, sidecarId, counts: false, actor: testActor('bob') });
    expect(await checked(chainId)).toMatchObject({
      verdict: 'verified',
      problemCounts: {},
      facts: [['nono-session', undefined]],
    });
    expect((await listSidecars(installation.ctx, { chainId, limit: 5 })).items).toMatchObject([
      { id: sidecarId, setAside: { by: 'bob' } },
    ]);
    await setSidecarCounts(installation.ctx, { chainId, sidecarId, counts: true, actor: testActor('bob') });
    expect((await checked(chainId)).verdict).toBe('tampered');
    await setSidecarCounts(installation.ctx, { chainId, sidecarId, counts: false, actor: testActor('bob') });
    expect(await add(chainId, 'session.json', stating({ chain_head: 'b'.repeat(64) }))).toMatchObject({ sidecarId });
    expect((await checked(chainId)).verdict).toBe('tampered');
    await expect(
      setSidecarCounts(installation.ctx, { chainId, sidecarId: chainId, counts: true, actor: testActor('bob') }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are refused where they say nothing', async () => {
    const chainId = await sent('other tool', fixture('vouch', 'valid'));
    await expect(add(chainId, 'session.json', fixtureText('nono', 'session.json'))).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(add(chainId, 'notes.txt', 'nothing')).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    expect((await listSidecars(installation.ctx, { chainId, limit: 5 })).items).toEqual([]);
  });
});

describe('the attestation of a nono session', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha256').update(spki).digest('hex');
  const predicateType = 'https://nono.sh/attestation/audit-session/alpha';
  const attested = JSON.stringify({
    ...session,
    audit_attestation: {
      predicate_type: predicateType,
      key_id: keyId,
      public_key: spki.toString('base64'),
      bundle_filename: 'audit-attestation.bundle',
    },
  });

  /** As nono signs, with another count of events when asked for. */
  function bundle(eventCount = session.audit_integrity['event_count']): string {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        {
          name: `audit-session:${String(session['session_id'])}`,
          digest: { sha256: session.audit_integrity['merkle_root'] },
        },
      ],
      predicateType,
      predicate: {
        version: 1,
        session_id: session['session_id'],
        started: session['started'],
        ended: session['ended'],
        command: session['command'],
        audit_log: { ...session.audit_integrity, event_count: eventCount },
        signer: { kind: 'keyed', key_id: keyId },
      },
    };
    const payload = Buffer.from(JSON.stringify(statement));
    const payloadType = 'application/vnd.in-toto+json';
    const sig = sign('sha256', preAuthEncoding(payloadType, payload), privateKey).toString('base64');
    return JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
      dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig, keyid: keyId }] },
    });
  }
  const said = async (chainId: string) =>
    (await listSidecars(installation.ctx, { chainId, limit: 20 })).items.find(({ kind }) => kind === 'nono-attestation')
      ?.fact?.message;

  it('is by its own word until its key is registered, whatever other keys are', async () => {
    const chainId = await sent('attested', valid);
    await add(chainId, 'session.json', attested);
    await add(chainId, 'audit-attestation.bundle', bundle());
    expect((await checked(chainId)).verdict).toBe('verified');
    expect(await said(chainId)).toContain('self-attested');
    const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString().trim();
    await addToolKey(installation.ctx, {
      name: 'another host',
      publicKeyPem: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
      actor: testActor('ada'),
    });
    expect((await checked(chainId)).verdict).toBe('verified');
    expect(await said(chainId)).toContain('self-attested');
    await addToolKey(installation.ctx, { name: 'build host', publicKeyPem: pem(publicKey), actor: testActor('ada') });
    expect((await checked(chainId)).verdict).toBe('verified');
    expect(await said(chainId)).not.toContain('self-attested');
  });

  it('that attests another count, or is none, changes the verdict', async () => {
    const chainId = await sent('falsely attested', valid);
    await add(chainId, 'session.json', attested);
    await add(chainId, 'audit-attestation.bundle', bundle(7));
    expect(await checked(chainId)).toMatchObject({ verdict: 'tampered', problemCounts: { 'session-mismatch': 1 } });
    await add(chainId, 'audit-attestation.bundle', '{}');
    expect(await checked(chainId)).toMatchObject({ verdict: 'corrupt', problemCounts: { 'unreadable-evidence': 1 } });
    const genuine = bundle();
    await add(chainId, 'audit-attestation.bundle', genuine);
    expect(await checked(chainId)).toMatchObject({ verdict: 'verified', problemCounts: {} });
    await add(chainId, 'audit-attestation.bundle', bundle(7));
    expect((await checked(chainId)).verdict).toBe('tampered');
    await add(chainId, 'audit-attestation.bundle', genuine);
    expect((await checked(chainId)).verdict).toBe('verified');
  });
});

describe('anchors and keys of AgentFence', () => {
  const signed = fixture('agentfence', 'signed');
  const lines = signed.toString('utf8').trimEnd().split('\n');
  const events = lines.map((line): { seq: number; hash: string } => JSON.parse(line));
  const anchorAfter = (count: number, hash = events[count - 1]?.hash) =>
    JSON.stringify({
      schema_version: '1',
      event_count: count,
      last_seq: events[count - 1]?.seq,
      last_hash: hash,
      timestamp: '2026-08-15T00:01:00Z',
    });
  const pem = fixtureText('agentfence', 'signing.pub.pem').trim();
  const signatures = async (chainId: string) =>
    (
      await installation.ctx.db
        .selectFrom('chains')
        .select('checked_sidecars')
        .where('id', '=', chainId)
        .executeTakeFirstOrThrow()
    ).checked_sidecars.find(({ kind }) => kind === 'signatures');

  it('hold a log against every anchor of it', async () => {
    const chainId = await sent('anchored', log(lines.slice(0, 12)));
    await add(chainId, 'audit.anchor.json', anchorAfter(9));
    expect(await checked(chainId)).toMatchObject({ verdict: 'verified', facts: [['agentfence-anchor', true]] });
    await add(chainId, 'audit.anchor.json', anchorAfter(15));
    expect(await checked(chainId)).toMatchObject({
      verdict: 'truncated',
      facts: [
        ['agentfence-anchor', false],
        ['agentfence-anchor', true],
      ],
    });
    await sent('anchored', signed);
    expect(await checked(chainId)).toMatchObject({
      verdict: 'verified',
      facts: [
        ['agentfence-anchor', true],
        ['agentfence-anchor', true],
      ],
    });
    await add(chainId, 'forged.anchor.json', anchorAfter(9, 'a'.repeat(64)));
    expect(await checked(chainId)).toMatchObject({ verdict: 'tampered', problemCounts: { 'history-rewritten': 1 } });
  });

  it('are held against what was appended too', async () => {
    const { chainId } = await appendRecords(installation.ctx, {
      chain: 'appended',
      bytes: log(lines.slice(0, 12)),
      precondition: { kind: 'offset', offset: 0 },
      idempotency: null,
      actor: testActor(),
    });
    await add(chainId, 'audit.anchor.json', anchorAfter(9));
    const state = async () => (await getChain(installation.ctx, { chainId })).checkedSidecars;
    await expect.poll(state, { timeout: 20_000 }).toMatchObject([{ holds: true }]);
    expect(await getChain(installation.ctx, { chainId })).toMatchObject({
      verdict: 'verified',
      records: 12,
      problemCounts: {},
    });
    await add(chainId, 'audit.anchor.json', anchorAfter(15));
    await expect.poll(state, { timeout: 20_000 }).toMatchObject([{ holds: true }, { holds: false }]);
    expect(await getChain(installation.ctx, { chainId })).toMatchObject({
      verdict: 'truncated',
      problemCounts: { 'shorter-than-witnessed': 1 },
    });
  });

  it('verify the signatures of a log by the keys in force, and leave the logs of other writers alone', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const chainId = await sent('signed', signed);
    const unsigned = await sent('unsigned', fixture('agentfence', 'valid'));
    const line = lines[5] ?? '';
    const forged = await sent(
      'forged',
      log(
        lines.with(
          5,
          line.replace(/"signature":"./, (start) => `${start.slice(0, -1)}${start.endsWith('A') ? 'B' : 'A'}`),
        ),
      ),
    );
    expect(await signatures(chainId)).toBeUndefined();

    await addToolKey(installation.ctx, {
      name: 'another team',
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
      actor: testActor('ada'),
    });
    expect(await checked(chainId)).toMatchObject({ verdict: 'verified', problemCounts: {} });
    expect(await signatures(chainId)).toMatchObject({
      holds: null,
      message: expect.stringContaining('by none of the keys registered'),
    });
    expect((await checked(unsigned)).verdict).toBe('verified');

    const key = await addToolKey(installation.ctx, { name: 'gateway', publicKeyPem: pem, actor: testActor('ada') });
    expect(key).toMatchObject({ algorithm: 'Ed25519', addedBy: 'ada', retiredAt: null });
    expect((await checked(chainId)).verdict).toBe('verified');
    expect(await signatures(chainId)).toMatchObject({
      holds: true,
      message: expect.stringContaining(`${lines.length} signatures`),
    });
    expect(await checked(forged)).toMatchObject({ verdict: 'tampered', problemCounts: { 'bad-signature': 1 } });
    expect(await checked(unsigned)).toMatchObject({ verdict: 'verified', problemCounts: {} });

    await expect(
      addToolKey(installation.ctx, { name: 'again', publicKeyPem: pem, actor: testActor('ada') }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(
      addToolKey(installation.ctx, { name: 'none', publicKeyPem: 'key', actor: testActor('ada') }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });

    for (const { id } of await listToolKeys(installation.ctx))
      await retireToolKey(installation.ctx, { keyId: id, actor: testActor('bob') });
    expect((await listToolKeys(installation.ctx)).filter(({ retiredBy }) => retiredBy !== 'bob')).toEqual([]);
    expect(await checked(forged)).toMatchObject({ verdict: 'verified', problemCounts: {} });
  });

  it('refuse a private key', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    await expect(
      addToolKey(installation.ctx, {
        name: 'private',
        publicKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        actor: testActor('ada'),
      }),
    ).rejects.toThrow('keep it where it is');
  });
});
