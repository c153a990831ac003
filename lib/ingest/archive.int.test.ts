import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Drift } from '../fsck/drift';
import { fsck } from '../fsck/fsck';
import { getChain } from '../chains/chains';
import { listUploads } from '../chains/uploads';
import type { ArchiveProgress } from '../schemas/uploads';
import { testActor } from '../testing/actor';
import { writers } from '../testing/chains';
import { fixture, fixtureText } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { type ZipEntry, makeZip } from '../testing/make-zip';
import { ingestAny } from './any-upload';
import { appendRecords } from './append-records';
import { progressOf, withProgress } from './archive-progress';
import { sealChain } from './seal-chain';
import { ingestUpload } from './upload';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(() => installation?.stop());

async function* inPieces(bytes: Uint8Array, pieceBytes = 100_000) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
const send = (fileName: string, bytes: Uint8Array, chain: string | null = null) =>
  ingestAny(installation.ctx, { fileName, chain, body: inPieces(bytes), actor: testActor() });
async function verdictOf(chainId: string) {
  await installation.settled(chainId);
  return getChain(installation.ctx, { chainId });
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
type Files = Record<string, Uint8Array | string>;
const zipOf = (files: Files) =>
  makeZip(Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) })));
async function tarOf(files: Files) {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content));
  tar.finalize();
  return buffer(tar);
}
async function tables() {
  const counts = await Promise.all(
    (['chains', 'uploads', 'archives', 'sidecars'] as const).map((table) =>
      installation.ctx.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow(),
    ),
  );
  return counts.map(({ n }) => n);
}
const incoming = () => readdirSync(path.join(installation.ctx.env.dataDir, 'incoming'));

const SESSION = {
  'audit-events.ndjson': fixture('nono', 'valid'),
  'session.json': fixtureText('nono', 'session.json'),
};

describe('an archive of logs', () => {
  it('makes each log a chain of its own, joins what was rotated, and keeps itself', async () => {
    const files = {
      'logs/plain.jsonl': fixture('occasio', 'valid'),
      'logs/rotated.jsonl': fixture('agentfence', 'rotated'),
      'logs/rotated.jsonl.20260815T000010.000000000Z': fixture('agentfence', 'rotated-older'),
      'logs/readme.txt': 'how to read these logs\n',
      'logs/inner.zip': 'PK',
      'empty.jsonl': '',
    };
    for (const [index, bytes] of [zipOf(files), await tarOf(files), gzipSync(await tarOf(files))].entries()) {
      const receipt = await send(`export-${index}`, bytes);
      expect(receipt.archive).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
      expect(
        receipt.uploads.map(({ chain, paths, relation, records }) => ({ chain, paths, relation, records })),
      ).toEqual([
        {
          chain: 'logs/plain.jsonl',
          paths: ['logs/plain.jsonl'],
          relation: index === 0 ? 'new' : 'identical',
          records: 228,
        },
        {
          chain: 'logs/rotated.jsonl',
          paths: ['logs/rotated.jsonl.20260815T000010.000000000Z', 'logs/rotated.jsonl'],
          relation: index === 0 ? 'new' : 'identical',
          records: expect.any(Number),
        },
      ]);
      expect(receipt.skipped.map((left) => left.path).toSorted()).toEqual([
        'empty.jsonl',
        'logs/inner.zip',
        'logs/readme.txt',
      ]);
      expect(await installation.ctx.evidence.stat(sha256(bytes))).toBe(bytes.length);
      const [plain, rotated] = receipt.uploads;
      expect((await verdictOf(plain?.chainId ?? '')).verdict).toBe('verified');
      expect((await verdictOf(rotated?.chainId ?? '')).verdict).toMatch(
        /^(verified|restarted|verified-with-warnings)$/,
      );
      const [upload] = (await listUploads(installation.ctx, { chainId: rotated?.chainId ?? '', limit: 10 })).items;
      expect(upload?.archive).toMatchObject({
        paths: ['logs/rotated.jsonl.20260815T000010.000000000Z', 'logs/rotated.jsonl'],
      });
    }
    expect(incoming()).toEqual([]);
  });

  it('takes the folder of a nono session for one chain with its sidecar files', async () => {
    const bytes = zipOf({
      ...Object.fromEntries(
        Object.entries(SESSION).map(([name, content]) => [`audit/20260421-200000-11111/${name}`, content]),
      ),
      'audit/ledger.ndjson': fixtureText('nono', 'ledger.ndjson'),
    });
    const receipt = await send('audit.zip', bytes);
    expect(receipt.uploads.map(({ chain, format }) => [chain, format])).toEqual([
      ['audit/20260421-200000-11111', 'nono'],
    ]);
    expect(receipt.sidecars.map(({ kind, path: name, chain }) => [kind, name, chain]).toSorted()).toEqual([
      ['nono-ledger', 'audit/ledger.ndjson', 'audit/20260421-200000-11111'],
      ['nono-session', 'audit/20260421-200000-11111/session.json', 'audit/20260421-200000-11111'],
    ]);
    expect(receipt.skipped).toEqual([]);
  });

  it('tells a packed log from a packed archive, and a log from either', async () => {
    const log = fixture('vouch', 'valid');
    const plain = await send('v.jsonl', log);
    const packed = await send('v.jsonl', gzipSync(log));
    expect(plain).toMatchObject({ archive: null, uploads: [{ chain: 'v.jsonl', relation: 'new' }] });
    expect(packed).toMatchObject({ archive: null, uploads: [{ chain: 'v.jsonl', relation: 'identical' }] });
  });

  it('is refused where a log is due', async () => {
    const tar = await tarOf({ 'a.jsonl': fixture('agentfence', 'valid') });
    for (const bytes of [tar, gzipSync(tar), zipOf({ 'a.jsonl': fixture('agentfence', 'valid') })]) {
      await expect(
        ingestUpload(installation.ctx, {
          fileName: 'x',
          chain: 'x',
          format: 'agentfence',
          body: inPieces(bytes),
          actor: testActor(),
        }),
      ).rejects.toThrow('send it with POST');
    }
  });

  it('names its only log as asked', async () => {
    expect(
      (await send('one.zip', zipOf({ 'deep/down/a.jsonl': fixture('arbiter', 'valid') }), 'mine')).uploads,
    ).toMatchObject([{ chain: 'mine' }]);
  });

  it('puts a sidecar file of the chain it is sent to', async () => {
    const { uploads } = await send('lone.ndjson', fixture('nono', 'valid'), 'lone');
    expect(await send('session.json', Buffer.from(fixtureText('nono', 'session.json')), 'lone')).toMatchObject({
      archive: null,
      uploads: [],
      sidecars: [{ chainId: uploads[0]?.chainId, kind: 'nono-session' }],
    });
    await expect(send('session.json', Buffer.from(fixtureText('nono', 'session.json')))).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
    });
  });

  it('cuts between its files, so that a torn end of one does not run into the next', async () => {
    const older = fixture('agentfence', 'rotated-older');
    const { uploads } = await send(
      'torn.zip',
      zipOf({
        'a.jsonl.20260815T000010.000000000Z': older.subarray(0, -30),
        'a.jsonl': fixture('agentfence', 'rotated'),
      }),
    );
    const chain = await verdictOf(uploads[0]?.chainId ?? '');
    expect(chain.problemCounts).toMatchObject({ 'torn-tail': 1 });
    expect(chain.problemCounts['glued-line']).toBeUndefined();
  });
});

