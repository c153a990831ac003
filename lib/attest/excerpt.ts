import 'server-only';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { segmentsOf } from '../db/chains';
import { getAttestationRow } from './attestations';
import { coveredBy } from './covered';
import { readRanges } from './read-ranges';
import { namePart } from './statements';

/**
 * Exactly the records an attestation covers, as a file: the first subject of its statements for policy engines, by digest.
 * @throws AppError NOT_FOUND when it covers several chains, CONFLICT when the chain has other content now.
 */
export async function openExcerpt(
  ctx: Context,
  { attestationId }: { attestationId: string },
): Promise<{ fileName: string; sizeBytes: number; stream: ReadableStream<Uint8Array> }> {
  const { chainId, chain, scope, subjects, lastRecord } = await getAttestationRow(ctx, { attestationId });
  const [subject] = subjects;
  if (chainId === null || scope.kind === 'period' || !subject)
    throw new AppError(
      'NOT_FOUND',
      'the attestation covers several chains; their segments can be had by their digest',
      { attestationId },
    );
  if (scope.kind === 'chain') {
    // Whatever became of the chain since: what was attested stays in evidence under its digest.
    const digests = subjects.flatMap(({ name, sha256 }) => (name === `${sha256}.jsonl` ? [sha256] : []));
    const sizes = await Promise.all(digests.map((digest) => ctx.evidence.stat(digest)));
    if (sizes.includes(null))
      throw new AppError('EVIDENCE_MISSING', 'a segment of the attestation is not in the store', { attestationId });
    return {
      fileName: `${namePart(chain ?? 'chain')}.jsonl`,
      sizeBytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
      stream: streamOf(oneAfterAnother(ctx, digests)),
    };
  }
  const kept = (
    await ctx.db.selectFrom('attestations').select('excerpt').where('id', '=', attestationId).executeTakeFirst()
  )?.excerpt;
  if (kept)
    return {
      fileName: subject.name,
      sizeBytes: kept.sizeBytes,
      stream: streamOf(proven(readRanges(ctx.evidence, kept.segments, kept.ranges), subject.sha256, attestationId)),
    };
  const { excerpt, segments } = await coveredBy(ctx, chainId, scope, await segmentsOf(ctx.db, chainId), lastRecord + 1);
  if (excerpt?.sha256 !== subject.sha256)
    throw new AppError('CONFLICT', 'the chain has other records of this scope now than when it was attested', {
      attestationId,
      attested: subject.sha256,
    });
  return {
    fileName: subject.name,
    sizeBytes: excerpt.sizeBytes,
    stream: streamOf(readRanges(ctx.evidence, segments, excerpt.ranges)),
  };
}

/** The same bytes, which are cut off before the last of them when they are not those the statement names: where they lie stands in a row. */
async function* proven(
  chunks: AsyncGenerator<Buffer>,
  sha256: string,
  attestationId: string,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let held: Buffer | null = null;
  for await (const chunk of chunks) {
    if (held) yield held;
    hash.update(chunk);
    held = chunk;
  }
  if (hash.digest('hex') !== sha256)
    throw new AppError('EVIDENCE_ALTERED', 'the records are not those that were attested', {
      attestationId,
      attested: sha256,
    });
  if (held) yield held;
}

async function* oneAfterAnother(
  { evidence }: Context,
  digests: readonly string[],
): AsyncGenerator<Buffer, void, undefined> {
  for (const digest of digests) for await (const chunk of await evidence.read(digest)) yield chunk as Buffer; // bytes
}

function streamOf(bytes: AsyncGenerator<Buffer>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(bytes, { objectMode: false })) as ReadableStream<Uint8Array>; // node's type of the same thing
}
