import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Command } from 'commander';
import type { BundleCheck } from '@/lib/core/statements/verify-bundle';
import { CliError } from './cli-error';
import { print, visible } from './output';
import { type TrustOptions, readJson, readTrust, unreadable, withTrustOptions } from './trust-options';

type Options = TrustOptions & { json?: true };

/** `sealtrail verify-bundle`: checks a signed statement, and that it is about the files at hand. Needs no server and no network. */
export function verifyBundle(): Command {
  const command = new Command('verify-bundle')
    .description('check a Sigstore bundle, of Sealtrail or of another tool, and that it is about these files')
    .argument('<bundle>', 'the bundle, as downloaded')
    .argument('[files...]', 'the uploaded log or segments it should be about');
  return withTrustOptions(command)
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

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer); // a byte stream without encoding yields Buffers
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
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
