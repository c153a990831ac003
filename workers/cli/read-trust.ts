import { createPublicKey } from 'node:crypto';
import * as z from 'zod';
import type { Identity, Trust, TrustedKey } from '@/lib/core/statements/verify-bundle';
import { CliError } from './cli-error';
import { readText } from './read-text';

/** Whom to trust for a bundle, as it is asked for on the command line. */
export type TrustOptions = {
  key: string[];
  trustedRoot?: string;
  certificateIdentity?: string;
  certificateIdentityRegexp?: string;
  certificateOidcIssuer?: string;
  certificateOidcIssuerRegexp?: string;
  requireLog?: true;
  requireTimestamp?: true;
};

/** Whether the options name anybody to trust. */
export function trustsSomebody({
  key,
  trustedRoot,
  certificateIdentity,
  certificateIdentityRegexp,
}: TrustOptions): boolean {
  return (
    key.length > 0 ||
    [trustedRoot, certificateIdentity, certificateIdentityRegexp].some((option) => option !== undefined)
  );
}

/** @throws CliError when the options trust nobody, or contradict each other. */
export async function readTrust(options: TrustOptions): Promise<Trust> {
  const subject = nameOf(options.certificateIdentity, options.certificateIdentityRegexp, '--certificate-identity');
  const issuer = nameOf(
    options.certificateOidcIssuer,
    options.certificateOidcIssuerRegexp,
    '--certificate-oidc-issuer',
  );
  if ((subject === null) !== (issuer === null))
    throw new CliError(
      'an identity is only worth as much as who vouched for it: --certificate-identity and --certificate-oidc-issuer go together',
    );
  const identities: Identity[] = subject !== null && issuer !== null ? [{ subject, issuer }] : [];
  if (options.key.length === 0 && (!options.trustedRoot || identities.length === 0))
    throw new CliError(
      'say whom to trust: --key, or --trusted-root with --certificate-identity and --certificate-oidc-issuer',
    );
  for (const [requested, name] of [
    [identities.length > 0, '--certificate-identity'],
    [options.requireLog, '--require-log'],
    [options.requireTimestamp, '--require-timestamp'],
  ] as const) {
    if (requested && !options.trustedRoot) throw new CliError(`${name} needs --trusted-root, by which it is checked`);
  }
  return {
    keys: (await Promise.all(options.key.map(readKeys))).flat(),
    trustedRoot: options.trustedRoot ? await readJson(options.trustedRoot, 'trusted root') : null,
    identities,
    require: { logEntries: options.requireLog ? 1 : 0, timestamps: options.requireTimestamp ? 1 : 0 },
  };
}

function nameOf(exact: string | undefined, pattern: string | undefined, option: string): string | RegExp | null {
  if (exact !== undefined && pattern !== undefined)
    throw new CliError(`${option} and ${option}-regexp say the same thing twice`);
  if (pattern === undefined) return exact ?? null;
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new CliError(`${option}-regexp is no pattern: ${error instanceof Error ? error.message : ''}`);
  }
}

/** As `GET /api/v1/signing-keys` answers, and `keys/keys.json` of a package: each with when it was taken out of use. */
const KeyList = z.object({
  items: z.array(z.object({ publicKeyPem: z.string(), retiredAt: z.iso.datetime({ offset: true }).nullable() })),
});

async function readKeys(file: string): Promise<TrustedKey[]> {
  const { keyFingerprint } = await import('@/lib/attest/signers/key-fingerprint');
  const text = await readText(file);
  const key = (pem: string): TrustedKey => {
    const publicKey = createPublicKey(pem);
    return {
      hint: keyFingerprint(publicKey),
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
  };
  try {
    if (!text.trimStart().startsWith('{')) return [key(text)];
    return KeyList.parse(JSON.parse(text)).items.map(({ publicKeyPem, retiredAt }) => ({
      ...key(publicKeyPem),
      validUntil: retiredAt,
    }));
  } catch {
    throw new CliError(
      `${file} is no public key to check signatures with: an ECDSA P-256, ECDSA P-384 or Ed25519 key as PEM, or the list of keys a Sealtrail publishes`,
    );
  }
}

async function readJson(file: string, what: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is no ${what}: ${error instanceof Error ? error.message : 'it is no JSON'}`);
  }
}
