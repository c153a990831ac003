import { Command } from 'commander';
import type { Options } from '../verify-bundle';
import { withTrustOptions } from './options';

/** `sealtrail verify-bundle`: checks a signed statement, and that it is about the files at hand. Needs no server and no network. */
export function verifyBundle(): Command {
  const command = new Command('verify-bundle')
    .description('check a Sigstore bundle, of Sealtrail or of another tool, and that it is about these files')
    .argument('<bundle>', 'the bundle, as downloaded; several, as a JSON list or one a line, are checked one by one')
    .argument('[files...]', 'the uploaded log or segments it should be about');
  return withTrustOptions(command)
    .option('--json', 'one line of JSON a bundle')
    .addHelpText(
      'after',
      '\nAt least --key, or --trusted-root with an identity and an issuer.\nA log that a summary, a verification result or a test result passes is walked again: it has to hold. Of several bundles in one file each has to hold, and one has to be about each file.\nExit status: 0 every step holds; 1 one does not; 2 a file cannot be read, or wrong usage.',
    )
    .action(async (file: string, files: string[], options: Options) =>
      (await import('../verify-bundle')).verifyBundles(file, files, options),
    );
}
