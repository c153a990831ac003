import 'server-only';
import { dictionary } from '@zxcvbn-ts/language-common';
import { AppError } from '../core/errors';
import { MIN_PASSWORD_LENGTH } from '../schemas/password-length';

const common = new Set(dictionary['passwords-common'].map((password) => String(password)));

/**
 * Why a password is not taken, after NIST SP 800-63B-4 section 3.1.1.2: at least 15 characters where it is all that is asked for, none of
 * those everybody tries, and not what everybody knows of its owner. No rules on kinds of characters, and no end of its life. Null when it is taken.
 */
export function passwordFault(password: string, { email, name }: { email: string; name: string }): string | null {
  if ([...password].length < MIN_PASSWORD_LENGTH)
    return `a password has at least ${MIN_PASSWORD_LENGTH} characters; several words with spaces are easy to remember`;
  const plain = password.toLowerCase();
  const bare = plain.replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (common.has(plain) || common.has(bare)) return 'this password is among those that are tried first; choose another';
  if (/^(.{1,4}?)\1+$/u.test(plain)) return 'this password repeats a few characters; choose another';
  const known = ['sealtrail', email.toLowerCase(), email.toLowerCase().split('@')[0] ?? '', name.toLowerCase()].filter(
    (word) => word.length >= 4,
  );
  const rest = known.reduce((left, word) => left.replaceAll(word, ''), plain);
  return [...rest].length < 8
    ? 'this password is made of your name, your address or the name of this program; choose another'
    : null;
}

/** @throws AppError BAD_REQUEST. */
export function requirePassword(password: string, person: { email: string; name: string }): void {
  const fault = passwordFault(password, person);
  if (fault) throw new AppError('BAD_REQUEST', fault, { field: 'password' });
}