const LOG: ZipEntry = { name: 'good.jsonl', content: fixture('occasio', 'valid') };

describe('a hostile archive', () => {
  it.each<[string, RegExp, ZipEntry[]]>([
    ['leads out', /leads out/, [LOG, { name: '../evil.jsonl', content: fixture('occasio', 'valid') }]],
    ['is a bomb', /200 times/, [LOG, { name: 'bomb.jsonl', content: Buffer.alloc(64 * 1024 * 1024) }]],
    ['holds a link', /is a link/, [LOG, { name: 'link', content: Buffer.from('/etc/passwd'), mode: 0o120777 }]],
    ['is encrypted', /encrypted/, [LOG, { name: 'secret.jsonl', content: Buffer.from('x'), encrypted: true }]],
    [
      'holds too many files',
      /more than 10,000 files/,
      [LOG, ...Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(0) }))],
    ],
    [
      'is damaged inside',
      /damaged|crc|CRC/i,
      [LOG, { name: 'z.jsonl', content: fixture('occasio', 'valid'), claimed: { crc32: 1 } }],
    ],
  ])('that %s is refused whole', async (_, message, entries) => {
    const before = await tables();
    await expect(send('hostile.zip', makeZip(entries))).rejects.toThrow(message);
    expect(await tables()).toEqual(before);
    expect(incoming()).toEqual([]);
  });

  it('that is cut off, or holds nothing known, is refused whole', async () => {
    const before = await tables();
    const zip = makeZip([LOG]);
    await expect(send('cut.zip', zip.subarray(0, -40))).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
    await expect(send('notes.zip', zipOf({ 'notes.txt': 'nothing\n' }))).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
    });
    expect(await tables()).toEqual(before);
    expect(incoming()).toEqual([]);
  });

  it('holding a packed log that unpacks past all measure is refused for it', async () => {
    const inner = gzipSync(Buffer.concat([fixture('occasio', 'valid'), Buffer.alloc(40 * 1024 * 1024, 0x20)]));
    const { skipped, uploads } = await send('inner.zip', makeZip([LOG, { name: 'spaces.jsonl.gz', content: inner }]));
    expect(uploads).toHaveLength(1);
    expect(skipped).toMatchObject([
      { path: 'spaces.jsonl.gz', reason: expect.stringContaining('unpacks to more than 200 times its size') },
    ]);
  });
});

