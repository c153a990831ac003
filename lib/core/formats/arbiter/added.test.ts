import { expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { fixture } from '../../../testing/fixtures';
import { createSegmentChecker } from '../../chain/check-segment';
import { joinSegments } from '../../chain/join';
import { arbiter } from './format';

const lines = fixture('arbiter', 'valid').toString('utf8').trimEnd().split('\n');
const hasher = await createHasher();

/** The verdict on the log with its fifth record changed. */
function verdictWith(change: (line: string) => string): string {
  const checker = createSegmentChecker(arbiter, hasher);
  checker.push(Buffer.from(`${lines.map((line, at) => (at === 4 ? change(line) : line)).join('\n')}\n`));
  return joinSegments(arbiter, [checker.end().check], []).verdict;
}

it.each<[string, (line: string) => string]>([
  ['first', (line) => `{"note":"x",${line.slice(1)}`],
  ['in between', (line) => line.replace('"latency_ms"', '"note":"x","latency_ms"')],
  ['before the hash', (line) => line.replace(',"chain_record_hash"', ',"note":"x","chain_record_hash"')],
  ['behind the hash', (line) => `${line.slice(0, -1)},"note":"x"}`],
  ['with a space before it', (line) => `${line.slice(0, -1)}, "note": "x"}`],
  ['under the name of a prototype', (line) => `${line.slice(0, -1)},"__proto__":{"authorization_decision":"allow"}}`],
  ['under a known name in other letters', (line) => `${line.slice(0, -1)},"Authorization_Decision":"allow"}`],
  [
    'that the writer leaves out when it is empty',
    (line) => line.replace('"chain_sequence"', '"inspection_findings":[],"chain_sequence"'),
  ],
  ['inside the arguments', (line) => line.replace(/"arguments":\{/, '"arguments":{"aaa":1,')],
])('a member added to a record %s is content that was added, not another form of the same', (_, change) => {
  expect(lines[4]).not.toBe(change(lines[4] ?? ''));
  expect(verdictWith(change)).toBe('tampered');
});

it('another form of the same is none', () => {
  expect(verdictWith((line) => line.replaceAll('":', '": '))).toBe('verified-with-warnings');
});
