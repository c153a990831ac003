import 'server-only';
import * as z from 'zod';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { keptCookie } from '../kept-cookie';
import { sha256 } from '../../crypto/sha256';
import { type RelyingParty, relyingParty } from './relying-party';

const GOOD_MS = 5 * 60_000;

/** What a browser was asked to sign, and what for: it keeps that itself, so that asking costs nothing here. */
const Challenge = z.object({
  challenge: z.string(),
  /** Who registers a passkey; null for a sign-in. */
  personId: z.string().nullable(),
});
export const challengeCookie = keptCookie({ purpose: 'passkey', path: '/', goodMs: GOOD_MS, schema: Challenge });

/** The challenge this browser was given for that. @throws AppError FORBIDDEN for none, or one that is too old or for something else. */
export async function requireChallenge(ctx: Context, headers: Headers, personId: string | null): Promise<string> {
  const kept = await challengeCookie.read(ctx, headers);
  if (kept && kept.personId === personId) return kept.challenge;
  throw new AppError('FORBIDDEN', 'this browser was not asked for a passkey in the last five minutes: begin again');
}

/** Notes that a challenge was answered. Each is, once, however often what was signed is sent. @throws AppError FORBIDDEN. */
export async function useChallenge(ctx: Context, tx: Tx, challenge: string): Promise<void> {
  const now = ctx.now();
  await tx
    .deleteFrom('answered_challenges')
    .where('answered_at', '<', new Date(now.getTime() - 2 * GOOD_MS))
    .execute();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('answered_challenges')
    .values({ challenge_sha256: sha256(challenge), answered_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) throw new AppError('FORBIDDEN', 'this was answered before: begin again');
}

/** @throws AppError CONFLICT where browsers make no passkeys. */
export function requireRelyingParty({ env }: Pick<Context, 'env'>): RelyingParty {
  const party = relyingParty(env);
  if (party) return party;
  throw new AppError(
    'CONFLICT',
    `browsers make no passkeys for ${env.publicUrl}: that takes https and the name of a host`,
  );
}
