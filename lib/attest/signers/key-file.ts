import 'server-only';
import { type KeyObject, createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '../../env';

const KEY_FILE = 'signing-key.pem';
/** Where the next key waits until it is on record; its rename ends a rotation. */
const NEXT_FILE = 'next-signing-key.pem';

type KeyKind = Env['signing']['keyKind'];
const MAKE: Record<KeyKind, () => KeyObject> = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
};

/** The private key of this host, 0600; made when there is none. Of several processes that start at once, the first to link its key wins and the others read it. */
export async function loadKey(secretsDir: string, kind: KeyKind): Promise<KeyObject> {
  const file = path.join(secretsDir, KEY_FILE);
  return (await read(file)) ?? (await create(file, kind));
}

/** The key a rotation is to end with; the same again when one was cut short. */
export async function prepareNextKey(secretsDir: string, kind: KeyKind): Promise<KeyObject> {
  const file = path.join(secretsDir, NEXT_FILE);
  return (await read(file)) ?? (await create(file, kind));
}

/** Puts the next key in the place of the present one, whose private half is gone with that. */
export async function takeNextKey(secretsDir: string): Promise<void> {
  await rename(path.join(secretsDir, NEXT_FILE), path.join(secretsDir, KEY_FILE));
  const folder = await open(secretsDir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function read(file: string): Promise<KeyObject | null> {
  try {
    return createPrivateKey(await readFile(file));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function create(file: string, kind: KeyKind): Promise<KeyObject> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const temp = `${file}.${randomUUID()}`;
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(MAKE[kind]().export({ type: 'pkcs8', format: 'pem' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temp, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temp);
  }
  return createPrivateKey(await readFile(file));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
