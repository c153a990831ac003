import { createHash, createPublicKey } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Command } from 'commander';
import type { BundleCheck, Trust, TrustedKey } from '@/lib/core/statements/verify-bundle';
import { CliError } from './cli-error';
import { print, visible } from './output';

const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

type Options = { key: string[]; json?: boolean };

/** `sealtrail verify-bundle`: checks a signed statement, and that it is about the files at hand. Needs no server. */
export function verifyBundle(): Command {
  return new Command('verify-bundle')
    .description('check a Sigstore bundle that Sealtrail signed, and that it is about these files')
    .argument('<bundle>', 'the bundle, as downloaded')
    .argument('[files...]', 'the uploaded log or segments it should be about')
    .requiredOption('--key <file>', 'public key it must be signed with (PEM); several may be given', (file: string, before: string[] = []) => [...before, file])
    .option('--json', 'one line of JSON')
    .addHelpText('after', '\nExit status: 0 every step holds; 1 one does not; 2 a file cannot be read, or wrong usage.')
    .action(async (file: string, files: string[], { key, json }: Options) => {
      const { verifyBundle: check } = await import('@/lib/core/statements/verify-bundle');
      const keys = await Promise.all(key.map(readKey));
      const bundle = await readBundle(file);
      const digests = await Promise.all(files.map(async (name) => ({ name, sha256: await sha256Of(name) })));
      const trust: Trust = { keys, trustedRoot: null, identities: [], require: { logEntries: 0, timestamps: 0 } };
      const checks: (BundleCheck & { file: string | null })[] = digests.length === 0 ? [{ file: null, ...check(bundle, { trust }) }] : digests.map(({ name, sha256 }) => ({ file: name, ...check(bundle, { trust, subjectSha256: sha256 }) }));
      const ok = checks.every((one) => one.ok);
      if (json) await print(`${JSON.stringify({ bundle: file, ok, checks: checks.map(({ file: name, ok: holds, steps }) => ({ file: name, ok: holds, steps })), statement: checks[0]?.statement ?? null })}\n`);
      else await print(tell(file, checks, ok));
      process.exitCode = ok ? 0 : 1;
    });
}

async function readKey(file: string): Promise<TrustedKey> {
  const { keyFingerprint } = await import('@/lib/attest/signers/key-fingerprint');
  const pem = (await read(file)).toString('utf8');
  try {
    const publicKey = createPublicKey(pem);
    return { hint: keyFingerprint(publicKey), publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  } catch {
    throw new CliError(`${file} is no public key of the kind Sealtrail signs with: an ECDSA P-256, P-384 or Ed25519 key as PEM`);
  }
}

async function readBundle(file: string): Promise<unknown> {
  const text = (await read(file)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is no bundle: ${error instanceof Error ? error.message : 'it is no JSON'}`);
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size > MAX_BUNDLE_BYTES) throw new CliError(`${file} is larger than any bundle or key`);
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
