import 'server-only';
import { firstLines } from '../../core/bytes/first-lines';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { formatById, recogniseFormat } from '../../core/formats';
import type { Beginning } from '../log/split-at-beginnings';
import type { Opened } from './open-source';

/** How a file begins; null for one that cannot be read, which is left to the check. */
export async function beginningOf(open: () => Promise<Opened>, hasher: Hasher): Promise<Beginning> {
  try {
    const { source, close } = await open();
    try {
      const { bytes, complete } = await source.head();
      const lines = firstLines(bytes, complete);
      const format = recogniseFormat(lines);
      const read = format && lines[0] ? formatById(format).check(lines[0], hasher) : null;
      return format && { format, prev: read?.kind === 'record' ? read.prev : null };
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
