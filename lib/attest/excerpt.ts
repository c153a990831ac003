import 'server-only';
import { Readable } from 'node:stream';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { segmentsOf } from '../db/chains';
import { getAttestationRow } from './attestations';
import { coveredBy } from './covered';
import { readRanges } from './read-ranges';

/**
 * Exactly the records an attestation of less than a chain covers, as a file: its digest is the first subject of the statement.
 * @throws AppError NOT_FOUND when it covers a whole chain or several, CONFLICT when the chain has other content now.
 */
export async function openExcerpt(ctx: Context, { attestationId }: { attestationId: string }): Promise<{ fileName: string; sizeBytes: number; stream: ReadableStream<Uint8Array> }> {
  const { chainId, scope, subjects, lastRecord } = await getAttestationRow(ctx, { attestationId });
  const [subject] = subjects;
  if (chainId === null || scope.kind === 'chain' || scope.kind === 'period' || !subject) throw new AppError('NOT_FOUND', 'the attestation covers whole segments; those can be had by their digest', { attestationId });
  const { excerpt, segments } = await coveredBy(ctx, chainId, scope, await segmentsOf(ctx.db, chainId), lastRecord + 1);
  if (excerpt?.sha256 !== subject.sha256) throw new AppError('CONFLICT', 'the chain has other records of this scope now than when it was attested', { attestationId, attested: subject.sha256 });
  const stream = Readable.toWeb(Readable.from(readRanges(ctx.evidence, segments, excerpt.ranges), { objectMode: false })) as ReadableStream<Uint8Array>; // node's type of the same thing
  return { fileName: subject.name, sizeBytes: excerpt.sizeBytes, stream };
}
