import 'server-only';
import { randomInt } from 'node:crypto';
import type { Tx } from '../../db/database';
import { sha256 } from '../../crypto/sha256';

const COUNT = 10;
/** Without those that are taken for one another. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
/** Four times four signs of 31: 79 bits, so that their SHA-256 tells nobody what they are. */
const GROUPS = 4;
const GROUP = 4;

/**
 * Makes ten codes in place of those there were. Their texts are in the answer and nowhere else; `sha256` is of their digests in order, a line each, by which
 * the action says which they are.
 */
export async function replaceRecoveryCodes(
  tx: Tx,
  personId: string,
  now: Date,
): Promise<{ codes: string[]; sha256: string }> {
  const codes = Array.from({ length: COUNT }, newCode);
  await tx.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  await tx
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ person_id: personId, code_sha256: digestOf(code), created_at: now, used_at: null })))
    .execute();
  return {
    codes,
    sha256: sha256(
      codes
        .map((code) => `${digestOf(code)}\n`)
        .toSorted()
        .join(''),
    ),
  };
}

/** Uses a code up; whether it was one that is good still. */
export async function useRecoveryCode(tx: Tx, personId: string, code: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('person_id', '=', personId)
    .where('code_sha256', '=', digestOf(code))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function newCode(): string {
  const group = () => Array.from({ length: GROUP }, () => SIGNS[randomInt(SIGNS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** However it is typed. */
function digestOf(code: string): string {
  return sha256(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}
