import { createHash, createPublicKey } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Command } from 'commander';
import type { BundleCheck, Identity, Trust, TrustedKey } from '@/lib/core/statements/verify-bundle';
import { CliError } from './cli-error';
import { print, visible } from './output';

const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

type Options = {
  key: string[];
  trustedRoot?: string;
  certificateIdentity?: string;
  certificateIdentityRegexp?: string;
  certificateOidcIssuer?: string;
  certificateOidcIssuerRegexp?: string;
  requireLog?: true;
  requireTimestamp?: true;
  json?: true;
};

/** `sealtrail verify-bundle`: checks a signed statement, and that it is about the files at hand. Needs no server and no network. */
export function verifyBundle(): Command {
  return new Command('verify-bundle')
    .description('check a Sigstore bundle, of Sealtrail or of another tool, and that it is about these files')
    .argument('<bundle>', 'the bundle, as downloaded')
    .argument('[files...]', 'the uploaded log or segments it should be about')
    .option('--key <file>', 'public key it must be signed with (PEM); several may be given', (file: string, before: string[]) => [...before, file], [])
    .option('--trusted-root <file>', 'trusted_root.json: who issues certificates, keeps logs and signs times')
    .option('--certificate-identity <name>', 'mail address or URI its certificate must be issued to')
    .option('--certificate-identity-regexp <pattern>', 'the same as a pattern, which must match all of it')
    .option('--certificate-oidc-issuer <url>', 'issuer that must have vouched for the identity')
    .option('--certificate-oidc-issuer-regexp <pattern>', 'the same as a pattern, which must match all of it')
    .option('--require-log', 'it must be in a transparency log of the trusted root')
    .option('--require-timestamp', 'it must carry a timestamp by an authority of the trusted root')
    .option('--json', 'one line of JSON')
    .addHelpText('after', '\nAt least --key, or --trusted-root with an identity and an issuer.\nExit status: 0 every step holds; 1 one does not; 2 a file cannot be read, or wrong usage.')
    .action(async (file: string, files: string[], options: Options) => {
      const { verifyBundle: check } = await import('@/lib/core/statements/verify-bundle');
      const trust = await readTrust(options);
      const bundle = await readJson(file, 'bundle');
      const digests = await Promise.all(files.map(async (name) => ({ name, sha256: await sha256Of(name) })));
      const checks: (BundleCheck & { file: string | null })[] = digests.length === 0 ? [{ file: null, ...check(bundle, { trust }) }] : digests.map(({ name, sha256 }) => ({ file: name, ...check(bundle, { trust, subjectSha256: sha256 }) }));
      // Whoever an authority vouches for is not whom one trusts by naming a key.
      if (trust.identities.length === 0 && checks[0]?.signedBy?.kind === 'certificate') throw new CliError(`${file} is signed under a certificate: say whose it must be with --certificate-identity and --certificate-oidc-issuer`);
      const ok = checks.every((one) => one.ok);
      if (options.json) await print(`${JSON.stringify({ bundle: file, ok, signedBy: checks[0]?.signedBy ?? null, times: checks[0]?.times ?? [], logEntries: checks[0]?.logEntries ?? [], checks: checks.map(({ file: name, ok: holds, steps }) => ({ file: name, ok: holds, steps })), statement: checks[0]?.statement ?? null })}\n`);
      else await print(tell(file, checks, ok));
      process.exitCode = ok ? 0 : 1;
    });
}

async function readTrust(options: Options): Promise<Trust> {
  const subject = nameOf(options.certificateIdentity, options.certificateIdentityRegexp, '--certificate-identity');
  const issuer = nameOf(options.certificateOidcIssuer, options.certificateOidcIssuerRegexp, '--certificate-oidc-issuer');
  if ((subject === null) !== (issuer === null)) throw new CliError('an identity is only worth as much as who vouched for it: --certificate-identity and --certificate-oidc-issuer go together');
  const identities: Identity[] = subject !== null && issuer !== null ? [{ subject, issuer }] : [];
  if (options.key.length === 0 && (!options.trustedRoot || identities.length === 0)) throw new CliError('say whom to trust: --key, or --trusted-root with --certificate-identity and --certificate-oidc-issuer');
  for (const [asked, name] of [[identities.length > 0, '--certificate-identity'], [options.requireLog, '--require-log'], [options.requireTimestamp, '--require-timestamp']] as const) {
    if (asked && !options.trustedRoot) throw new CliError(`${name} needs --trusted-root, by which it is checked`);
  }
  return {
    keys: await Promise.all(options.key.map(readKey)),
    trustedRoot: options.trustedRoot ? await readJson(options.trustedRoot, 'trusted root') : null,
    identities,
    require: { logEntries: options.requireLog ? 1 : 0, timestamps: options.requireTimestamp ? 1 : 0 },
  };
}

function nameOf(exact: string | undefined, pattern: string | undefined, option: string): string | RegExp | null {
  if (exact !== undefined && pattern !== undefined) throw new CliError(`${option} and ${option}-regexp say the same thing twice`);
  if (pattern === undefined) return exact ?? null;
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new CliError(`${option}-regexp is no pattern: ${error instanceof Error ? error.message : ''}`);
  }
}

async function readKey(file: string): Promise<TrustedKey> {
  const { keyFingerprint } = await import('@/lib/attest/signers/key-fingerprint');
  const pem = (await read(file)).toString('utf8');
  try {
    const publicKey = createPublicKey(pem);
    return { hint: keyFingerprint(publicKey), publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  } catch {
    throw new CliError(`${file} is no public key to check signatures with: an ECDSA P-256, ECDSA P-384 or Ed25519 key as PEM`);
  }
}

async function readJson(file: string, what: string): Promise<unknown> {
  const text = (await read(file)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is no ${what}: ${error instanceof Error ? error.message : 'it is no JSON'}`);
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size > MAX_BUNDLE_BYTES) throw new CliError(`${file} is larger than any bundle, key or root`);
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer); // a byte stream without encoding yields Buffers
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

function unreadable(file: string, error: unknown): Error {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return new CliError(`${file} cannot be read: ${error.code}`);
  return error instanceof Error ? error : new Error(String(error));
}

/** The steps all files share are told once. */
function tell(file: string, checks: readonly (BundleCheck & { file: string | null })[], ok: boolean): string {
  const lines = [`${visible(file)}  ${ok ? 'holds' : 'does not hold'}`];
  for (const { id, ok: holds, title, detail } of checks[0]?.steps ?? []) if (id !== 'subject') lines.push(`  ${holds ? 'ok  ' : 'FAIL'}  ${title}: ${visible(detail)}`);
  for (const { file: name, steps } of checks) {
    const subject = steps.find(({ id }) => id === 'subject');
    if (subject && name) lines.push(`  ${subject.ok ? 'ok  ' : 'FAIL'}  ${visible(name)}: ${visible(subject.detail)}`);
  }
  return `${lines.join('\n')}\n`;
}
