import 'server-only';
import { sha256 } from '../crypto/sha256';
import type { Db, Tx } from '../db/database';

const WINDOW_MS = 15 * 60_000;

/** What is counted: failures of one account in 15 minutes, from wherever. Another account is not held up by them. */
type Counted = { account: string; maxFailures: number };

/** Passwords of an account, by its address. NIST SP 800-63B-4 section 3.2.2 asks for at most 100 failures in a row. */
export function passwordsOf(email: string): Counted {
  return { account: email, maxFailures: 30 };
}

/** Codes of a person. Of a million codes three are good at a time: who knows the password and goes on trying for a year finds one in two years. */
export function codesOf(personId: string): Counted {
  return { account: `second factor of ${personId}`, maxFailures: 5 };
}

/** Seconds until an account may be tried again; null when it may be now. */
export async function signInWait(db: Db | Tx, { account, maxFailures }: Counted, now: Date): Promise<number | null> {
  const oldest = await db
    .selectFrom('sign_in_failures')
    .select('failed_at')
    .where('account_sha256', '=', digestOf(account))
    .where('failed_at', '>', new Date(now.getTime() - WINDOW_MS))
    .orderBy('failed_at', 'desc')
    .offset(maxFailures - 1)
    .limit(1)
    .executeTakeFirst();
  return oldest ? Math.max(1, Math.ceil((oldest.failed_at.getTime() + WINDOW_MS - now.getTime()) / 1000)) : null;
}

export async function recordSignIn(db: Tx, { account }: Counted, succeeded: boolean, now: Date): Promise<void> {
  await db
    .deleteFrom('sign_in_failures')
    .where((where) =>
      where.or([
        where('failed_at', '<', new Date(now.getTime() - WINDOW_MS)),
        ...(succeeded ? [where('account_sha256', '=', digestOf(account))] : []),
      ]),
    )
    .execute();
  if (!succeeded)
    await db
      .insertInto('sign_in_failures')
      .values({ account_sha256: digestOf(account), failed_at: now })
      .execute();
}

/** What was typed may be a password: it is not kept as it is. */
function digestOf(account: string): string {
  return sha256(account.trim().toLowerCase());
}
