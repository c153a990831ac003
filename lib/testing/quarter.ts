import type { Hasher } from '../core/chain/format';
import { arbiterLog } from '../ingest/sample/arbiter-log';
import { occasioLog } from '../ingest/sample/occasio-log';
import { createRandom } from '../ingest/sample/random';

/** The second quarter of 2026, in UTC. */
export const QUARTER = { from: '2026-04-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' };

const WEEKS = 14;
const WEEK_MS = 7 * 86_400_000;
/** A Monday noon; the first week begins before the quarter, and the last ends behind it. */
const FIRST_END_MS = Date.UTC(2026, 3, 6, 12);
const SEED = 20_260_401;

type Json = Record<string, unknown>;

/** The sample's agents over a quarter and some days around it: two genuine chains, one of each writer, the same each time. */
export function quarterLogs(hasher: Hasher): { chain: string; lines: string[] }[] {
  const random = createRandom(SEED);
  const weeks = Array.from({ length: WEEKS }, (_, n) => FIRST_END_MS + n * WEEK_MS);
  const coder = weeks.flatMap((endMs, n) =>
    occasioLog(random, hasher, endMs, {
      agent: 'storefront-coder',
      calls: 120,
      ...(n === 5 && { denials: { at: 0.5, minutes: 6, calls: 9 } }),
      ...(n === 9 && { secrets: { at: 0.6, minutes: 8, calls: 7 } }),
    }),
  );
  const copilot = weeks.flatMap((endMs, n) =>
    arbiterLog(random, hasher, endMs, {
      agent: 'support-copilot',
      calls: 60,
      ...(n === 7 && { denials: { at: 0.4, minutes: 9, calls: 11 } }),
    }),
  );
  return [
    { chain: 'quarter/storefront-coder', lines: occasioChain(coder, hasher) },
    { chain: 'quarter/support-copilot', lines: arbiterChain(copilot, hasher) },
  ];
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Weeks that were written one by one, as one chain. */
function occasioChain(lines: readonly string[], hasher: Hasher): string[] {
  let head = '0'.repeat(64);
  return lines.map((line) => {
    const { hash: _, ...record } = JSON.parse(line) as Json; // made above
    const covered = { ...record, prev_hash: head };
    head = hasher.sha256(bytes(covered));
    return JSON.stringify({ ...covered, hash: head });
  });
}

function arbiterChain(lines: readonly string[], hasher: Hasher): string[] {
  let head = 'genesis';
  return lines.map((line, n) => {
    const { chain_record_hash: _, ...record } = JSON.parse(line) as Json; // made above
    const covered = { ...record, chain_sequence: n + 1, chain_prev_hash: head };
    head = hasher.blake3(bytes(covered));
    return JSON.stringify({ ...covered, chain_record_hash: head });
  });
}
