import 'server-only';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { parsePkcs11Uri } from '../attest/signers/pkcs11/uri';
import { AppError } from '../core/errors';

const File = z
  .string()
  .refine((file) => existsSync(file), 'names a file that does not exist')
  .transform((file) => path.resolve(file));
const JsonFile = File.refine(isJsonObject, 'names a file that holds no JSON object');
const ServiceUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/$/, ''));
const PROOFS = ['log', 'timestamp'] as const;

/** What an empty variable means is that it is not set: compose files and charts cannot leave one out. */
const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Variables that say how statements are signed. Specified in docs/signing.md. */
export const SIGNING_VARIABLES = {
  SEALTRAIL_SIGNER: z
    .string()
    .default('local')
    .refine(
      (signer) => signer === 'local' || signer === 'keyless' || signer.startsWith('pkcs11:'),
      'must be local, keyless or a pkcs11: URI',
    ),
  SEALTRAIL_SIGNING_KEY: z.enum(['p256', 'ed25519']).default('p256'),
  SEALTRAIL_IDENTITY_TOKEN_FILE: given(z.string()),
  SIGSTORE_ID_TOKEN: given(z.string()),
  ACTIONS_ID_TOKEN_REQUEST_URL: given(ServiceUrl),
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: given(z.string()),
  SEALTRAIL_SIGNING_CONFIG: given(JsonFile),
  SEALTRAIL_TRUSTED_ROOT: given(JsonFile),
  SEALTRAIL_TUF_MIRROR: given(ServiceUrl),
  SEALTRAIL_TUF_ROOT: given(JsonFile),
  SEALTRAIL_TSA_URL: given(z.url({ protocol: /^https?$/ })),
  SEALTRAIL_REKOR_URL: given(ServiceUrl),
  SEALTRAIL_REKOR_VERSION: given(z.enum(['1', '2'])),
  SEALTRAIL_REQUIRE: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    )
    .pipe(z.array(z.enum(PROOFS, 'must be a list of log and timestamp, separated by commas'))),
};
const Variables = z.object(SIGNING_VARIABLES);
type Variables = z.output<typeof Variables>;
type Variable = keyof Variables;

