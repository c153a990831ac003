import 'server-only';
import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { personActor } from '../actor';
import { requirePasswordSignIn } from '../oidc/accounts';
import { recordRefusedSignIn } from '../refused-sign-ins';
import { admit } from '../second-factor/sign-in';
import { challengeCookie, requireChallenge, requireRelyingParty, useChallenge } from './challenge';
import { holderOf, keyOf } from './known';

/** What a browser looks for a passkey by: any that was registered here, of whomever. */
export async function beginPasskeySignIn(
  ctx: Context,
): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; cookie: string }> {
  requirePasswordSignIn(ctx.env);
  const { id } = requireRelyingParty(ctx);
  const options = await generateAuthenticationOptions({ rpID: id, userVerification: 'required' });
  return { options, cookie: await challengeCookie.keep(ctx, { challenge: options.challenge, personId: null }) };
}

/**
 * Signs in whoever holds a passkey and showed the authenticator that it is them, which is both factors: gives the cookies of the session. An authenticator
 * that has counted less than before was copied: its passkey is refused from then on. @throws AppError FORBIDDEN; CONFLICT.
 */
export async function signInWithPasskey(
  ctx: Context,
  given: { headers: Headers; response: AuthenticationResponseJSON },
): Promise<string[]> {
  requirePasswordSignIn(ctx.env);
  try {
    return await signIn(ctx, given);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'FORBIDDEN' || error.code === 'CONFLICT')) {
      const key = await keyOf(ctx.db, given.response.id).executeTakeFirst();
      await recordRefusedSignIn(ctx, given.headers, {
        by: 'passkey',
        refusal: 'wrong',
        personId: key?.person_id ?? null,
      });
    }
    throw error;
  }
}

async function signIn(
  ctx: Context,
  { headers, response }: { headers: Headers; response: AuthenticationResponseJSON },
): Promise<string[]> {
  const challenge = await requireChallenge(ctx, headers, null);
  const counter = await verifiedCounter(ctx, response, challenge);
  const cookies = await ctx.db.transaction().execute(async (tx) => {
    await useChallenge(ctx, tx, challenge);
    const key = await keyOf(tx, response.id).forUpdate().executeTakeFirst();
    if (!key) throw unknown();
    const { person, isDisabled } = await holderOf(tx, key.person_id);
    if (isDisabled) throw new AppError('FORBIDDEN', 'you are disabled here: ask an administrator');
    if (key.refused_at) throw unknown();
    const isCopied = (counter > 0 || key.counter > 0) && counter <= key.counter;
    if (isCopied) {
      await tx.updateTable('passkeys').set({ refused_at: ctx.now() }).where('id', '=', key.id).execute();
      const details = { passkeyId: key.id, counter, counterBefore: key.counter };
      await audit.append(tx, personActor(person), { action: 'person.refuse-passkey', subjectId: person.id, details });
      return null;
    }
    const used = { counter, last_used_at: ctx.now() };
    await tx.updateTable('passkeys').set(used).where('id', '=', key.id).execute();
    return admit(ctx, tx, { person, headers, by: ['passkey'] });
  });
  if (!cookies)
    throw new AppError(
      'FORBIDDEN',
      'this authenticator has counted less than when it was used last, so there is a copy of it: its passkey is refused from now on',
    );
  return [challengeCookie.forget(ctx), ...cookies];
}

/** How often the authenticator says it has signed, once everything it signed is right. @throws AppError FORBIDDEN. */
async function verifiedCounter(
  ctx: Context,
  response: AuthenticationResponseJSON,
  expectedChallenge: string,
): Promise<number> {
  const { id, origin } = requireRelyingParty(ctx);
  const key = await keyOf(ctx.db, response.id).executeTakeFirst();
  if (!key) throw unknown();
  const answer = await verifyAuthenticationResponse({
    response,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    // What it counted before is compared by the caller, under a lock.
    credential: { id: key.credential_id, publicKey: new Uint8Array(key.public_key), counter: 0 },
  }).catch((error: unknown) => {
    ctx.log.warn({ part: 'passkeys', err: error }, 'a passkey let nobody in');
    return null;
  });
  if (!answer?.verified) throw unknown();
  return answer.authenticationInfo.newCounter;
}

function unknown(): AppError {
  return new AppError('FORBIDDEN', 'this passkey lets nobody in here');
}
