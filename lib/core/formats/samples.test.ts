import { beforeAll, describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { expectedOf, fixture, fixtureFormats, fixtureNames } from '../../testing/fixtures';
import { originalOf } from '../../testing/original';
import { type Verified, briefly, verifySegments } from '../../testing/verify';
import type { FormatId, Hasher } from '../chain/format';
import type { OriginalFinding } from '../chain/original';
import type { Verdict } from '../chain/verdict';
import { FORMATS, formatById } from './index';

type Case = { file: string; verdict: Verdict; records: number; valid: number; problems: string[] };

/** What is said here of each sample; what the original says is in `expected.json` beside it. */
const SAMPLES: Record<FormatId, Case[]> = {
  occasio: [
    { file: 'bad-genesis', verdict: 'gap', records: 1, valid: 1, problems: ['missing-beginning@1'] },
    { file: 'blank-lines', verdict: 'verified-with-warnings', records: 10, valid: 10, problems: ['blank-lines@1'] },
    { file: 'crlf', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['crlf@1'] },
    { file: 'cut-rows', verdict: 'verified', records: 180, valid: 180, problems: [] },
    { file: 'dupkey-row10', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['duplicate-key@10', 're-serialised@10'] },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'] },
    { file: 'gap', verdict: 'gap', records: 227, valid: 227, problems: ['missing-records@120'] },
    { file: 'inserted-unhashed-mid', verdict: 'tampered', records: 229, valid: 228, problems: ['missing-hash@51'] },
    { file: 'legacy-then-chain', verdict: 'verified-with-warnings', records: 229, valid: 228, problems: ['legacy-prefix@1'] },
    { file: 'null-line', verdict: 'corrupt', records: 228, valid: 228, problems: ['not-a-record@31'] },
    { file: 'reordered', verdict: 'tampered', records: 228, valid: 228, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'] },
    { file: 'schema2-row11', verdict: 'verified-with-warnings', records: 228, valid: 228, problems: ['unknown-schema@11'] },
    { file: 'tampered', verdict: 'tampered', records: 228, valid: 227, problems: ['hash-mismatch@100'] },
    { file: 'truncated-tail', verdict: 'corrupt', records: 227, valid: 227, problems: ['torn-tail@228'] },
    { file: 'valid', verdict: 'verified', records: 228, valid: 228, problems: [] },
  ],
  arbiter: [
    { file: 'chain-off', verdict: 'unchained', records: 3, valid: 0, problems: ['no-chain@1'] },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'] },
    { file: 'gap', verdict: 'gap', records: 219, valid: 219, problems: ['missing-records@120'] },
    { file: 'reordered', verdict: 'tampered', records: 220, valid: 220, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'] },
    { file: 'restart', verdict: 'restarted', records: 240, valid: 240, problems: ['restart@221'] },
    { file: 'tampered', verdict: 'tampered', records: 220, valid: 219, problems: ['hash-mismatch@100'] },
    { file: 'truncated-tail', verdict: 'corrupt', records: 219, valid: 219, problems: ['torn-tail@220'] },
    { file: 'valid', verdict: 'verified', records: 220, valid: 220, problems: [] },
  ],
  nono: [
    { file: 'blank-lines', verdict: 'verified-with-warnings', records: 213, valid: 213, problems: ['blank-lines@1'] },
    { file: 'crlf', verdict: 'verified-with-warnings', records: 213, valid: 213, problems: ['crlf@1'] },
    { file: 'cut-rows', verdict: 'verified', records: 180, valid: 180, problems: [] },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'] },
    { file: 'gap', verdict: 'gap', records: 212, valid: 212, problems: ['missing-records@120'] },
    { file: 'no-event-json', verdict: 'verified-with-warnings', records: 213, valid: 213, problems: Array.from({ length: 213 }, (_, index) => `no-event-json@${index + 1}`) },
    { file: 'reordered', verdict: 'tampered', records: 213, valid: 213, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'] },
    { file: 'tampered', verdict: 'tampered', records: 213, valid: 212, problems: ['hash-mismatch@100'] },
    { file: 'truncated-tail', verdict: 'corrupt', records: 212, valid: 212, problems: ['torn-tail@213'] },
    { file: 'unknown-envelope-field-row10', verdict: 'verified-with-warnings', records: 213, valid: 213, problems: ['unknown-key@10'] },
    { file: 'valid', verdict: 'verified', records: 213, valid: 213, problems: [] },
  ],
  agentfence: [
    { file: 'blank-lines', verdict: 'verified-with-warnings', records: 220, valid: 220, problems: ['blank-lines@1'] },
    { file: 'cut-rows', verdict: 'verified', records: 180, valid: 180, problems: [] },
    { file: 'dupkey-row10', verdict: 'verified-with-warnings', records: 220, valid: 220, problems: ['duplicate-key@10', 're-serialised@10'] },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'] },
    { file: 'gap', verdict: 'gap', records: 219, valid: 219, problems: ['missing-records@120'] },
    // The original cannot write what it read: it replaces the escape of U+FFFD. The bytes are as they were hashed.
    { file: 'invalid-utf8-1row', verdict: 'verified', records: 1, valid: 1, problems: [] },
    { file: 'partial-chain', verdict: 'verified-with-warnings', records: 223, valid: 220, problems: ['legacy-prefix@1'] },
    { file: 'reordered', verdict: 'tampered', records: 220, valid: 220, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'] },
    { file: 'repo-agentfence-v4-signed-chain', verdict: 'verified', records: 2, valid: 2, problems: [] },
    { file: 'rotated', verdict: 'verified', records: 10, valid: 10, problems: [] },
    { file: 'rotated-older', verdict: 'verified', records: 10, valid: 10, problems: [] },
    { file: 'signed', verdict: 'verified', records: 20, valid: 20, problems: [] },
    { file: 'tampered', verdict: 'tampered', records: 220, valid: 219, problems: ['hash-mismatch@100'] },
    { file: 'truncated-tail', verdict: 'corrupt', records: 219, valid: 219, problems: ['torn-tail@220'] },
    { file: 'unchained', verdict: 'unchained', records: 3, valid: 0, problems: ['no-chain@1'] },
    { file: 'unknown-field-row10', verdict: 'verified-with-warnings', records: 220, valid: 220, problems: ['re-serialised@10', 'unknown-key@10'] },
    { file: 'valid', verdict: 'verified', records: 220, valid: 220, problems: [] },
    { file: 'wrong-type-row10', verdict: 'corrupt', records: 219, valid: 219, problems: ['not-a-record@10'] },
  ],
  vouch: [
    { file: 'blank-lines', verdict: 'verified-with-warnings', records: 240, valid: 240, problems: ['blank-lines@6'] },
    { file: 'crlf', verdict: 'verified-with-warnings', records: 240, valid: 240, problems: ['crlf@1'] },
    { file: 'empty', verdict: 'unchained', records: 0, valid: 0, problems: ['no-chain@1'] },
    { file: 'gap', verdict: 'gap', records: 239, valid: 239, problems: ['missing-records@120'] },
    { file: 'legacy-first', verdict: 'verified-with-warnings', records: 241, valid: 240, problems: ['legacy-prefix@1'] },
    { file: 'reordered', verdict: 'tampered', records: 240, valid: 240, problems: ['out-of-order@60', 'out-of-order@61', 'out-of-order@62'] },
    { file: 'tampered', verdict: 'tampered', records: 240, valid: 239, problems: ['hash-mismatch@100'] },
    { file: 'truncated-tail', verdict: 'corrupt', records: 239, valid: 239, problems: ['torn-tail@240'] },
    { file: 'valid', verdict: 'verified', records: 240, valid: 240, problems: [] },
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

  it.each(SAMPLES[format.id])('the original says of $file what is foretold', ({ file }) => {
    const { says, ...finding } = foretold(format.id, file);
    const said = originalOf(format, hasher, fixture(format.id, file));
    expect(said).toMatchObject(finding);
    expect(said.message).toMatch(says);
  });

  it('states every fixture', () => {
    expect(SAMPLES[format.id].map(({ file }) => file).toSorted()).toEqual(fixtureNames(format.id));
  });
});

it('joins the files of a rotated log, and misses one between them', () => {
  const format = formatById('agentfence');
  const [older, newer] = [fixture('agentfence', 'rotated-older'), fixture('agentfence', 'rotated')];
  for (const pieces of [[older, newer], [Buffer.concat([older, newer])]]) {
    const joined = verifySegments(format, hasher, pieces);
    expect(briefly(joined.problems)).toEqual(['rotation@11']);
    expect(joined).toMatchObject({ verdict: 'restarted', records: 20, validRecords: 20 });
  }
  const short = Buffer.from(older.toString('utf8').split('\n').slice(0, 7).join('\n') + '\n');
  expect(verifySegments(format, hasher, [short, newer])).toMatchObject({ verdict: 'gap', problemCounts: { 'missing-records': 1 } });
  const torn = older.subarray(0, -100);
  expect(briefly(verifySegments(format, hasher, [torn, newer]).problems)).toEqual(['torn-tail@10', 'rotation@11']);
  expect(verifySegments(format, hasher, [newer, older]).verdict).toBe('forked');
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

/** A file of the samples, and what it is called there. */
const NAMED_THERE: Record<string, string> = { 'rotated-older': 'rotated.jsonl.20260815T000010.000000000Z' };

type Foretold = { verdict?: OriginalFinding['verdict']; line: number | null; says: string | RegExp };

/** The original's verdict as `expected.json` has it, each format in its own shape. */
function foretold(format: FormatId, file: string): Foretold {
  const said = expectedOf(format, NAMED_THERE[file] ?? `${file}.jsonl`);
  switch (format) {
    case 'occasio': {
      const failed = (said.errors ?? []).find(({ warning }) => !warning);
      if (said.crash) return { verdict: 'crash', line: 31, says: said.crash };
      return failed ? { verdict: 'failed', line: failed.line, says: `${failed.detail}; ✗ Chain broken (${said.error_count} error(s) detected)` } : { verdict: 'ok', line: null, says: '' };
    }
    case 'arbiter':
      return said.ok ? { verdict: 'ok', line: null, says: '' } : { line: said.line ?? null, says: said.reason?.split(' — ')[0] ?? '' };
    case 'nono': {
      const { err, line = null, detail = '', event_count: events } = said.without_session_json ?? {};
      return err === undefined ? { verdict: 'ok', line, says: `${events} event` } : { line, says: new RegExp(`^(Audit event )?${err} at line ${line}.*${detail}$`) };
    }
    case 'agentfence':
      return { verdict: said.status === 'no_chain' ? 'unchained' : said.status, line: said.bad_event ?? said.chain_start_event ?? null, says: said.detail ?? said.stdout ?? '' };
    case 'vouch':
      return said.ok ? { verdict: 'ok', line: null, says: '' } : { verdict: 'failed', line: said.line ?? null, says: said.reason ?? '' };
  }
}