describe('an archive of more logs than are named at once', () => {
  const MANY = 70;
  const logOf = (name: string, index: number) =>
    Buffer.from(
      `${writers(installation.ctx.hasher)
        .occasio.write([{ tool: 'bash', decision: 'allow', note: `${name} ${index}` }])
        .join('\n')}\n`,
    );
  const manyLogs = (name: string) =>
    makeZip(
      Array.from({ length: MANY }, (_, index) => ({
        name: `${name}/${String(index).padStart(3, '0')}.jsonl`,
        content: logOf(name, index),
      })),
    );
  const onRecord = async (name: string) =>
    Number(
      (
        await installation.ctx.db
          .selectFrom('chains as c')
          .innerJoin('uploads as u', 'u.chain_id', 'c.id')
          .where('c.name', 'like', `${name}/%`)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    );
  /** A context whose queue does something else with the check of one of the logs, counted from 1. */
  const atLog = (nth: number, instead: () => Promise<void>) => {
    const { queue } = installation.ctx;
    let checks = 0;
    const send: typeof queue.send = async (tx, kind, payload, ...more) => {
      if (kind === 'check-segment' && ++checks === nth) await instead();
      return queue.send(tx, kind, payload, ...more);
    };
    return { ...installation.ctx, queue: { ...queue, send } };
  };
  const sendWith = (ctx: TestInstallation['ctx'], fileName: string, bytes: Uint8Array) =>
    ingestAny(ctx, { fileName, chain: null, body: inPieces(bytes), actor: testActor() });

  it('is whole as far as it is on record when it is cut off, and the rest is taken when it is sent again', async () => {
    const zip = manyLogs('cut');
    await expect(
      sendWith(
        atLog(60, () => Promise.reject(new Error('killed'))),
        'cut.zip',
        zip,
      ),
    ).rejects.toThrow('killed');
    const first = await onRecord('cut');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(MANY);
    const drifts: Drift[] = [];
    await fsck(installation.ctx, (drift) => drifts.push(drift), { only: ['objects', 'files'] });
    expect(drifts).toEqual([]);
    const { uploads, skipped } = await sendWith(installation.ctx, 'cut.zip', zip);
    expect(uploads.map(({ relation }) => relation)).toEqual(
      Array.from({ length: MANY }, (_, index) => (index < first ? 'identical' : 'new')),
    );
    expect(skipped).toEqual([]);
    expect(await onRecord('cut')).toBe(MANY);
    expect(await sendWith(installation.ctx, 'cut.zip', zip)).toMatchObject({
      uploads: Array.from({ length: MANY }, () => ({ relation: 'identical' })),
    });
    expect(await onRecord('cut')).toBe(MANY);
    expect(incoming()).toEqual([]);
  });

  it('holds nobody up while it is named, and says how far it is', async () => {
    const [reached, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ctx = atLog(60, async () => {
      reached.resolve();
      await going.promise;
    });
    const progress: ArchiveProgress[] = [];
    const whole = withProgress('id', 'somebody', (follow) =>
      ingestAny(ctx, {
        fileName: 'slow.zip',
        chain: null,
        body: inPieces(manyLogs('slow')),
        actor: testActor(),
        onProgress: (one) => void [follow(one), progress.push(one)],
      }),
    );
    await reached.promise;
    // What it named before can be seen, and sent to; so can everything else.
    expect(await onRecord('slow')).toBeGreaterThan(0);
    expect(await send('000.jsonl', logOf('slow', 0), 'slow/000.jsonl')).toMatchObject({
      uploads: [{ relation: 'identical' }],
    });
    expect(await send('other.zip', zipOf({ 'x.jsonl': logOf('other', 1) }), 'other')).toMatchObject({
      uploads: [{ relation: 'new' }],
    });
    expect(
      await appendRecords(installation.ctx, {
        chain: 'appended meanwhile',
        bytes: logOf('appended', 1),
        precondition: { kind: 'lines' },
        idempotency: null,
        actor: testActor(),
      }),
    ).toMatchObject({ accepted: 1 });
    expect(progress).toEqual(
      expect.arrayContaining([
        { logs: MANY, stored: 40, named: 0 },
        { logs: MANY, stored: MANY, named: 50 },
      ]),
    );
    expect([progressOf('id', 'somebody'), progressOf('id', 'somebody else')]).toEqual([
      { logs: MANY, stored: MANY, named: 50 },
      null,
    ]);
    going.resolve();
    expect((await whole).uploads).toHaveLength(MANY);
    expect(progressOf('id', 'somebody')).toBeNull();
  });

  it('leaves out a log whose chain takes nothing any more, and says so', async () => {
    const { uploads } = await send('sealed.zip', zipOf({ 'shut/a.jsonl': logOf('shut', 1) }));
    await sealChain(installation.ctx, { chainId: uploads[0]?.chainId ?? '', actor: testActor() });
    const receipt = await send(
      'sealed.zip',
      zipOf({ 'shut/a.jsonl': logOf('shut', 2), 'shut/b.jsonl': logOf('shut', 3) }),
    );
    expect(receipt).toMatchObject({
      uploads: [{ chain: 'shut/b.jsonl' }],
      skipped: [{ path: 'shut/a.jsonl', reason: expect.stringContaining('sealed') }],
    });
    const before = await tables();
    await expect(send('sealed.zip', zipOf({ 'shut/a.jsonl': logOf('shut', 4) }), 'shut/a.jsonl')).rejects.toMatchObject(
      { code: 'CONFLICT' },
    );
    expect(await tables()).toEqual(before);
  });
});