/** What does not fit together, told under the variable that asks for it. */
export function checkSigning(env: Variables, refuse: (variable: Variable, message: string) => void): void {
  const keyless = env.SEALTRAIL_SIGNER === 'keyless';
  const trust = env.SEALTRAIL_TRUSTED_ROOT ?? env.SEALTRAIL_TUF_MIRROR;
  if (env.SEALTRAIL_SIGNER.startsWith('pkcs11:'))
    checkToken(env.SEALTRAIL_SIGNER, (message) => refuse('SEALTRAIL_SIGNER', message));
  if (keyless && !env.SEALTRAIL_IDENTITY_TOKEN_FILE && !env.SIGSTORE_ID_TOKEN && !env.ACTIONS_ID_TOKEN_REQUEST_URL) {
    refuse(
      'SEALTRAIL_SIGNER',
      'keyless needs an identity token: SEALTRAIL_IDENTITY_TOKEN_FILE, SIGSTORE_ID_TOKEN, or a GitHub Actions job with `id-token: write`',
    );
  }
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && keyless && !env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    refuse('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'is missing while ACTIONS_ID_TOKEN_REQUEST_URL is set');
  if (env.SEALTRAIL_TUF_MIRROR && env.SEALTRAIL_TRUSTED_ROOT)
    refuse('SEALTRAIL_TUF_MIRROR', 'gives a trusted root, as SEALTRAIL_TRUSTED_ROOT does: set one of them');
  if (env.SEALTRAIL_TUF_ROOT && !env.SEALTRAIL_TUF_MIRROR)
    refuse('SEALTRAIL_TUF_ROOT', 'is of use only with SEALTRAIL_TUF_MIRROR');
  if (keyless && env.SEALTRAIL_SIGNING_CONFIG && !trust)
    refuse(
      'SEALTRAIL_SIGNING_CONFIG',
      'needs SEALTRAIL_TRUSTED_ROOT or SEALTRAIL_TUF_MIRROR, by which what its services answer is checked',
    );
  if (keyless && env.SEALTRAIL_TRUSTED_ROOT && !env.SEALTRAIL_SIGNING_CONFIG)
    refuse('SEALTRAIL_TRUSTED_ROOT', 'needs SEALTRAIL_SIGNING_CONFIG, which names the services it is the root of');
  if (!keyless && env.SEALTRAIL_SIGNING_CONFIG)
    refuse(
      'SEALTRAIL_SIGNING_CONFIG',
      'is of use only with SEALTRAIL_SIGNER=keyless; a key is given its services by SEALTRAIL_TSA_URL and SEALTRAIL_REKOR_URL',
    );
  for (const name of ['SEALTRAIL_TSA_URL', 'SEALTRAIL_REKOR_URL'] as const) {
    if (env[name] && !keyless && !trust)
      refuse(name, 'needs SEALTRAIL_TRUSTED_ROOT or SEALTRAIL_TUF_MIRROR, by which what it answers is checked');
  }
  if (env.SEALTRAIL_REKOR_VERSION && !env.SEALTRAIL_REKOR_URL)
    refuse('SEALTRAIL_REKOR_VERSION', 'is of use only with SEALTRAIL_REKOR_URL');
  if (
    env.SEALTRAIL_REKOR_VERSION === '2' &&
    env.SEALTRAIL_SIGNER === 'local' &&
    env.SEALTRAIL_SIGNING_KEY === 'ed25519'
  ) {
    refuse(
      'SEALTRAIL_SIGNING_KEY',
      'ed25519 signatures cannot be put into Rekor 2, which takes signatures over a digest only: use p256, or Rekor 1',
    );
  }
  if (!keyless && env.SEALTRAIL_REQUIRE.includes('log') && !env.SEALTRAIL_REKOR_URL)
    refuse('SEALTRAIL_REQUIRE', 'asks for a log entry, and SEALTRAIL_REKOR_URL names no log');
  if (!keyless && env.SEALTRAIL_REQUIRE.includes('timestamp') && !env.SEALTRAIL_TSA_URL)
    refuse('SEALTRAIL_REQUIRE', 'asks for a timestamp, and SEALTRAIL_TSA_URL names no authority');
}

function checkToken(text: string, refuse: (message: string) => void): void {
  try {
    const { modulePath, pinFile } = parsePkcs11Uri(text);
    if (!existsSync(modulePath)) refuse(`names a library that does not exist: ${modulePath}`);
    if (pinFile !== null && !existsSync(pinFile)) refuse(`names a PIN file that does not exist: ${pinFile}`);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

/** How statements are signed. */
export function signingOf(env: Variables) {
  return {
    signer: env.SEALTRAIL_SIGNER,
    keyKind: env.SEALTRAIL_SIGNING_KEY,
    token: {
      file: env.SEALTRAIL_IDENTITY_TOKEN_FILE ?? null,
      value: env.SIGSTORE_ID_TOKEN ?? null,
      actions:
        env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN
          ? { url: env.ACTIONS_ID_TOKEN_REQUEST_URL, bearer: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN }
          : null,
    },
    signingConfigFile: env.SEALTRAIL_SIGNING_CONFIG ?? null,
    trustedRootFile: env.SEALTRAIL_TRUSTED_ROOT ?? null,
    tuf: env.SEALTRAIL_TUF_MIRROR
      ? { mirrorUrl: env.SEALTRAIL_TUF_MIRROR, rootFile: env.SEALTRAIL_TUF_ROOT ?? null }
      : null,
    tsaUrl: env.SEALTRAIL_TSA_URL ?? null,
    rekor: env.SEALTRAIL_REKOR_URL
      ? { url: env.SEALTRAIL_REKOR_URL, version: env.SEALTRAIL_REKOR_VERSION === '2' ? (2 as const) : (1 as const) }
      : null,
    /** What each bundle must carry at least, or it is not given out. */
    require: {
      logEntries: env.SEALTRAIL_REQUIRE.includes('log') ? 1 : 0,
      timestamps: env.SEALTRAIL_REQUIRE.includes('timestamp') ? 1 : 0,
    },
  };
}

/** The same from any environment, where nothing else of an installation is set up. @throws AppError BAD_REQUEST that names every wrong variable. */
export function readSigning(source: NodeJS.ProcessEnv): ReturnType<typeof signingOf> {
  const parsed = Variables.superRefine((env, check) =>
    checkSigning(env, (variable, message) => check.addIssue({ code: 'custom', path: [variable], message })),
  ).safeParse(source);
  if (parsed.success) return signingOf(parsed.data);
  throw new AppError(
    'BAD_REQUEST',
    parsed.error.issues.map(({ path: [variable], message }) => `${String(variable)}: ${message}`).join('; '),
  );
}

function isJsonObject(file: string): boolean {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
