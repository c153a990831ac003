import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHasher } from '../crypto/hasher';
import { writers } from '../testing/chains';
import { FollowedLog } from './followed-log';
import type { Sink } from './sink';
import { beginState, readState } from './state';

const hasher = await createHasher();
const { write } = writers(hasher).occasio;
const lines = write(
  Array.from({ length: 60 }, (_, n) => ({ tool: 'bash', decision: 'allow' as const, note: `n ${n}` })),
).map((line) => `${line}\n`);
const hashOf = (bytes: Buffer): string | null => {
  const last = bytes.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? null : JSON.parse(last).hash;
};
const MOST_STEPS = 400;

let folder: string;
let handles: FileHandle;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-rotated-'));
  const handle = await open(folder, 'r');
  handles = Object.getPrototypeOf(handle);
  await handle.close();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ends as appends to a chain do; what was taken is what it holds. */
function memory(taken: Buffer[]): Sink {
  const end = () => {
    const all = Buffer.concat(taken);
    return { offset: all.length, head: hashOf(all) };
  };
  return {
    append: async ({ offset, bytes }) => {
      if (offset !== end().offset) return { kind: 'conflict', ...end() };
      taken.push(Buffer.from(bytes));
      return { kind: 'accepted', ...end() };
    },
    alarm: async () => true,
  };
}

const MAKE_ROOM = {
  copytruncate(log: string) {
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
  },
  rename(log: string) {
    renameSync(log, `${log}.1`);
    writeFileSync(log, '');
  },
};
type Rotation = keyof typeof MAKE_ROOM;

/** Has `act` done before each of the handles' operations of these numbers, counted from 0. */
function before(operations: readonly number[], act: () => void) {
  let count = 0;
  const used = new Set<FileHandle>();
  for (const name of ['stat', 'read'] as const) {
    const real = handles[name] as (...given: unknown[]) => Promise<unknown>;
    vi.spyOn(handles, name).mockImplementation(function (this: FileHandle, ...given: unknown[]) {
      used.add(this);
      if (operations.includes(count)) act();
      count += 1;
      return real.apply(this, given) as never; // what it gives itself
    });
  }
  return {
    /** As the system does for a process that is killed. */
    async closeAll() {
      for (const handle of used) if (handle.fd !== -1) await handle.close();
    },
  };
}

type Told = { level: string; message: string };
type Case = { rotation: Rotation; known: number; isKilled: boolean; operations: readonly number[] };

/**
 * What arrives of a log of twenty lines that is rotated at some moments, and goes on with twenty more each time, of which the chain holds the `known` first
 * lines and the forwarder remembers nothing. One that is killed after each step knows only what it has written down.
 */
async function arrived({ rotation, known, isKilled, operations }: Case) {
  const log = path.join(mkdtempSync(path.join(folder, 'one-')), 'logs', 'x.jsonl');
  mkdirSync(path.dirname(log));
  writeFileSync(log, lines.slice(0, 20).join(''));
  const taken = known > 0 ? [Buffer.from(lines.slice(0, known).join(''))] : [];
  const told: Told[] = [];
  const stateDir = path.join(path.dirname(log), '..', 'state');
  const begin = async () =>
    new FollowedLog(
      {
        sink: memory(taken),
        hasher,
        stateDir,
        begin: 'start',
        resend: false,
        tell: (level, message) => void (level === 'alarm' && told.push({ level, message })),
      },
      (await readState(stateDir, log)) ?? beginState({ log, chain: 'x', format: 'occasio' }),
    );
  let rotations = 0;
  const watched = before(operations, () => {
    rotations += 1;
    if (existsSync(`${log}.1`)) renameSync(`${log}.1`, `${log}.2`);
    MAKE_ROOM[rotation](log);
    appendFileSync(log, lines.slice(20 * rotations, 20 * rotations + 20).join(''));
  });
  const { signal } = new AbortController();
  let followed = await begin();
  let kind = '';
  for (let step = 0; step < MOST_STEPS && kind !== 'stopped' && kind !== 'idle'; step += 1) {
    // What is being rotated is looked at again.
    ({ kind } = await followed.step(signal).catch(() => ({ kind: 'later' })));
    if (isKilled) followed = await begin();
  }
  await watched.closeAll();
  return { rotations, all: Buffer.concat(taken).toString('utf8'), told, kind };
}

const ways = (['copytruncate', 'rename'] as const).flatMap((rotation) =>
  [false, true].flatMap((isKilled) => [0, 10, 20].map((known) => ({ rotation, isKilled, known }))),
);

describe.each(ways)('a log rotated by $rotation, its forwarder killed: $isKilled, $known lines in the chain', (way) => {
  it.each([null, 1, 3, 8])('at any moment, and once more %s operations later, arrives whole', async (gap) => {
    const wrong: unknown[] = [];
    let operation = 0;
    for (let isRotated = true; isRotated; operation += 1) {
      const operations = gap === null ? [operation] : [operation, operation + gap];
      const { rotations, all, told, kind } = await arrived({ ...way, operations });
      vi.restoreAllMocks();
      const written = lines.slice(0, 20 + 20 * rotations).join('');
      if (all !== written || told.length > 0) wrong.push({ operations, kind, told, lines: all.split('\n').length - 1 });
      isRotated = rotations > 0;
    }
    expect(wrong).toEqual([]);
    expect(operation).toBeGreaterThan(5);
  });
});
