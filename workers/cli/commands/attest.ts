import { Command } from 'commander';
import type { Options } from '../attest';
import { CliError } from '../cli-error';
import { formatOption, several, threadsOption } from './options';

/** `sealtrail attest`: checks a log and signs what came of it, for pipelines. Needs no server. */
export function attest(): Command {
  return new Command('attest')
    .description('check a log and sign a statement of what came of it: a Sigstore bundle beside the log')
    .argument('<log>', 'the log as it lies, one file')
    .option(
      '--key <file>',
      'private key to sign with: ECDSA P-256 or Ed25519, PEM; SEALTRAIL_KEY_PASSWORD when it is encrypted',
    )
    .option(
      '--keyless',
      'sign with a certificate for the identity this job has (GitHub Actions, SIGSTORE_ID_TOKEN or --identity-token)',
    )
    .option('--identity-token <file>', 'with --keyless: file that holds the identity token')
    .option(
      '--signing-config <file>',
      'with --keyless: the services of a private instance (signing_config.json); public Sigstore without it',
    )
    .option('--trusted-root <file>', 'trusted_root.json by which what services answer is checked')
    .option('--tsa <url>', 'have an RFC 3161 authority timestamp the signature; needs --trusted-root')
    .option(
      '--also <predicate>',
      'a further statement for policy engines: vsa or svr; can be given more than once',
      several,
      [],
    )
    .option(
      '--verifier <uri>',
      'with --also: who verified, a URI consumers know you by',
      uri('--verifier'),
      'https://sealtrail.dev/cli',
    )
    .option(
      '--resource-uri <uri>',
      'with --also vsa: where consumers fetch the log (default: file:<name>)',
      uri('--resource-uri'),
    )
    .option('--out <file>', 'where the bundle goes (default: <log>.sigstore.json)')
    .option('--statement', 'print the statement and sign nothing')
    .option('--json', 'one line of JSON')
    .addOption(formatOption())
    .addOption(threadsOption())
    .addHelpText(
      'after',
      '\nA log that does not hold is attested as one that does not. Exit status: 0 it holds; 1 it is tampered, forked, truncated or has a gap; 2 it is corrupt or unchained, could not be read or signed, or wrong usage.',
    )
    .action(async (file: string, options: Options) => (await import('../attest')).attest(file, options));
}

function uri(option: string): (value: string) => string {
  return (value) => {
    if (!URL.canParse(value)) throw new CliError(`${option} takes a URI, not ${value}`);
    return value;
  };
}
