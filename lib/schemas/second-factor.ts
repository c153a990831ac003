import * as z from 'zod';
import { Instant } from './common';

/** What a person has beside their password. */
export const SecondFactor = z.object({
  /** Since when they have an authenticator app; null for none. */
  appSince: Instant.nullable(),
  /** Good still; each is good once. */
  recoveryCodesLeft: z.number().int(),
  /** Everybody who signs in by a password has to have one. */
  isRequired: z.boolean(),
  /** When an administrator took it away last, and who; null when none ever did. */
  reset: z.object({ at: Instant, by: z.string() }).nullable(),
});
export type SecondFactor = z.infer<typeof SecondFactor>;

const Password = z.string().min(1).max(128);
const Code = z.string().trim().min(1).max(40);
export const NewApp = z.object({ password: Password });
export const StartedApp = z.object({
  /** For a QR code: an `otpauth` URI. */
  uri: z.string(),
  /** The same secret to be typed, in base32. Both are shown this once. */
  secret: z.string(),
});
export type StartedApp = z.infer<typeof StartedApp>;
export const AppCode = z.object({ /** Six digits. */ code: Code });
export const PasswordAndCode = z.object({
  password: Password,
  /** Of the app, or a recovery code where one does. */ code: Code,
});
export const RecoveryCodes = z.object({
  /** Shown this once; each is good once. */ recoveryCodes: z.array(z.string()),
});

export const AccessPolicyChange = z.strictObject({ requiresSecondFactor: z.boolean() });
export const AccessPolicy = z.object({
  /** Everybody who signs in by a password has to set up a second factor before anything else. */
  requiresSecondFactor: z.boolean(),
  changedBy: z.string().nullable(),
  changedAt: Instant.nullable(),
});
export type AccessPolicy = z.infer<typeof AccessPolicy>;

export const ResetSecondFactor = z.object({
  /** Whether they were told by mail; `none` where no mail server is stated. */
  mail: z.enum(['sent', 'failed', 'none']),
  /** Why mail failed. */
  mailFailure: z.string().nullable(),
});
