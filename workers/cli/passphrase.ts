import { CliError } from './cli-error';
import { readText } from './read-text';

const VARIABLE = 'SEALTRAIL_BACKUP_PASSPHRASE';
const LEAST_LENGTH = 12;

/** The passphrase of a backup, without the newline at its end; null when none is given. @throws CliError for two, and for a short one. */
export async function readPassphrase(file: string | undefined, env: NodeJS.ProcessEnv): Promise<string | null> {
  const given = env[VARIABLE] || undefined;
  if (file !== undefined && given !== undefined)
    throw new CliError(`${VARIABLE} and --passphrase-file are both given: give one`);
  const passphrase = file === undefined ? given : (await readText(file)).replace(/\r?\n$/, '');
  if (passphrase === undefined) return null;
  if (passphrase.length < LEAST_LENGTH) throw new CliError(`the passphrase has fewer than ${LEAST_LENGTH} characters`);
  return passphrase;
}
