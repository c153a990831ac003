import { NewToken, Scope } from '@/lib/schemas/settings';
import { CliError } from './cli-error';

export type Options = { scopes: string; name: string; expires?: string; chains?: string; workspace?: string };

const OPTION: Record<string, string> = { expiresInDays: '--expires', chains: '--chains' };

/** Makes the token and prints it. */
export async function token({ scopes, name, expires, chains, workspace }: Options): Promise<void> {
  const wanted = NewToken.safeParse({
    name,
    scopes: readScopes(scopes),
    expiresInDays: expires === undefined ? null : Number(expires),
    chains: chains === undefined ? null : chains.split(','),
  });
  if (!wanted.success)
    throw new CliError(
      wanted.error.issues
        .map(({ path: [field], message }) => `${OPTION[String(field)] ?? '--name'} ${message}`)
        .join('; '),
    );
  // The server's parts take a second to load: only a token that can be made pays for it.
  const [{ createToken }, { systemActor }, { withInstallation }] = await Promise.all([
    import('@/lib/access/tokens'),
    import('@/lib/access/actor'),
    import('./installation'),
  ]);
  const made = await withInstallation(
    (ctx) => createToken(ctx, { ...wanted.data, actor: systemActor('command-line', 'command line') }),
    workspace,
  );
  process.stdout.write(`${made.token}\n`);
}

/** Throws CliError for an unknown scope or none. */
function readScopes(text: string): Scope[] {
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
