import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeDurably } from './write-durably';

export type Secrets = { readonly auth: string; readonly postgres: string; readonly clickhouse: string };

/** The installation's own secrets, made at first start: 32 random bytes each, files 0600 in `secrets/` 0700. */
export function ensureSecrets(dataDir: string): Secrets {
  const dir = path.join(dataDir, 'secrets');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const secret = (name: string) => {
    const file = path.join(dir, name);
    if (!existsSync(file)) writeDurably(file, `${randomBytes(32).toString('base64url')}\n`);
    chmodSync(file, 0o600);
    return readFileSync(file, 'utf8').trim();
  };
  return {
    auth: secret('auth-secret'),
    postgres: secret('postgres-password'),
    clickhouse: secret('clickhouse-password'),
  };
}
