import { encodingAdvice, foreignEncoding } from '../core/bytes/text-encoding';
import type { FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';

/** @throws AppError CONFLICT when the chain holds another format than what is sent to it. */
export function requireSameFormat(chain: { name: string; format: FormatId }, sent: FormatId): void {
  if (chain.format === sent) return;
  throw new AppError('CONFLICT', `chain "${chain.name}" holds ${formatById(chain.format).label} records; this is ${formatById(sent).label}`, { chain: chain.name, format: sent });
}

/** @throws AppError CONFLICT when the chain was sealed; `where` is told with it. */
export function requireUnsealed(sealedAt: Date | null, where: Record<string, string | number>): void {
  if (sealedAt) throw new AppError('CONFLICT', `the chain was sealed at ${sealedAt.toISOString()}: nothing is taken in any more`, { ...where, sealedAt: sealedAt.toISOString() });
}

/** @throws AppError UNKNOWN_FORMAT for text that begins in another encoding, whatever format was named. */
export function requireUtf8(head: Uint8Array): void {
  const encoding = foreignEncoding(head);
  if (encoding) throw new AppError('UNKNOWN_FORMAT', encodingAdvice(encoding), { byteOffset: 0, encoding });
}
