import * as z from 'zod';

/** What the cursors of lists hold. */
export const UuidCursor = z.tuple([z.uuid()]);
export const OrdinalCursor = z.tuple([z.number().int().min(0)]);
/** A segment's place in its chain. */
export const SegmentCursor = z.tuple([z.int32().min(0)]);
export const ProblemCursor = z.tuple([z.number().int(), z.number().int()]);
/** A time that PostgreSQL has: its years begin with 1. */
export const TimePlace = z.iso.datetime().refine((time) => !time.startsWith('0000'));
