import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listHeads } from '../chains/heads';
import { getChain } from '../chains/chains';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { ingestUpload } from './upload';

const fixture = (format: string, name: string) =>
  readFileSync(fileURLToPath(new URL(`../core/formats/${format}/fixtures/${name}.jsonl`, import.meta.url)));

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

async function* once(bytes: Uint8Array) {
  yield bytes;
}
const send = (chain: string, bytes: Uint8Array) =>
  ingestUpload(installation.ctx, { fileName: `${chain}.jsonl`, chain, body: once(bytes), actor: testActor() });
async function settle(chain: string, bytes: Uint8Array) {
  const receipt = await send(chain, bytes);
  await installation.settled(receipt.chainId);
  return { receipt, chain: await getChain(installation.ctx, { chainId: receipt.chainId }) };
}
/** Lines `[from, to)` of a log. */
function lines(bytes: Buffer, from: number, to?: number): Buffer {
  const all = bytes.toString('utf8').split('\n').slice(0, -1);
  return Buffer.from(`${all.slice(from, to).join('\n')}\n`);
}

describe('ingestUpload', () => {
  const occasio = fixture('occasio', 'valid');
  const arbiter = fixture('arbiter', 'valid');

  it.each([
    ['occasio', 'valid', 'verified', 228, []],
    ['occasio', 'tampered', 'tampered', 228, ['hash-mismatch']],
    ['arbiter', 'valid', 'verified', 220, []],
    ['arbiter', 'tampered', 'tampered', 220, ['hash-mismatch']],
  ] as const)('takes the %s sample %s to its verdict', async (format, name, verdict, records, codes) => {
    const { receipt, chain } = await settle(`${format}-${name}`, fixture(format, name));
    expect(receipt).toMatchObject({ format, records, segments: 1, relation: 'new', receivedEncoding: null });
    expect(chain).toMatchObject({
      verdict,
      records,
      bytes: fixture(format, name).length,
      progress: { verified: records, loaded: records },
    });
    expect(chain.problems.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['nono', 'valid', 'verified', 213, 'ok'],
    ['nono', 'tampered', 'tampered', 213, 'failed'],
    ['agentfence', 'valid', 'verified', 220, 'ok'],
    ['agentfence', 'tampered', 'tampered', 220, 'failed'],
    ['vouch', 'valid', 'verified', 240, 'ok'],
    ['vouch', 'tampered', 'tampered', 240, 'failed'],
  ] as const)(
    'takes the %s sample %s to its verdict, beside what its own tool says',
    async (format, name, verdict, records, referenceVerifier) => {
      const { receipt, chain } = await settle(`${format}-${name}`, fixture(format, name));
      expect(receipt).toMatchObject({ format, records, relation: 'new' });
      expect(chain).toMatchObject({ verdict, records, progress: { verified: records, loaded: records } });
      await expect
        .poll(async () => (await getChain(installation.ctx, { chainId: receipt.chainId })).referenceVerifier?.verdict)
        .toBe(referenceVerifier);
    },
  );

  it('creates nothing for the same bytes again, compressed or not', async () => {
    const first = await send('twice', occasio);
    for (const again of [occasio, gzipSync(occasio)]) {
      expect(await send('twice', again)).toMatchObject({
        uploadId: first.uploadId,
        relation: 'identical',
        sha256: first.sha256,
      });
    }
    const { count } = await installation.ctx.db
      .selectFrom('uploads')
      .where('chain_id', '=', first.chainId)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  it('notes the digest of what was sent compressed', async () => {
    const sent = gzipSync(arbiter);
    const receipt = await send('compressed', sent);
    expect(receipt).toMatchObject({
      bytes: arbiter.length,
      receivedEncoding: { encoding: 'gzip', bytes: sent.length },
    });
    expect(receipt.receivedEncoding?.sha256).not.toBe(receipt.sha256);
  });

  it('classifies a grown log, a continuation and a rotated file', async () => {
    expect((await settle('grown', lines(occasio, 0, 100))).chain).toMatchObject({ verdict: 'verified', records: 100 });
    const grown = await settle('grown', lines(occasio, 0, 180));
    expect(grown).toMatchObject({ receipt: { relation: 'extends' }, chain: { verdict: 'verified', records: 180 } });
    const continued = await settle('grown', lines(occasio, 180));
    expect(continued).toMatchObject({
      receipt: { relation: 'continues' },
      chain: { verdict: 'verified', records: 228, segments: 2 },
    });
    const heads = await listHeads(installation.ctx, { chainId: continued.receipt.chainId, limit: 10 });
    expect(heads.items.map(({ records, state }) => ({ records, state }))).toEqual([
      { records: 228, state: 'current' },
      { records: 180, state: 'extended' },
      { records: 100, state: 'extended' },
    ]);
  });

  it('calls a shorter copy truncated, even when the longer one was never looked at', async () => {
    await send('cut', arbiter);
    const { receipt, chain } = await settle('cut', lines(arbiter, 0, 150));
    expect(receipt.relation).toBe('shorter');
    expect(chain).toMatchObject({ verdict: 'truncated', records: 150, problemCounts: { 'shorter-than-witnessed': 1 } });
    expect((await settle('cut', arbiter)).chain).toMatchObject({ verdict: 'verified', records: 220 });
  });

  it('refuses another format for a known chain and a file of no format, and keeps nothing', async () => {
    await send('mine', occasio);
    await expect(send('mine', arbiter)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(send('poem', Buffer.from('roses are red\nviolets are blue\n'))).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      details: { line: 1 },
    });
    const utf16 = Buffer.from('{"audit_schema":1}\r\n', 'utf16le');
    for (const bytes of [utf16, Buffer.concat([Buffer.of(0xff, 0xfe), utf16])])
      await expect(send('powershell', bytes)).rejects.toMatchObject({
        code: 'UNKNOWN_FORMAT',
        message: expect.stringContaining('iconv -f UTF-16 -t UTF-8'),
      });
    await expect(send('nothing', Buffer.alloc(0))).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    expect(
      await installation.ctx.db.selectFrom('chains').select('id').where('name', 'in', ['poem', 'nothing']).execute(),
    ).toEqual([]);
    expect(await readdir(path.join(installation.ctx.env.dataDir, 'evidence/tmp'))).toEqual([]);
  });

  it('loads the lake without duplicates and marks the broken record', async () => {
    const { receipt } = await settle('lake', fixture('occasio', 'tampered'));
    const result = await installation.ctx.lake.query({
      query: `SELECT count() AS rows, uniqExact(ordinal) AS ordinals, groupArrayIf(ordinal, integrity != 'ok') AS broken FROM events WHERE chain_id = {id: UUID}`,
      query_params: { id: receipt.chainId },
      format: 'JSONEachRow',
    });
    const { problems } = await getChain(installation.ctx, { chainId: receipt.chainId });
    expect(await result.json()).toEqual([{ rows: 228, ordinals: 228, broken: problems.map(({ record }) => record) }]);
  });
});
