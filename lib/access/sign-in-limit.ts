import 'server-only';
import { createHash } from 'node:crypto';
import type { Db, Tx } from '../db/database';

/** Sign-ins of one account that may fail in a window, from wherever. NIST SP 800-63B-4 section 3.2.2 asks for at most 100 in a row. */
const MAX_FAILURES = 30;
const WINDOW_MS = 15 * 60_000;

/** Seconds until an account may be tried again; null when it may be now. Another account is not held up by it. */
export async function signInWait(db: Db, email: string, now: Date): Promise<number | null> {
  const oldest = await db
    .selectFrom('sign_in_failures')
    .select('failed_at')
    .where('account_sha256', '=', accountOf(email))
    .where('failed_at', '>', new Date(now.getTime() - WINDOW_MS))
    .orderBy('failed_at', 'desc')
    .offset(MAX_FAILURES - 1)
    .limit(1)
    .executeTakeFirst();
  return oldest ? Math.max(1, Math.ceil((oldest.failed_at.getTime() + WINDOW_MS - now.getTime()) / 1000)) : null;
}

export async function recordSignIn(db: Tx, email: string, succeeded: boolean, now: Date): Promise<void> {
  await db
    .deleteFrom('sign_in_failures')
    .where((where) =>
      where.or([
        where('failed_at', '<', new Date(now.getTime() - WINDOW_MS)),
        ...(succeeded ? [where('account_sha256', '=', accountOf(email))] : []),
      ]),
    )
    .execute();
  if (!succeeded)
    await db
      .insertInto('sign_in_failures')
      .values({ account_sha256: accountOf(email), failed_at: now })
      .execute();
}

/** What was typed may be a password: it is not kept as it is. */
function accountOf(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
}
