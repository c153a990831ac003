import * as z from 'zod';
import { CHAIN_VERDICTS } from '../../chain/verdict';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { definePredicate } from './predicate';

export const CHAIN_TOMBSTONE_TYPE = 'https://sealtrail.dev/attestation/chain-tombstone/v1';

const Count = z.number().int().min(0);
const Instant = z.iso.datetime();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What was deleted of a chain after its retention had ended. Specified in `chain-tombstone.md`. */
export const ChainTombstone = z.object({
  chain: z.object({ id: z.string(), name: z.string() }),
  format: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  verdict: z.enum(CHAIN_VERDICTS),
  problemCounts: z.record(z.string(), Count),
  records: Count,
  sizeBytes: Count,
  head: z.string().nullable(),
  firstRecordedAt: Instant.nullable(),
  lastRecordedAt: Instant.nullable(),
  receivedUntil: Instant,
  segments: z.array(
    z.object({
      sha256: Sha256,
      sizeBytes: Count,
      firstRecord: Count,
      records: Count,
      lastHash: z.string().nullable(),
    }),
  ),
  attestations: z.array(z.object({ sha256: Sha256 })),
  retention: z.object({ keepDays: z.number().int().min(1), endedAt: Instant }),
  deletedAt: Instant,
});
export type ChainTombstone = z.infer<typeof ChainTombstone>;

/** The statement over every object that is deleted with the chain. @throws ZodError when the input breaks the predicate's schema. */
export function buildTombstoneStatement(
  objects: readonly { name: string; sha256: string }[],
  input: ChainTombstone,
): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: objects.map(({ name, sha256 }) => ({ name, digest: { sha256: Sha256.parse(sha256) } })),
    predicateType: CHAIN_TOMBSTONE_TYPE,
    predicate: ChainTombstone.parse(input),
  };
}

export const chainTombstone = definePredicate({
  type: CHAIN_TOMBSTONE_TYPE,
  label: 'Chain tombstone',
  schema: ChainTombstone,
  madeAt: 'deletedAt',
  build: buildTombstoneStatement,
  describe: ({ chain, records, retention }) =>
    `chain "${chain.name}" was deleted: ${records} records, kept for ${retention.keepDays} days until ${retention.endedAt}`,
});
