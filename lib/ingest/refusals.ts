import { isArchive } from '../core/bytes/file-kind';
import { noLog } from '../core/bytes/no-log';
import type { FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';

/** @throws AppError CONFLICT when the chain holds another format than what is sent to it. */
export function requireSameFormat(chain: { name: string; format: FormatId }, sent: FormatId): void {
  if (chain.format === sent) return;
  throw new AppError(
    'CONFLICT',
    `chain "${chain.name}" holds ${formatById(chain.format).label} records; this is ${formatById(sent).label}`,
    { chain: chain.name, format: sent },
  );
}

/** @throws AppError CONFLICT when the chain was sealed; `where` is told with it. */
export function requireUnsealed(sealedAt: Date | null, where: Record<string, string | number>): void {
  if (sealedAt)
    throw new AppError('CONFLICT', `the chain was sealed at ${sealedAt.toISOString()}: it accepts no more records`, {
      ...where,
      sealedAt: sealedAt.toISOString(),
    });
}

/** @throws AppError UNKNOWN_FORMAT for bytes that begin an archive, another compression or text in another encoding, whatever format was named. `ofArchive` is said of an archive. */
export function requireLog(head: Uint8Array, { ofArchive = '' } = {}): void {
  const found = noLog(head);
  if (found)
    throw new AppError('UNKNOWN_FORMAT', `this is ${found.what}; ${found.advice}${isArchive(head) ? ofArchive : ''}`, {
      byteOffset: 0,
      kind: found.kind,
    });
}
