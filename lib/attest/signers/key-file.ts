import 'server-only';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '../../config/env';
import { makeKeyFile, readKeyFile } from '../key-pem';

const KEY_FILE = 'signing-key.pem';
/** Where the next key waits until it is on record; its rename ends a rotation. */
const NEXT_FILE = 'next-signing-key.pem';

type KeyKind = Env['signing']['keyKind'];
const MAKE: Record<KeyKind, () => KeyObject> = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
};

/** The private key of this host, 0600; made when there is none. */
export async function loadKey(secretsDir: string, kind: KeyKind): Promise<KeyObject> {
  const file = path.join(secretsDir, KEY_FILE);
  return (await readKeyFile(file)) ?? (await makeKeyFile(file, MAKE[kind]));
}

/** The key a rotation is to end with; the same again when one was cut short. */
export async function prepareNextKey(secretsDir: string, kind: KeyKind): Promise<KeyObject> {
  const file = path.join(secretsDir, NEXT_FILE);
  return (await readKeyFile(file)) ?? (await makeKeyFile(file, MAKE[kind]));
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
