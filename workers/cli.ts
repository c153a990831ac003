import { Command, CommanderError } from 'commander';
import { AppError } from '@/lib/core/errors';
import { CliError } from './cli/installation';
import { token } from './cli/token';

/** Every command, in the order help shows them. One file each in workers/cli/. */
const COMMANDS: readonly (() => Command)[] = [token];

/** Exit status when the work could not be done; 0, 1 and 2 speak of a chain. */
const COULD_NOT = 3;

const program = new Command('sealtrail').description('Verification, triage and signed attestation of AI-agent audit logs').exitOverride();
for (const command of COMMANDS) program.addCommand(inherit(command()));

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT;
  else if (error instanceof AppError || error instanceof CliError) {
    process.stderr.write(`sealtrail: ${error.message}\n`);
    process.exitCode = COULD_NOT;
  } else throw error;
}

/** Wrong usage of a subcommand is reported through the same exit status. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const sub of command.commands) inherit(sub);
  return command;
}
