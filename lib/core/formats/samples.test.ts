import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { expectedOf, fixture, fixtureFolder, fixtureFormats, fixtureNames } from '../../testing/fixtures';
import { formatContract } from '../../testing/format-contract';
import { referenceFindingOf } from '../../testing/reference-finding';
import { briefly, verifySegments } from '../../testing/verify';
import type { FormatId } from '../chain/format';
import type { ReferenceFinding } from '../chain/reference-verifier';
import { FORMATS, formatById } from './index';

const hasher = await createHasher();

describe.each(FORMATS)('$label', (format) => {
  formatContract(format, hasher, fixtureFolder(format.id));
});

describe.each(FORMATS.filter(({ referenceVerifier }) => referenceVerifier))("$label's own verifier", ({ id }) => {
  it.each(fixtureNames(id))('says of %s what is foretold', (file) => {
    const { says, ...finding } = expectedFinding(id, file);
    const said = referenceFindingOf(formatById(id), hasher, fixture(id, file));
    expect(said).toMatchObject(finding);
    expect(said.message).toMatch(says);
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
  expect(verifySegments(format, hasher, [short, newer])).toMatchObject({
    verdict: 'gap',
    problemCounts: { 'missing-records': 1 },
  });
  const torn = older.subarray(0, -100);
  expect(briefly(verifySegments(format, hasher, [torn, newer]).problems)).toEqual(['torn-tail@10', 'rotation@11']);
  expect(verifySegments(format, hasher, [newer, older]).verdict).toBe('forked');
});

it('registers every format that has fixtures', () => {
  expect(FORMATS.map(({ id }) => id).toSorted()).toEqual(fixtureFormats());
  for (const { id } of FORMATS) expect(formatById(id).id).toBe(id);
});

/** A file of the samples, and what it is called there. */
const NAMED_THERE: Record<string, string> = { 'rotated-older': 'rotated.jsonl.20260815T000010.000000000Z' };

type ExpectedFinding = { verdict?: ReferenceFinding['verdict']; line: number | null; says: string | RegExp };

/** The reference verifier's verdict as `expected.json` has it, each format in its own shape. */
function expectedFinding(format: FormatId, file: string): ExpectedFinding {
  const said = expectedOf(format, NAMED_THERE[file] ?? `${file}.jsonl`);
  switch (format) {
    case 'occasio': {
      const failed = (said.errors ?? []).find(({ warning }) => !warning);
      if (said.crash) return { verdict: 'crash', line: 31, says: said.crash };
      return failed
        ? {
            verdict: 'failed',
            line: failed.line,
            says: `${failed.detail}; ✗ Chain broken (${said.error_count} error(s) detected)`,
          }
        : { verdict: 'ok', line: null, says: '' };
    }
    case 'arbiter':
      return said.ok
        ? { verdict: 'ok', line: null, says: '' }
        : { line: said.line ?? null, says: said.reason?.split(' — ')[0] ?? '' };
    case 'nono': {
      const { err, line = null, detail = '', event_count: events } = said.without_session_json ?? {};
      return err === undefined
        ? { verdict: 'ok', line, says: `${events} event` }
        : { line, says: new RegExp(`^(Audit event )?${err} at line ${line}.*${detail}$`) };
    }
    case 'agentfence':
      return {
        verdict: said.status === 'no_chain' ? 'unchained' : said.status,
        line: said.bad_event ?? said.chain_start_event ?? null,
        says: said.detail ?? said.stdout ?? '',
      };
    case 'vouch':
      return said.ok
        ? { verdict: 'ok', line: null, says: '' }
        : { verdict: 'failed', line: said.line ?? null, says: said.reason ?? '' };
    default:
      throw new RangeError(`how expected.json of ${String(format)} is read is not said here`);
  }
}
