import { createHash } from 'node:crypto';
import type { FormatId } from '../core/chain/format';
import { formatById } from '../core/formats';
import { createChainRoot } from '../core/merkle/chain-root';
import { recordTest } from '../core/merkle/record-test';
import { buildSegmentStatement } from '../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../core/statements/statement';
import { createHasher } from '../crypto/hasher';
import { verifySegments } from './verify';

const AT = '2026-05-12T00:00:00.000Z';

/** What we would state of a chain that came as one file and lies in these segments. */
export async function chainStatement(
  formatId: FormatId,
  segments: readonly Uint8Array[],
  file = 'audit.jsonl',
): Promise<Statement> {
  const hasher = await createHasher();
  const format = formatById(formatId);
  const joined = verifySegments(format, hasher, segments);
  const { lead, parts } = partsOf(segments, (bytes) => verifySegments(format, hasher, [bytes]).records);
  const tree = createChainRoot(hasher, recordTest(formatId, hasher));
  for (const bytes of segments) tree.push(Uint8Array.from(bytes));
  const records = joined.records;
  return buildSegmentStatement({
    chain: { name: 'audit', id: '0198c2f0-0000-7000-8000-000000000000' },
    format: formatId,
    tool: { name: 'sealtrail', version: '0.1.0' },
    recordRange: { first: 0, last: Math.max(0, records - 1), count: records },
    hashes: { algorithm: format.hashAlgorithm, previous: format.genesis, first: null, last: joined.head },
    countsByDecision: {},
    verdict: joined.verdict,
    problems: { placed: joined.problems, counts: joined.problemCounts },
    rules: [],
    findings: [],
    segments: parts,
    timeRange: null,
    verifiedAt: AT,
    attestedAt: AT,
    witnessedHeads: [],
    tree: await tree.end(),
    files: [{ name: file, sha256: lead }],
  });
}

function partsOf(segments: readonly Uint8Array[], recordsIn: (bytes: Uint8Array) => number) {
  let byteOffset = 0;
  const whole = createHash('sha256');
  const parts = segments.map((bytes) => {
    whole.update(bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const part = {
      name: `${digest}.jsonl`,
      digest: { sha256: digest },
      byteOffset,
      sizeBytes: bytes.length,
      records: recordsIn(bytes),
    };
    byteOffset += bytes.length;
    return part;
  });
  return { parts, lead: whole.digest('hex') };
}
