import * as z from 'zod';
import { Instant } from './common';
import { ShownName } from './settings';

/** A key that somebody signs in with, kept by their device or password manager. */
export const Passkey = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  /** Its keeper has it on several devices. */
  isSynced: z.boolean(),
  /** Since when it is refused, because its authenticator counted less than before: there is a copy of it. */
  refusedAt: Instant.nullable(),
});
export type Passkey = z.infer<typeof Passkey>;

/** What a person has beside their password. */
export const SecondFactor = z.object({
  /** In the order they were made. */
  passkeys: z.array(Passkey),
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

/** JSON of WebAuthn Level 3 section 5.1.8 and 5.1.9, as browsers make and take it: what it holds is checked by what it is signed with. */
const Base64Url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(64 * 1024);
const Credential = {
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
};
const PasskeyMade = z.looseObject({
  ...Credential,
  response: z.looseObject({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
      .max(10)
      .optional(),
  }),
});
const PasskeyAnswer = z.looseObject({
  ...Credential,
  response: z.looseObject({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.optional(),
  }),
});
export const NewPasskey = z.object({ name: ShownName, response: PasskeyMade });
export const AddedPasskey = z.object({
  passkeyId: z.uuid(),
  /** Of the first second factor: shown this once. */
  recoveryCodes: z.array(z.string()).nullable(),
});
export const PasskeyRemoval = z.object({
  password: Password,
  /** Of the last second factor: a recovery code. */ code: Code.optional(),
});
export const PasskeySignIn = z.object({ response: PasskeyAnswer });
/** What `navigator.credentials` is given, as JSON. */
export const PasskeyOptions = z.looseObject({ challenge: z.string() });

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
