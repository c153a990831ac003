import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChainFormat } from '../../core/chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../core/chain/reference-verifier';
import { lineScanner } from '../../core/fastpath/scanner';
import type { FormatId } from '../../core/formats';
import { formatById } from '../../core/formats';
import { createHasher } from '../../crypto/hasher';
import { type Writer, contents, resealed, toBytes, writers } from '../../testing/chains';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { hostileChain, hostileRecords } from '../../testing/hostile-chains';
import { mutate, mutations } from '../../testing/mutate';
import { referenceFindingOf } from '../../testing/reference-finding';
import { segmentRanges } from '../local/segment-ranges';
import { runTask } from '../local/tasks';
import { checkFile } from './check-file';
import { createFollower } from './follow-reference';

const hasher = await createHasher();
const tools = { hasher, onBytes: () => undefined };
const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-follow-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* pieces(bytes: Uint8Array, sizeBytes: number) {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.slice(at, at + sizeBytes);
}

/** The verifier of the format, with the lines that it is led down one by one. */
function walkOf(format: ChainFormat): { walk: ReferenceWalk; followed: number[] } {
  const walk = format.referenceVerifier?.(hasher);
  if (!walk) throw new Error('the format must have a verifier of its own');
  const followed: number[] = [];
  const line: ReferenceWalk['line'] = (each) => {
    followed.push(each.number);
    walk.line(each);
  };
  return { walk: { ...walk, line }, followed };
}

/** By itself, as on the server. */
async function alone(format: ChainFormat, bytes: Uint8Array, chunkBytes: number) {
  const { walk, followed } = walkOf(format);
  const follower = createFollower(walk, { scan: { format, hasher } });
  for await (const chunk of pieces(bytes, chunkBytes)) follower.push(chunk);
  return { finding: follower.end(), followed };
}

/** On the lines as they are checked, segment by segment, as for a pipe. */
async function besideCheck(format: ChainFormat, bytes: Uint8Array, chunkBytes: number, targetBytes: number) {
  const { walk, followed } = walkOf(format);
  const watch = createFollower(walk);
  const known = formatById(format.id as FormatId); // of a format in the list
  const options = { format: known, hasher, targetBytes, keep: () => [], watch };
  const checks = await Array.fromAsync(checkFile(pieces(bytes, chunkBytes), options));
  return { finding: watch.end(), followed, records: checks.reduce((sum, { check }) => sum + check.records, 0) };
}

/** Behind the check of a file, as on the threads of the command line. */
function behindCheck(
  format: ChainFormat,
  bytes: Uint8Array,
  targetBytes: number,
  mostBytes = Infinity,
): ReferenceFinding | null {
  const file = path.join(folder, 'log.jsonl');
  const formatId = format.id as FormatId; // of a format in the list
  writeFileSync(file, bytes);
  const canonical = segmentRanges(file, bytes.length, targetBytes).flatMap((range) =>
    (runTask('check', tools, { range, format: formatId, kept: 0 }).canonical ?? []).map((part) => ({
      ...part,
      from: range.from + part.from,
      to: range.from + part.to,
    })),
  );
  const range = { path: file, from: 0, to: bytes.length };
  return runTask('follow', tools, { range, format: formatId, canonical, mostBytes });
}

const PASSING = Object.entries(writers(hasher)).filter(([, { format }]) => format.fastpath?.canonical);

describe.each(PASSING)('%s', (id, writer: Writer) => {
  const { format, write } = writer;
  lineScanner(format, { alike: true });
  const known = { format: formatById(format.id as FormatId), hasher }; // of a format in the list

  /** In each way there is. */
  const said = async (bytes: Uint8Array, chunkBytes: number, segmentBytes: number) => ({
    alone: (await alone(format, bytes, chunkBytes)).finding,
    beside: (await besideCheck(format, bytes, chunkBytes, segmentBytes)).finding,
    behind: behindCheck(format, bytes, segmentBytes),
  });
  const lineByLine = (bytes: Uint8Array) => {
    const finding = referenceFindingOf(format, hasher, bytes);
    return { alone: finding, beside: finding, behind: finding };
  };
  const sizes = [fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 300, max: 4000 })] as const;

  it('passes over a genuine chain, whatever lies before it in the segment', async () => {
    const separators = [0, 1, 2].map((index) => ({
      tool: 'bash' as const,
      decision: 'deny' as const,
      note: `${index} <&> \u2028\u2029`,
    }));
    await fc.assert(
      fc.asyncProperty(contents(2, 8), async (list) => {
        const bytes = toBytes(write(list));
        const { finding, followed } = await alone(format, bytes, bytes.length);
        expect(finding).toEqual(referenceFindingOf(format, hasher, bytes));
        expect(finding?.verdict).toBe('ok');
        // A chain may begin with what is no digest.
        expect(followed).toEqual(format.genesis.length === 64 ? [] : [1]);
        expect((await besideCheck(format, bytes, bytes.length, Infinity)).followed).toEqual([1]);
      }),
      { examples: [[separators]] },
    );
  });

  it.each(fixtureNames(format.id as FormatId))('says of %s what it says line by line', async (name) => {
    const bytes = fixture(format.id as FormatId, name);
    expect(await said(bytes, 1000, 5000)).toEqual(lineByLine(bytes));
  });

  it('says the same of what was changed, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(contents(1, 8), mutations(4), ...sizes, async (list, changes, ...cut) => {
        const bytes = changes.reduce(mutate, toBytes(write(list)));
        expect(await said(bytes, ...cut)).toEqual(lineByLine(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it('says the same of records changed and hashed anew', async () => {
    await fc.assert(
      fc.asyncProperty(contents(2, 5), fc.nat(), mutations(3), ...sizes, async (list, where, changes, ...cut) => {
        const lines = write(list);
        const at = where % lines.length;
        const changed = Buffer.from(changes.reduce(mutate, Buffer.from(lines[at] ?? ''))).toString('utf8');
        const bytes = toBytes(lines.with(at, resealed(hasher, format, changed)));
        expect(await said(bytes, ...cut)).toEqual(lineByLine(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it('says the same of what hostile agents may have it write', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRecords(1, 8), fc.integer({ min: 300, max: 4000 }), async (records, segmentBytes) => {
        const bytes = toBytes(hostileChain(hasher, id as FormatId, writer, records));
        expect(await said(bytes, 100_000, segmentBytes)).toEqual(lineByLine(bytes));
      }),
      { numRuns: 30 },
    );
  });

  it('follows no more line by line than it is asked to', async () => {
    const lines = write(
      Array.from({ length: 8 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
    );
    const [bytes, others] = [toBytes(lines), toBytes(lines.slice(0, 1)).length];
    const bounded = async (maxBytes: number) => {
      const watch = createFollower(walkOf(format).walk, { maxBytes });
      await Array.fromAsync(checkFile(pieces(bytes, bytes.length), { ...known, keep: () => [], watch }));
      return [watch.end(), behindCheck(format, bytes, Infinity, maxBytes)];
    };
    const finding = referenceFindingOf(format, hasher, bytes);
    expect(await bounded(others)).toEqual([finding, finding]);
    expect(await bounded(others - 1)).toEqual([null, null]);
  });
});
