import * as z from 'zod';
import type { RuleDocument } from '../documents';
import type { Correlation, Past } from './kind';
import { Timespan, timespanMs } from './section';

/** How much lies before a window that it is held against: so much time, or all there is. */
export const History = z
  .string()
  .refine(
    (written) => written === 'all' || Timespan.safeParse(written).success,
    'must be a number followed by s, m, h or d, or all',
  );
/** How much of it has to be there. */
export const least = z.number().int().min(0).max(1_000_000_000);

/** The past of an extension of a correlation, which has to be of one group: aliases would be of several. */
export function readPast(
  attribute: string,
  history: string,
  section: { aliases?: unknown },
  correlation: Pick<Correlation, 'timespanMs' | 'groupBy'>,
  { refuse }: RuleDocument,
): Past {
  if (section.aliases !== undefined)
    refuse(['correlation', 'aliases'], `are not supported with ${attribute}: its history is of one group`, 'key');
  const lengthMs = history === 'all' ? null : timespanMs(history);
  if (lengthMs !== null && lengthMs < correlation.timespanMs)
    refuse([attribute, 'history'], 'must be no shorter than the timespan');
  return { lengthMs, fields: correlation.groupBy.length };
}
