import 'server-only';
import * as audit from '../../audit/append';
import { writeFoldsOf } from '../../audit/fold';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import type { Person } from '../../schemas/settings';
import { personActor } from '../actor';
import { openSessionIn } from '../auth';
import { recordRefusedSignIn } from '../refused-sign-ins';
import { passwordsOf, recordSignIn } from '../sign-in-limit';
import { hasSecondFactor } from './standing';
import { pendingCookie, pendingPerson } from './pending';
import { withCode } from './with-code';

/**
 * Ends a sign-in that a password began in this browser: gives the cookies of the session. @throws AppError UNAUTHENTICATED where none was begun, or too
 * long ago; FORBIDDEN and BUSY of the code.
 */
export async function signInWithCode(
  ctx: Context,
  { headers, code }: { headers: Headers; code: string },
): Promise<string[]> {
  const person = await requirePending(ctx, headers);
  try {
    return await withCode(ctx, { personId: person.id, code, from: 'any' }, (tx, kind) =>
      admit(ctx, tx, { person, headers, by: ['password', kind] }),
    );
  } catch (error) {
    if (error instanceof AppError && (error.code === 'FORBIDDEN' || error.code === 'BUSY')) {
      const refusal = error.code === 'BUSY' ? 'locked-out' : 'wrong';
      await recordRefusedSignIn(ctx, headers, { by: 'code', refusal, personId: person.id });
    }
    throw error;
  }
}

/** @throws AppError UNAUTHENTICATED. */
async function requirePending(ctx: Context, headers: Headers): Promise<Person> {
  const person = await pendingPerson(ctx, headers);
  if (person && (await hasSecondFactor(ctx.db, person.id))) return person;
  throw new AppError(
    'UNAUTHENTICATED',
    'begin again with your password: that was more than ten minutes ago, or elsewhere',
  );
}

/** A session of its own name, whatever the browser brought; nobody has it before it is recorded. */
export async function admit(
  ctx: Context,
  tx: Tx,
  { person, headers, by }: { person: Person; headers: Headers; by: readonly string[] },
): Promise<string[]> {
  const cookies = await openSessionIn(ctx, tx, { personId: person.id, headers });
  await recordSignIn(tx, passwordsOf(person.email), true, ctx.now());
  await writeFoldsOf(tx, person.id);
  await audit.append(tx, personActor(person), { action: 'person.sign-in', subjectId: person.id, details: { by } });
  return [pendingCookie.forget(ctx), ...cookies];
}
