import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture } from '../testing/fixtures';
import { createHasher } from '../crypto/hasher';
import { backOffMs } from './back-off';
import { refusalOf } from './http-sink';
import { lastLines, readLines } from './read-lines';
import { endsAt } from './reconcile';
import { beginState, type LogState, readState, stateFile, writeState } from './state';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-forward-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function file(name: string, bytes: Buffer | string) {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return open(full, 'r');
}

it('reads whole lines, and says how much of a line is left', async () => {
  const handle = await file('lines', `${'a'.repeat(10)}\n${'b'.repeat(3 * 1024 * 1024)}\nccc`);
  expect(await readLines(handle, 0, 5)).toMatchObject({ bytes: Buffer.alloc(0), tornBytes: 5, isEndless: false });
  expect((await readLines(handle, 0, 3 * 1024 * 1024 + 15)).bytes.toString()).toBe('aaaaaaaaaa\n');
  const long = await readLines(handle, 11, 3 * 1024 * 1024 + 15);
  expect([long.bytes.length, long.tornBytes]).toEqual([3 * 1024 * 1024 + 1, 3]);
  expect((await lastLines(handle, 11, 4)).toString()).toBe('aaaaaaaaaa\n');
  expect((await lastLines(handle, 3 * 1024 * 1024 + 12, 64)).length).toBe(3 * 1024 * 1024 + 12);
  await handle.close();
  const endless = await file('endless', Buffer.alloc(17 * 1024 * 1024, 'x'));
  expect(await readLines(endless, 0, 17 * 1024 * 1024)).toMatchObject({ isEndless: true });
  await endless.close();
});

it('tells by place and hash whether a file ends as a chain does', async () => {
  const hasher = await createHasher();
  const bytes = fixture('occasio', 'valid');
  const handle = await file('occasio', bytes);
  const lines = bytes.toString('utf8').split('\n');
  const at = Buffer.byteLength(`${lines.slice(0, 100).join('\n')}\n`);
  const { hash: head } = JSON.parse(lines[99] ?? '');
  const format = 'occasio';
  expect(await endsAt(handle, at, { head, format, hasher })).toBe(true);
  expect(await endsAt(handle, at, { head: '0'.repeat(64), format, hasher })).toBe(false);
  expect(await endsAt(handle, at - 1, { head, format, hasher })).toBe(false);
  expect(await endsAt(handle, at, { head: null, format, hasher })).toBe(false);
  await handle.close();
  const altered = await file(
    'altered',
    bytes.toString('utf8').replace(lines[99] ?? '', (lines[99] ?? '').replace('"agent":"', '"agent":"x')),
  );
  expect(await endsAt(altered, at + 1, { head, format, hasher })).toBe(false);
  await altered.close();
});

it('remembers a log over a restart, and refuses what it cannot read', async () => {
  const state: LogState = {
    ...beginState({ log: '/var/log/x.jsonl', chain: 'x', format: 'occasio' }),
    offset: 10,
    head: 'ab',
  };
  const dir = path.join(folder, 'state');
  expect(await readState(dir, state.log)).toBeNull();
  await writeState(dir, state);
  await writeState(dir, { ...state, offset: 20 });
  expect(await readState(dir, state.log)).toEqual({ ...state, offset: 20 });
  expect(readdirSync(dir)).toHaveLength(1);
  writeFileSync(stateFile(dir, state.log), '{"version":1');
  await expect(readState(dir, state.log)).rejects.toThrow('move it away to start again');
});

it('knows what may be tried again, and when', () => {
  const headers = new Headers({ 'Retry-After': '5' });
  expect(refusalOf(429, { detail: 'busy' }, headers)).toEqual({
    kind: 'later',
    message: 'busy',
    afterMs: 5_000,
    everything: false,
  });
  expect(refusalOf(503, {}, new Headers())).toEqual({
    kind: 'later',
    message: 'HTTP 503',
    afterMs: null,
    everything: true,
  });
  expect(refusalOf(507, {}, headers)).toMatchObject({ kind: 'later', everything: true });
  expect(refusalOf(409, { offset: 7, head: 'ab' }, headers)).toEqual({ kind: 'conflict', offset: 7, head: 'ab' });
  expect(refusalOf(409, { offset: 7, sealedAt: '2026-08-15T00:00:00Z', detail: 'sealed' }, headers)).toEqual({
    kind: 'refused',
    message: 'sealed',
  });
  expect(refusalOf(400, { code: 'DIGEST_MISMATCH' }, headers).kind).toBe('later');
  expect(refusalOf(413, { detail: 'too long' }, headers)).toEqual({
    kind: 'refused',
    message: 'too long',
    ofBytes: true,
  });
  for (const status of [302, 400, 401, 403, 404, 413, 422]) expect(refusalOf(status, {}, headers).kind).toBe('refused');
});

it('waits longer after every failure, up to half a minute, and never the same for all', () => {
  expect([0, 1, 2, 5, 6, 50].map((before) => backOffMs(before, () => 1))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
  expect(backOffMs(3, () => 0)).toBe(2_000);
});
