import * as z from 'zod';
import type { Hasher } from '../../chain/format';
import { fromHex } from './digests';

const encoder = new TextEncoder();
const LEDGER_DOMAIN = encoder.encode('nono.audit.ledger.chain.alpha\n');
const NOTHING = new Uint8Array(32);
const Digest = z.lazy(() =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .transform((hex) => hex.toLowerCase()),
);
const Row = z.lazy(() =>
  z.object({
    sequence: z.int().nonnegative(),
    prev_chain: Digest.nullish(),
    session_id: z.string(),
    session_digest: Digest,
    completed_at: z.string(),
    chain_hash: Digest,
  }),
);

export type LedgerCheck = {
  /** Null when every row holds. */
  problem: { line: number; message: string } | null;
  rows: number;
  head: string | null;
  /** The last row that names each session, counted from 0, and the digest it states. */
  sessions: ReadonlyMap<string, { row: number; digest: string }>;
};

/** Checks the ledger of sessions, one chain over all of them; the first row that does not hold ends it. */
export function checkLedger(hasher: Hasher, text: string): LedgerCheck {
  const sessions = new Map<string, { row: number; digest: string }>();
  let head: string | null = null;
  let rows = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = readRow(line);
    const found = row ? problemOf(row, rows, head, hasher) : 'the line is no row of a ledger';
    if (!row || found !== null) return { problem: { line: index + 1, message: found ?? '' }, rows, head, sessions };
    sessions.set(row.session_id, { row: rows, digest: row.session_digest });
    head = row.chain_hash;
    rows += 1;
  }
  return { problem: null, rows, head, sessions };
}

function problemOf(row: z.infer<typeof Row>, sequence: number, head: string | null, hasher: Hasher): string | null {
  if (row.sequence !== sequence) return `the row is numbered ${row.sequence} where ${sequence} is due`;
  if ((row.prev_chain ?? null) !== head) return 'the row does not follow from the one before it';
  const covered = JSON.stringify({
    sequence,
    session_id: row.session_id,
    session_digest: row.session_digest,
    completed_at: row.completed_at,
  });
  const chain = hasher.sha256(LEDGER_DOMAIN, head === null ? NOTHING : fromHex(head), encoder.encode(covered));
  return chain === row.chain_hash ? null : 'the row was changed after it was written';
}

function readRow(line: string): z.infer<typeof Row> | null {
  try {
    return Row.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
