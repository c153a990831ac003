import * as z from 'zod';
import { KNOWN_FORMATS } from '#known';
import { DECISIONS } from '../core/event/fields';
import { PROBLEM_CODES } from '../core/chain/problem';
import { CHAIN_VERDICTS, VERDICTS } from '../core/chain/verdict';
import { normaliseInstant } from '../core/time';

/** `damaged` stands in place of the verdict on bytes of which some are gone or altered. */
export const ChainVerdict = z.enum(CHAIN_VERDICTS);
export type ChainVerdict = z.infer<typeof ChainVerdict>;
/** As it was signed. */
export const SignedVerdict = z.enum([...VERDICTS, 'pending']);
export const FormatId = z.enum(KNOWN_FORMATS.map(({ id }) => id));
export const Decision = z.enum(DECISIONS);
export const Level = z.enum(['critical', 'high', 'medium', 'low', 'informational']);
export type Level = z.infer<typeof Level>;
/** Lower-case hex SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** RFC 3339 UTC. */
export const Instant = z.iso.datetime();
/** Zero counts are left out. */
export const ProblemCounts = z.partialRecord(z.enum(PROBLEM_CODES), z.number().int());

/** What JSON Schema says of a time, where code makes it of the text. */
const TIME = { json: { type: 'string', format: 'date-time' } };
/** A time as asked for: RFC 3339 with any offset, read as UTC. */
export const RequestedInstant = z
  .string()
  .transform((text, check) => {
    const instant = normaliseInstant(text);
    if (instant === null)
      check.addIssue({ code: 'custom', message: 'must be a date and time with a zone, as 2026-05-11T08:00:00Z' });
    return instant ?? z.NEVER;
  })
  .meta(TIME);
/** An instant no finer than it is compared with. */
export const Millisecond = RequestedInstant.transform((instant) => instant.replace(/(\.\d{3})\d+Z$/, '$1Z')).meta(TIME);
/** All chains unless some are named. */
export const SomeChains = z
  .array(z.uuid())
  .min(1)
  .max(200)
  .transform((ids) => [...new Set(ids)])
  .meta({ json: { type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 1, maxItems: 200 } })
  .nullable()
  .default(null);
export const AFTER_FROM = { message: 'must be after from', path: ['to'] };
export const isInOrder = ({ from, to }: Period): boolean => Date.parse(from) < Date.parse(to);
/** Half-open: `from` is in, `to` is not. */
export const Period = z.object({ from: Instant, to: Instant });
export type Period = z.infer<typeof Period>;
/** A period as asked for. */
export const RequestedPeriod = z.object({ from: RequestedInstant, to: RequestedInstant }).refine(isInOrder, AFTER_FROM);

/** Text to find something by: what any store and any JSON can hold. */
export const RequestedText = z
  .string()
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without NUL' });

/** The order of a list: by one of `columns` upwards, or downwards with a minus before it. */
export function sortBy<const T extends string>(columns: readonly T[]) {
  return z.enum(columns.flatMap((column) => [column, `-${column}` as const]));
}

/** One or several values of a closed list, as a parameter given once, repeated, or with commas. */
export function someOf<const T extends string>(known: readonly T[]) {
  return z
    .union(
      [
        z.string(),
        z
          .array(z.string())
          .min(1)
          .max(known.length * 2),
      ],
      { error: 'must be text' },
    )
    .transform((given, check): T[] => {
      const requested = [given].flat().flatMap((text) => text.split(','));
      const chosen = known.filter((value) => requested.includes(value));
      const unknown = requested.find((text) => !known.some((value) => value === text));
      if (unknown === undefined) return chosen;
      check.addIssue({ code: 'custom', message: `"${unknown.slice(0, 40)}" is not one of ${known.join(', ')}` });
      return z.NEVER;
    })
    .meta({
      json: {
        type: 'array',
        items: { type: 'string', enum: known },
        description: 'One value, or several: repeated, or with commas.',
      },
    });
}

/** Every list is bounded: `limit` 1 to 500, and goes on at `cursor`, an opaque string of the page before. */
export const PageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() });
}
export type Page<T> = { items: T[]; nextCursor: string | null; total?: number };
