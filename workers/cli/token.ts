import { Command, Option } from 'commander';
import { Scope } from '@/lib/schemas/settings';
import { CliError } from './cli-error';

/** `sealtrail token create`: prints the token, and only it, on stdout; its text is not kept anywhere. */
export function token(): Command {
  const create = new Command('create')
    .description('make an API token and print it; it cannot be shown again')
    .addOption(new Option('--scopes <list>', `what it may do, comma separated: ${Scope.options.join(', ')}`).makeOptionMandatory())
    .option('--name <name>', 'how Settings shows it', 'made on the command line')
    .action(async ({ scopes, name }: { scopes: string; name: string }) => {
      const wanted = readScopes(scopes);
      // The server's parts take a second to load: only this command pays for it.
      const [{ createToken }, { withInstallation }] = await Promise.all([import('@/lib/auth/tokens'), import('./installation')]);
      const made = await withInstallation((ctx) => createToken(ctx, { name, scopes: wanted }));
      process.stdout.write(`${made.token}\n`);
    });
  return new Command('token').description('API tokens').addCommand(create);
}

/** Throws CliError for an unknown scope or none. */
export function readScopes(text: string): Scope[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()).filter(Boolean))];
  const parsed = Scope.array().min(1).safeParse(names);
  if (parsed.success) return parsed.data;
  throw new CliError(`--scopes takes ${Scope.options.join(', ')}, comma separated, not "${text}"`);
}
