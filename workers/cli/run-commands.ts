import { Command, CommanderError } from 'commander';
import { AppError } from '@/lib/core/errors';
import { CliError } from './cli-error';
import { VERSION } from '@/lib/config/version';
import { complain, endWithReader } from './output';

/** Exit status of wrong usage, and when the work could not be done. */
const COULD_NOT = 2;

/** Runs the command the command line names, of these, in the order help shows them. The others are loaded only to be told of. */
export async function runCommands(
  name: string,
  description: string,
  commands: Readonly<Record<string, () => Promise<Command>>>,
): Promise<void> {
  endWithReader();
  const program = new Command(name)
    .description(description)
    .version(VERSION, '--version', 'print the version')
    .exitOverride();
  const requested = Object.hasOwn(commands, process.argv[2] ?? '')
    ? [commands[process.argv[2] ?? '']]
    : Object.values(commands);
  for (const load of requested) if (load) program.addCommand(inherit(await load()));
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT;
    else if (error instanceof AppError || error instanceof CliError) {
      complain(error.message);
      process.exitCode = COULD_NOT;
    } else throw error;
  }
}

/** Wrong usage of a subcommand is reported through the same exit status. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const sub of command.commands) inherit(sub);
  return command;
}
