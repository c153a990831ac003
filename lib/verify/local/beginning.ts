import 'server-only';
import { firstLines } from '../../core/bytes/first-lines';
import { AppError } from '../../core/errors';
import { formatById, recogniseFormat } from '../../core/formats';
import { hasherFor } from '../../crypto/hasher';
import type { Beginning } from '../log/split-at-beginnings';
import type { Opened } from './open-source';

/** How a file begins; null for one that cannot be read, which is left to the check. */
export async function beginningOf(open: () => Promise<Opened>): Promise<Beginning> {
  try {
    const { source, close } = await open();
    try {
      const { bytes, complete } = await source.head();
      const lines = firstLines(bytes, complete);
      const id = recogniseFormat(lines);
      if (!id) return null;
      const format = formatById(id);
      const read = lines[0] && format.check(lines[0], await hasherFor(format));
      return { format: id, prev: read?.kind === 'record' ? read.prev : null };
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
