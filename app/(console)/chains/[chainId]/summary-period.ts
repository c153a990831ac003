import 'server-only';
import * as z from 'zod';
import type { Context } from '@/lib/context';
import { AppError } from '@/lib/core/errors';
import { chainSummary } from '@/lib/chains/chain-summary';
import type { ChainSummary } from '@/lib/schemas/chains';

const DAY_MS = 86_400_000;
/** Those records can be of. */
const Day = z.iso.date().refine((day) => day >= '1970' && day < '2262');

/** Whole days in UTC, both included as people say them; either may be left open. */
export type Days = { from: string | null; to: string | null };

/** Days from an address; null when it names none. */
export function summaryPeriod(from: string | undefined, to: string | undefined): Days | null {
  const days = { from: Day.safeParse(from).data ?? null, to: Day.safeParse(to).data ?? null };
  if (days.from === null && days.to === null) return null;
  return days.from !== null && days.to !== null && days.to < days.from ? null : days;
}

/** What the chain holds of these days; null while its records are being loaded. */
export async function summaryOf(ctx: Context, chainId: string, { from, to }: Days): Promise<ChainSummary | null> {
  try {
    return await chainSummary(ctx, {
      chainId,
      ...(from && { from: `${from}T00:00:00Z` }),
      ...(to && { to: new Date(Date.parse(to) + DAY_MS).toISOString() }),
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') return null;
    throw error;
  }
}
