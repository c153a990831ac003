import * as z from 'zod';

/** Shapes of the places cursors hold. */
export const UuidPlace = z.tuple([z.uuid()]);
export const OrdinalPlace = z.tuple([z.number().int().min(0)]);
/** A segment's place in its chain. */
export const SegmentPlace = z.tuple([z.int32().min(0)]);
export const ProblemPlace = z.tuple([z.number().int(), z.number().int()]);
export const TimePlace = z.tuple([z.iso.datetime(), z.uuid()]);
