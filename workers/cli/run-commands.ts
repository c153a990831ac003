import { Command, CommanderError } from 'commander';
import { isTold } from './cli-error';
import { VERSION } from '@/lib/config/version';
import { complain, endWithReader } from './output';

/** Exit status of wrong usage, and when the work could not be done. */
const COULD_NOT = 2;

/** Runs the command the command line names, of these, in the order help shows them. The others are declared only to be told of. */
export async function runCommands(
  name: string,
  description: string,
  commands: Readonly<Record<string, () => Command>>,
): Promise<void> {
  endWithReader();
  process.once('uncaughtException', (error) => void crash(error));
  const program = new Command(name)
    .description(description)
    .version(VERSION, '--version', 'print the version')
    .exitOverride();
  const called = process.argv[2] ?? '';
  const requested = Object.hasOwn(commands, called)
    ? [commands[called]]
    : Object.values(commands).filter(() => called !== '--version');
  for (const declare of requested) if (declare) program.addCommand(inherit(declare()));
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT;
    else if (isTold(error)) {
      complain(error.message);
      process.exitCode = COULD_NOT;
    } else await crash(error);
  }
}

/** Ends the process: nothing is known of what was asked for, which is not the status of a log that does not hold. */
async function crash(error: unknown): Promise<void> {
  const { crashReport } = await import('./crash');
  process.stderr.write(`${crashReport(error)}\n`);
  process.exit(COULD_NOT);
}

/** Wrong usage of a subcommand is reported through the same exit status. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const sub of command.commands) inherit(sub);
  return command;
}
