import { beforeAll, describe, expect, it } from 'vitest';
import { createHasher } from '../../hasher';
import { fixture, fixtureFormats, fixtureNames } from '../../testing/fixtures';
import { type Verified, briefly, verifySegments } from '../../testing/verify';
import type { FormatId, Hasher } from '../chain/format';
import type { Verdict } from '../chain/verdict';
import { FORMATS, formatById } from './index';

type Case = { file: string; verdict: Verdict; records: number; valid: number; problems: string[]; original: string };

/** What the original verifier says, where there is one; line numbers count lines that are not blank. */
const SAMPLES: Record<FormatId, Case[]> = {
  occasio: [
    { file: 'bad-genesis', verdict: 'tampered', records: 1, valid: 1, problems: ['bad-genesis@1'], original: 'broken: 2 errors at line 1' },
    { file: 'blank-lines', verdict: 'verified-with-warnings', records: 10, valid: 10, problems: ['blank-lines@1'], original: 'intact' },
    { file: 'crlf', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['crlf@1'], original: 'intact' },
    { file: 'cut-rows', verdict: 'verified', records: 180, valid: 180, problems: [], original: 'intact' },
    { file: 'dupkey-row10', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['duplicate-key@10', 're-serialised@10'], original: 'intact' },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'], original: 'empty, nothing to verify' },
    { file: 'gap', verdict: 'gap', records: 227, valid: 227, problems: ['missing-records@120'], original: 'broken at line 120' },
    { file: 'inserted-unhashed-mid', verdict: 'tampered', records: 229, valid: 228, problems: ['missing-hash@51'], original: 'intact, 1 legacy' },
    { file: 'legacy-then-chain', verdict: 'verified-with-warnings', records: 229, valid: 228, problems: ['legacy-prefix@1'], original: 'intact, 1 legacy' },
    { file: 'null-line', verdict: 'corrupt', records: 228, valid: 228, problems: ['not-a-record@31'], original: 'crashes' },
    { file: 'reordered', verdict: 'tampered', records: 228, valid: 228, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'], original: 'broken at lines 60, 61, 62' },
    { file: 'schema2-row11', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['unknown-schema@11'], original: 'intact, warning at line 11' },
    { file: 'tampered', verdict: 'tampered', records: 228, valid: 227, problems: ['hash-mismatch@100'], original: 'broken at lines 100, 101' },
    { file: 'truncated-tail', verdict: 'corrupt', records: 227, valid: 227, problems: ['torn-tail@228'], original: 'broken: invalid JSON at line 228' },
    { file: 'valid', verdict: 'verified', records: 228, valid: 228, problems: [], original: 'intact' },
  ],
  arbiter: [
    { file: 'chain-off', verdict: 'unchained', records: 3, valid: 0, problems: ['no-chain@1'], original: 'no verifier' },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'], original: 'no verifier' },
    { file: 'gap', verdict: 'gap', records: 219, valid: 219, problems: ['missing-records@120'], original: 'no verifier' },
    { file: 'reordered', verdict: 'tampered', records: 220, valid: 220, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'], original: 'no verifier' },
    { file: 'restart', verdict: 'restarted', records: 240, valid: 240, problems: ['restart@221'], original: 'no verifier' },
    { file: 'tampered', verdict: 'tampered', records: 220, valid: 219, problems: ['hash-mismatch@100'], original: 'no verifier' },
    { file: 'truncated-tail', verdict: 'corrupt', records: 219, valid: 219, problems: ['torn-tail@220'], original: 'no verifier' },
    { file: 'valid', verdict: 'verified', records: 220, valid: 220, problems: [], original: 'no verifier' },
  ],
};

let hasher: Hasher;
beforeAll(async () => {
  hasher = await createHasher();
});

describe.each(FORMATS)('$label samples', (format) => {
  it.each(SAMPLES[format.id])('$file is $verdict', ({ file, verdict, records, valid, problems }) => {
    const verified = verifySegments(format, hasher, [fixture(format.id, file)]);
    expect(briefly(verified.problems)).toEqual(problems);
    expect(verified).toMatchObject({ verdict, records, validRecords: valid });
    expectPlaced(verified, fixture(format.id, file));
  });

  it('states every fixture', () => {
    expect(SAMPLES[format.id].map(({ file }) => file).toSorted()).toEqual(fixtureNames(format.id));
  });
});

it('registers every format that has fixtures', () => {
  expect(FORMATS.map(({ id }) => id).toSorted()).toEqual(fixtureFormats());
  for (const { id } of FORMATS) expect(formatById(id).id).toBe(id);
});

/** Each problem names the bytes it is about. */
function expectPlaced({ problems }: Verified, bytes: Buffer): void {
  const lines = bytes.toString('latin1').split('\n');
  for (const { line, byteOffset, byteLength } of problems) {
    expect(byteOffset).toBe(lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0));
    expect(byteLength).toBe((lines[line - 1] ?? '').replace(/\r$/, '').length);
  }
}
