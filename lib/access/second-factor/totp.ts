import 'server-only';
import { timingSafeEqual } from 'node:crypto';
import { createOTP } from '@better-auth/utils/otp';
import { generateRandomString } from 'better-auth/crypto';

// RFC 6238 with what every authenticator app takes: SHA-1, six digits, steps of 30 s.
const STEP_MS = 30_000;
/** Steps that a clock may be off, each way. */
const SKEW = 1;
/** Of 62 signs each: 142 bits, where RFC 4226 section 4 asks for 128. */
const SECRET_LENGTH = 24;

export function newSecret(): string {
  return generateRandomString(SECRET_LENGTH, 'a-z', 'A-Z', '0-9');
}

/** What the QR code says: an `otpauth` URI. Its `secret` is base32. */
export function totpUri(secret: string, { issuer, email }: { issuer: string; email: string }): string {
  return createOTP(secret).url(issuer, email);
}

/**
 * The step a code is of, at `now` and one step either way; null for a code that is none of them, or of a step that is not later than `after`: RFC 6238
 * section 5.2 has each taken once.
 */
export async function stepOf(
  secret: string,
  code: string,
  { now, after }: { now: Date; after: number },
): Promise<number | null> {
  const here = Math.floor(now.getTime() / STEP_MS);
  let found: number | null = null;
  for (let step = here - SKEW; step <= here + SKEW; step += 1) {
    const isRight = sameText(await createOTP(secret).hotp(step), code);
    if (isRight && step > after) found ??= step;
  }
  return found;
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
