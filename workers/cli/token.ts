import { Command, Option } from 'commander';
import { NewToken, Scope } from '@/lib/schemas/settings';
import { CliError } from './cli-error';

/** `sealtrail token create`: prints the token, and only it, on stdout; its text is not kept anywhere. */
export function token(): Command {
  const create = new Command('create')
    .description('make an API token and print it; it cannot be shown again')
    .addOption(
      new Option(
        '--scopes <list>',
        `what it may do, comma separated: ${Scope.options.join(', ')}`,
      ).makeOptionMandatory(),
    )
    .option('--name <name>', 'how Settings shows it', 'made on the command line')
    .option('--expires <days>', 'days until it expires; never when left out')
    .action(async ({ scopes, name, expires }: { scopes: string; name: string; expires?: string }) => {
      const wanted = NewToken.safeParse({
        name,
        scopes: readScopes(scopes),
        expiresInDays: expires === undefined ? null : Number(expires),
      });
      if (!wanted.success)
        throw new CliError(
          wanted.error.issues
            .map((issue) => `${issue.path[0] === 'expiresInDays' ? '--expires' : '--name'} ${issue.message}`)
            .join('; '),
        );
      // The server's parts take a second to load: only this command pays for it.
      const [{ createToken }, { systemActor }, { withInstallation }] = await Promise.all([
        import('@/lib/access/tokens'),
        import('@/lib/access/actor'),
        import('./installation'),
      ]);
      const made = await withInstallation((ctx) =>
        createToken(ctx, { ...wanted.data, actor: systemActor('command-line', 'command line') }),
      );
      process.stdout.write(`${made.token}\n`);
    });
  return new Command('token').description('API tokens').addCommand(create);
}

/** Throws CliError for an unknown scope or none. */
export function readScopes(text: string): Scope[] {
  const names = [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
  ];
  const parsed = Scope.array().min(1).safeParse(names);
  if (parsed.success) return parsed.data;
  throw new CliError(`--scopes takes ${Scope.options.join(', ')}, comma separated, not "${text}"`);
}
