import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatId, Hasher } from '../../core/chain/format';
import type { Problem } from '../../core/chain/problem';
import { FORMATS, formatById } from '../../core/formats';
import { createHasher } from '../../crypto/hasher';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { referenceFindingOf } from '../../testing/reference-finding';
import { verifySegments } from '../../testing/verify';
import { unreadable } from './byte-range';
import { openSource } from './open-source';
import { type TaskPool, createTaskPool } from './task-pool';
import { verifyLog } from './verify-log';

let folder: string;
let hasher: Hasher;
let pool: TaskPool;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-verify-'));
  hasher = await createHasher();
  pool = await createTaskPool(1);
});
afterAll(() => rm(folder, { recursive: true }));

const FIXTURES = FORMATS.flatMap(({ id }) => fixtureNames(id).map((name) => ({ format: id, name })));
const SMALL_SEGMENT = 20_000;

async function* chunks(bytes: Uint8Array, sizeBytes = 7_001) {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.slice(at, at + sizeBytes);
}

async function check(
  file: string,
  {
    stdin = chunks(new Uint8Array(0)),
    format,
    segmentBytes,
    heldProblems,
  }: { stdin?: AsyncIterable<Uint8Array>; format?: FormatId; segmentBytes?: number; heldProblems?: number } = {},
) {
  const { source, close } = await openSource(file, { pool, stdin }, { segmentBytes });
  try {
    const {
      problems,
      lines: _,
      chainedRecords: __,
      last: ___,
      files: ____,
      checkedSidecars: _____,
      inPeriod: ______,
      ...log
    } = await verifyLog({ files: [source] }, { referenceVerifier: 'small', format, segmentBytes, heldProblems });
    return { ...log, problems: await Array.fromAsync(problems()) };
  } finally {
    await close();
  }
}

async function written(bytes: Uint8Array, name = 'log.jsonl'): Promise<string> {
  await writeFile(path.join(folder, name), bytes);
  return path.join(folder, name);
}

/** What the server's stages make of the same bytes. */
function onServer(format: FormatId, bytes: Uint8Array) {
  const { boundaryProblems: _, ...verified } = verifySegments(formatById(format), hasher, [bytes]);
  return {
    ...verified,
    referenceVerifier: formatById(format).referenceVerifier
      ? referenceFindingOf(formatById(format), hasher, bytes)
      : null,
    problems: byPlace(verified.problems),
  };
}

/** Problems of one place in a fixed order. */
function byPlace(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.byteOffset - b.byteOffset || a.code.localeCompare(b.code));
}

describe.each(FIXTURES)('$format $name', ({ format, name }) => {
  const bytes = fixture(format, name);
  const isEmpty = bytes.length === 0;

  it('comes out as on the server, its format recognised', async () => {
    const found = await check(await written(bytes));
    const { referenceVerifier, ...server } = onServer(format, bytes);
    expect({ ...found, problems: byPlace(found.problems) }).toEqual({
      ...server,
      format: isEmpty ? null : format,
      referenceVerifier: isEmpty ? null : referenceVerifier,
    });
  });

  it('comes out the same from many segments, a pipe, gzip and zstd', async () => {
    const whole = await check(await written(bytes), { format });
    const options = { format, segmentBytes: SMALL_SEGMENT };
    expect(await check(await written(bytes), options)).toEqual(whole);
    expect(await check('-', { ...options, stdin: chunks(bytes) })).toEqual(whole);
    expect(await check(await written(gzipSync(bytes)), options)).toEqual(whole);
    expect(await check('-', { ...options, stdin: chunks(zstdCompressSync(bytes)) })).toEqual(whole);
  });

  it('tells the same problems when few are held', async () => {
    const { problems } = await check(await written(bytes), { format });
    expect(
      (await check(await written(bytes), { format, segmentBytes: SMALL_SEGMENT, heldProblems: 1 })).problems,
    ).toEqual(problems);
    expect(
      (await check('-', { format, stdin: chunks(bytes), segmentBytes: SMALL_SEGMENT, heldProblems: 2 })).problems,
    ).toEqual(problems);
  });
});

it('says why a log cannot be checked', async () => {
  await expect(check(await written(Buffer.from('{"a":1}\n{"b":2}\n')))).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
  });
  await expect(check(await written(Buffer.from('{"audit_schema":1}\r\n', 'utf16le')))).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
    message: expect.stringContaining('UTF-16'),
  });
  await expect(check(path.join(folder, 'missing.jsonl'))).rejects.toMatchObject({
    code: 'UNREADABLE_BODY',
    message: 'cannot be read: it does not exist',
  });
  expect(unreadable(Object.assign(new Error('EACCES'), { code: 'EACCES' })).message).toBe(
    'cannot be read: permission is denied',
  );
  const torn = gzipSync(fixture('occasio', 'valid')).subarray(0, -100);
  await expect(check(await written(torn))).rejects.toMatchObject({ code: 'UNREADABLE_BODY' });
});
