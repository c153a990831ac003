import 'server-only';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Decision } from '../../core/event/fields';
import { recordsOf } from '../../core/chain/line-records';
import { splitLines } from '../../core/bytes/lines';
import type { Problem } from '../../core/chain/problem';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { formatById, formatOfAny } from '../../core/formats';
import { readObject } from '../../core/formats/read-line';
import { createChainRoot } from '../../core/merkle/chain-root';
import { recordTest } from '../../core/merkle/record-test';
import { MAX_PLACED_PROBLEMS, buildSegmentStatement } from '../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../core/statements/statement';
import { VERSION } from '../../config/version';
import type { VerifiedLog } from './verify-log';

/**
 * The statement on one log as it lies, checked a moment ago: the server's, but for what only a server knows. No rule ran, no head was seen
 * before, and its one segment is the file. Reads the file once more. @throws AppError CONFLICT when it changed since it was checked.
 */
export async function stateLog(
  log: VerifiedLog,
  { file, hasher, now }: { file: string; hasher: Hasher; now: Date },
): Promise<Statement> {
  if (!log.format) throw new AppError('UNKNOWN_FORMAT', 'an empty log holds nothing to attest');
  const format = formatById(log.format);
  const { sha256, sizeBytes, tree, countsByDecision, first } = await readAgain(file, log, hasher);
  if (sizeBytes !== log.sizeBytes) throw new AppError('CONFLICT', `${file} changed while it was being attested`);
  const problems: Problem[] = [];
  for await (const problem of log.problems()) {
    problems.push(problem);
    if (problems.length === MAX_PLACED_PROBLEMS) break;
  }
  const name = path.basename(file);
  const at = now.toISOString();
  return buildSegmentStatement({
    files: [{ name, sha256 }],
    chain: { name, id: `sha256:${sha256}` },
    format: format.id,
    tool: { name: 'sealtrail', version: VERSION },
    recordRange: { first: 0, last: Math.max(0, log.records - 1), count: log.records },
    hashes: {
      algorithm: format.hashAlgorithm,
      previous: first?.prev || null,
      first: first?.hash ?? null,
      last: log.head,
    },
    countsByDecision,
    verdict: log.verdict,
    problems: { placed: problems, counts: log.problemCounts },
    rules: [],
    findings: [],
    segments: [{ name: `${sha256}.jsonl`, digest: { sha256 }, byteOffset: 0, sizeBytes, records: log.records }],
    timeRange:
      log.firstRecordedAt && log.lastRecordedAt ? { first: log.firstRecordedAt, last: log.lastRecordedAt } : null,
    verifiedAt: at,
    attestedAt: at,
    tree,
    witnessedHeads: [],
  });
}

async function readAgain(file: string, log: VerifiedLog, hasher: Hasher) {
  const format = formatOfAny(log.format);
  const hash = createHash('sha256');
  const tree = createChainRoot(hasher, recordTest(format.id, hasher));
  let sizeBytes = 0;
  const countsByDecision: Partial<Record<Decision, number>> = {};
  let first: { hash: string; prev: string | null } | null = null;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      const part = chunk as Buffer; // a byte stream without encoding yields Buffers
      hash.update(part);
      // It is written over what it is given.
      tree.push(Buffer.from(part));
      sizeBytes += part.length;
      yield part;
    }
  }
  for await (const line of splitLines(bytes())) {
    for (const { line: part, read } of line.tooLong ? [] : recordsOf(format, hasher, line)) {
      if (!first && read.hash !== null) first = { hash: read.hash, prev: read.prev };
      const { decision } = format.toEvent(readObject(part.bytes));
      countsByDecision[decision] = (countsByDecision[decision] ?? 0) + 1;
    }
  }
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    tree: await tree.end(),
    countsByDecision,
    first: first as { hash: string; prev: string | null } | null,
  }; // set in the loop
}
