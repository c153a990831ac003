import { Command, Option } from 'commander';
import { SCOPES } from '@/lib/schemas/scopes';
import { workspaceOption } from '../workspace-option';
import type { Options } from '../token';

/** `sealtrail token create`: prints the token, and only it, on stdout; its text is not kept anywhere. */
export function token(): Command {
  const create = new Command('create')
    .description('make an API token and print it; it cannot be shown again')
    .addOption(
      new Option('--scopes <list>', `what it may do, comma separated: ${SCOPES.join(', ')}`).makeOptionMandatory(),
    )
    .addOption(workspaceOption())
    .option('--name <name>', 'how Settings shows it', 'made on the command line')
    .option('--chains <names>', 'the only chains it may write to, comma separated; team-a/* for all that begin so')
    .option('--expires <days>', 'days until it expires; never when left out')
    .action(async (options: Options) => (await import('../token')).token(options));
  return new Command('token').description('API tokens').addCommand(create);
}
