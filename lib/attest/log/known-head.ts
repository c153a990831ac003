import 'server-only';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../context';
import { type Checkpoint, parseCheckpoint } from '../../core/merkle/checkpoint';

/** The newest head of the log this host signed or saw, outside of the database: one that was restored from a backup does not know it. */
export async function knownHead({ env }: Pick<Context, 'env'>): Promise<Checkpoint | null> {
  const note = await readFile(fileOf(env), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return note === null ? null : parseCheckpoint(note);
}

/** Remembers a head; it is on disk when this resolves. */
export async function rememberHead({ env }: Pick<Context, 'env'>, note: string): Promise<void> {
  const file = fileOf(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temp = `${file}.${randomUUID()}`;
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(note);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temp, file);
  const directory = await open(path.dirname(file), 'r');
  await directory.sync().finally(() => directory.close());
}

function fileOf({ dataDir }: Context['env']): string {
  return path.join(dataDir, 'log-head');
}
