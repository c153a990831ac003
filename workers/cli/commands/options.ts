import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { KNOWN_FORMATS } from '@/lib/core/known.browser';

// Options of several commands. What declares a command loads nothing of what it does.

export const formatOption = () =>
  new Option('--format <format>', 'take the logs for this format instead of recognising it').choices(
    KNOWN_FORMATS.map(({ id }) => id),
  );

export const threadsOption = () =>
  new Option('--threads <count>', 'threads to check with')
    .default(availableParallelism(), 'one a core')
    .argParser(readThreads);

export const passphraseOption = () =>
  new Option(
    '--passphrase-file <file>',
    'a file with the passphrase that encrypts the backup; or SEALTRAIL_BACKUP_PASSPHRASE',
  );

export function withTrustOptions(command: Command): Command {
  return command
    .option(
      '--key <file>',
      'public key it must be signed with (PEM), or the list of keys a Sealtrail publishes, in use or not; several may be given',
      several,
      [],
    )
    .option('--trusted-root <file>', 'trusted_root.json: who issues certificates, keeps logs and signs times')
    .option('--certificate-identity <name>', 'mail address or URI its certificate must be issued to')
    .option('--certificate-identity-regexp <pattern>', 'the same as a pattern, which must match all of it')
    .option('--certificate-oidc-issuer <url>', 'issuer that must have vouched for the identity')
    .option('--certificate-oidc-issuer-regexp <pattern>', 'the same as a pattern, which must match all of it')
    .option('--require-log', 'it must be in a transparency log of the trusted root')
    .option('--require-timestamp', 'it must carry a timestamp by an authority of the trusted root');
}

/** Collects an option that can be given more than once. */
export function several(value: string, before: string[]): string[] {
  return [...before, value];
}

function readThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads;
  throw new InvalidArgumentError('It is a number from 1 to 256.');
}
