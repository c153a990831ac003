import { Command } from 'commander';
import type { Options } from '../verify-proof';
import { several, withTrustOptions } from './options';

/** `sealtrail verify-proof`: checks that one record was in an attested chain. Needs no server, no network and no other record. */
export function verifyProof(): Command {
  const command = new Command('verify-proof')
    .description('check the proof that one record was in an attested chain')
    .argument('<proof>', 'the .proof.json or .tlog-proof, as downloaded');
  return withTrustOptions(command)
    .option(
      '--log-key <key>',
      "verifier key of the installation's transparency log, or a file that holds it, from /tlog/log.vkey",
      several,
      [],
    )
    .option('--witness-key <key>', 'verifier key of a witness, one of which must have cosigned the log', several, [])
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nAt least --key or --log-key.\nExit status: 0 every step holds; 1 one does not; 2 the file cannot be read, or wrong usage.',
    )
    .action(async (file: string, options: Options) => (await import('../verify-proof')).verifyProof(file, options));
}
