import { Command, CommanderError } from 'commander';
import { AppError } from '@/lib/core/errors';
import { attest } from './cli/attest';
import { CliError } from './cli/cli-error';
import { formats } from './cli/formats';
import { fsck } from './cli/fsck';
import { inspect } from './cli/inspect';
import { complain, endWithReader } from './cli/output';
import { repair } from './cli/repair';
import { tail } from './cli/tail';
import { token } from './cli/token';
import { verify } from './cli/verify';
import { verifyBundle } from './cli/verify-bundle';
import { verifyProof } from './cli/verify-proof';

/** Every command, in the order help shows them. One file each in workers/cli/. */
const COMMANDS: readonly (() => Command)[] = [verify, attest, inspect, repair, formats, token, fsck, tail, verifyBundle, verifyProof];

/** Exit status of wrong usage, and when the work could not be done. */
const COULD_NOT = 2;

endWithReader();

const program = new Command('sealtrail').description('Verification, triage and signed attestation of AI-agent audit logs').exitOverride();
for (const command of COMMANDS) program.addCommand(inherit(command()));

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT;
  else if (error instanceof AppError || error instanceof CliError) {
    complain(error.message);
    process.exitCode = COULD_NOT;
  } else throw error;
}

/** Wrong usage of a subcommand is reported through the same exit status. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const sub of command.commands) inherit(sub);
  return command;
}
