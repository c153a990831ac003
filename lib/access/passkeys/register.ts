import 'server-only';
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  generateRegistrationOptions,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { Actor } from '../actor';
import { sha256 } from '../../crypto/sha256';
import { requireOwnPassword } from '../require-own-password';
import { replaceRecoveryCodes } from '../second-factor/recovery-codes';
import { hasSecondFactor } from '../second-factor/standing';
import { challengeCookie, requireChallenge, requireRelyingParty, useChallenge } from './challenge';

/** ES256, EdDSA and RS256 of COSE: what passkeys are made with. */
const ALGORITHMS = [-7, -8, -257];
const MOST_OF_ONE = 20;

/** What a browser makes a passkey by, and the line that has it keep what it is asked. @throws AppError FORBIDDEN and BUSY of the password; CONFLICT. */
export async function beginPasskey(
  ctx: Context,
  { actor, password }: { actor: Actor; password: string },
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; cookie: string }> {
  const { id } = requireRelyingParty(ctx);
  await requireOwnPassword(ctx, { personId: actor.id, email: actor.name, password });
  const known = await ctx.db
    .selectFrom('passkeys')
    .select(['credential_id', 'transports'])
    .where('person_id', '=', actor.id)
    .execute();
  if (known.length >= MOST_OF_ONE) throw new AppError('CONFLICT', `somebody has at most ${MOST_OF_ONE} passkeys`);
  const options = await generateRegistrationOptions({
    rpID: id,
    rpName: 'Sealtrail',
    userID: new TextEncoder().encode(actor.id),
    userName: actor.name,
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map((row) => ({ id: row.credential_id, transports: row.transports })),
  });
  return {
    options,
    cookie: await challengeCookie.keep(ctx, { challenge: options.challenge, personId: actor.id }),
  };
}

/**
 * Keeps the passkey a browser made: from here on a password alone does not do. With the first second factor of a person every other session of theirs
 * ends, and ten recovery codes are made. @throws AppError FORBIDDEN for what does not answer what this browser was asked; CONFLICT for one that is known.
 */
export async function addPasskey(
  ctx: Context,
  {
    actor,
    name,
    response,
    headers,
    sessionId,
  }: { actor: Actor; name: string; response: RegistrationResponseJSON; headers: Headers; sessionId: string | null },
): Promise<{ passkeyId: string; recoveryCodes: string[] | null }> {
  const challenge = await requireChallenge(ctx, headers, actor.id);
  const made = await verified(ctx, response, challenge);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'second-factor', actor.id);
    await useChallenge(ctx, tx, challenge);
    const isFirst = !(await hasSecondFactor(tx, actor.id));
    const row = await tx
      .insertInto('passkeys')
      .values({
        credential_id: made.credential.id,
        person_id: actor.id,
        name,
        public_key: Buffer.from(made.credential.publicKey),
        counter: made.credential.counter,
        transports: made.credential.transports ?? [],
        is_backed_up: made.credentialBackedUp,
        created_at: ctx.now(),
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new AppError('CONFLICT', 'this passkey is registered already');
    if (isFirst)
      await tx
        .deleteFrom('session')
        .where('userId', '=', actor.id)
        .$if(sessionId !== null, (query) => query.where('id', '!=', sessionId ?? ''))
        .execute();
    const recovery = isFirst ? await replaceRecoveryCodes(tx, actor.id, ctx.now()) : null;
    await audit.append(tx, actor, {
      action: 'person.add-second-factor',
      subjectId: actor.id,
      details: {
        kind: 'passkey',
        passkeyId: row.id,
        credentialSha256: sha256(made.credential.id),
        publicKeySha256: ctx.hasher.sha256(made.credential.publicKey),
        codesSha256: recovery?.sha256 ?? null,
      },
    });
    return { passkeyId: row.id, recoveryCodes: recovery?.codes ?? null };
  });
}

async function verified(ctx: Context, response: RegistrationResponseJSON, expectedChallenge: string) {
  const { id, origin } = requireRelyingParty(ctx);
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    // What a browser sent is not what it was asked for; which of the checks failed is for the log.
    ctx.log.warn({ part: 'passkeys', err: error }, 'a passkey was not registered');
    return { registrationInfo: undefined };
  });
  if (!registrationInfo)
    throw new AppError('FORBIDDEN', 'what the browser made is not what it was asked for: begin again', { origin });
  return registrationInfo;
}
