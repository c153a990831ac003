import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getChain } from '../../chains/chains';
import { listSidecars } from '../../chains/sidecars';
import { ingestUpload } from '../../ingest/upload';
import { addSidecar } from '../../ingest/sidecars';
import { testActor } from '../../testing/actor';
import { reportOn } from '../../testing/ask-verifier';
import { fixture, fixtureText } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { makeZip } from '../../testing/make-zip';
import { findLogs } from '../../verify/local/find-logs';
import { verifyLogs } from '../../verify/local/verify-logs';
import { AppError } from '../errors';

let installation: TestInstallation;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-alike-'));
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
});
afterAll(async () => {
  await installation?.stop();
  await rm(folder, { recursive: true });
});

const LOG = fixture('nono', 'valid');
const SESSION = Buffer.from(fixtureText('nono', 'session.json'));
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16 = (text: Buffer) => Buffer.from(text.toString('utf8'), 'utf16le');
const utf32 = (text: Buffer) =>
  Buffer.concat([
    Buffer.of(0xff, 0xfe, 0, 0),
    ...Array.from(text.toString('utf8'), (character) => Buffer.of(character.charCodeAt(0), 0, 0, 0)),
  ]);
const tar = () => Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\0'), Buffer.alloc(761)]);

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** A verdict, what the session file came to, or why the bytes are taken for no log. */
type Answer = { verdict: string; session: (boolean | null)[] } | { refused: string };

async function onServer(name: string, log: Buffer, session: Buffer | null): Promise<Answer> {
  const { ctx } = installation;
  try {
    const { chainId } = await ingestUpload(ctx, {
      fileName: 'audit-events.ndjson',
      chain: name,
      body: once(log),
      actor: testActor(),
    });
    if (session) await addSidecar(ctx, { chainId, fileName: 'session.json', body: once(session), actor: testActor() });
    await installation.settled(chainId);
    const { verdict } = await getChain(ctx, { chainId });
    return {
      verdict,
      session: (await listSidecars(ctx, { chainId, limit: 5 })).items.map(({ fact }) => fact?.holds ?? null),
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNKNOWN_FORMAT') return { refused: error.message };
    throw error;
  }
}

async function onCommandLine(name: string, log: Buffer, session: Buffer | null): Promise<Answer> {
  const at = path.join(folder, name.replaceAll(/\W/g, '-'));
  await mkdir(at);
  await writeFile(path.join(at, 'audit-events.ndjson'), log);
  if (session) await writeFile(path.join(at, 'session.json'), session);
  const { outcomes } = await verifyLogs(await findLogs([at]), {
    threads: 1,
    stdin: once(new Uint8Array(0)),
    referenceVerifier: 'small',
  });
  const [outcome] = await Array.fromAsync(outcomes);
  if (!outcome) throw new Error('no outcome');
  return 'log' in outcome
    ? { verdict: outcome.log.verdict, session: outcome.log.checkedSidecars.map(({ holds }) => holds) }
    : { refused: outcome.failure };
}

async function inBrowser(log: Buffer, session: Buffer | null): Promise<Answer> {
  const { logs, files } = await reportOn({ 'audit-events.ndjson': log, ...(session && { 'session.json': session }) });
  const [checked] = logs;
  if (checked?.state.kind !== 'walked') return { refused: files.map(({ what }) => what).join() };
  const holds = { passed: true, failed: false, skipped: null } as const;
  return {
    verdict: checked.state.verdict,
    session: checked.rows.filter(({ title }) => title === 'session.json').map(({ status }) => holds[status]),
  };
}

async function everywhere(name: string, log: Buffer, session: Buffer | null = null): Promise<Answer[]> {
  return [await onServer(name, log, session), await onCommandLine(name, log, session), await inBrowser(log, session)];
}

describe('a session file', () => {
  const padded = Buffer.concat([
    SESSION.subarray(0, SESSION.lastIndexOf('}')),
    Buffer.alloc(17 * 1024 * 1024, ' '),
    Buffer.from('}\n'),
  ]);
  it.each<[string, Buffer, { verdict: string; session: (boolean | null)[] }]>([
    ['as nono writes it', SESSION, { verdict: 'verified', session: [true] }],
    ['of 17 MiB', padded, { verdict: 'verified', session: [true] }],
    ['behind a byte-order mark', Buffer.concat([MARK, SESSION]), { verdict: 'verified', session: [true] }],
    ['in UTF-16', utf16(SESSION), { verdict: 'corrupt', session: [false] }],
    ['cut in half', SESSION.subarray(0, SESSION.length / 2), { verdict: 'corrupt', session: [false] }],
  ])('%s is the same to server, command line and browser', async (name, session, answer) => {
    expect(await everywhere(`session ${name}`, LOG, session)).toEqual([answer, answer, answer]);
  });
});

describe('a log', () => {
  it.each<[string, Buffer, string]>([
    ['in UTF-8', LOG, 'verified'],
    ['behind a byte-order mark', Buffer.concat([MARK, LOG]), 'verified-with-warnings'],
    ['in gzip', gzipSync(LOG), 'verified'],
  ])('%s is the same to server, command line and browser', async (name, log, verdict) => {
    const answer = { verdict, session: [] };
    expect(await everywhere(`log ${name}`, log)).toEqual([answer, answer, answer]);
  });

  it('in zstd, which no browser undoes, is named there as that', async () => {
    const read = { verdict: 'verified', session: [] };
    expect(await everywhere('log in zstd', zstdCompressSync(LOG))).toEqual([
      read,
      read,
      { refused: expect.stringContaining('compressed with zstd') },
    ]);
  });

  it.each<[string, Buffer, string]>([
    ['bzip2', Buffer.from('BZh91AY&SY'), 'compressed with bzip2'],
    ['xz', Buffer.from('\u00fd7zXZ\0\0\u0004', 'latin1'), 'compressed with xz'],
    ['bzip2 in gzip', gzipSync(Buffer.from('BZh91AY&SY')), 'compressed with bzip2'],
    ['tar', tar(), 'a tar archive'],
    ['tar in gzip', gzipSync(tar()), 'a tar archive'],
    ['UTF-16 with a mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16(LOG)]), 'UTF-16 text'],
    ['UTF-16 without', utf16(LOG), 'UTF-16 text'],
    ['UTF-16, the other way round', utf16(LOG).swap16(), 'UTF-16 text'],
    ['UTF-32', utf32(LOG), 'UTF-32 text'],
  ])('that is %s is none, and is named as that by server, command line and browser', async (name, log, what) => {
    const answer = { refused: expect.stringContaining(what) };
    expect(await everywhere(`no log ${name}`, log)).toEqual([answer, answer, answer]);
  });

  it('that is a ZIP is none to server and command line, and opened in the browser', async () => {
    const answer = { refused: expect.stringContaining('a ZIP archive') };
    const zip = makeZip([{ name: 'audit-events.ndjson', content: LOG }]);
    expect(await everywhere('no log ZIP', zip)).toEqual([answer, answer, { verdict: 'verified', session: [] }]);
  });
});
