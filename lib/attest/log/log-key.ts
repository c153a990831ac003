import 'server-only';
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../core/errors';

/** Bytes of an Ed25519 public key, which are the last of its SPKI. */
const PUBLIC_KEY_BYTES = 32;

/** The Ed25519 key of the log and of the checkpoints of chains. */
export type LogKey = { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };

/** Reads the key from its file of mode 0600; null when there is none. @throws AppError SIGNING_FAILED for another kind of key. */
export async function readLogKey(file: string): Promise<LogKey | null> {
  const pem = await readFile(file).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  });
  return pem && logKeyOf(createPrivateKey(pem), file);
}

/** Makes a key, or reads it: of several processes that start at once, the first to link its key wins and the others read it. */
export async function createLogKey(file: string): Promise<LogKey> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const temp = `${file}.${randomUUID()}`;
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
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
  return logKeyOf(createPrivateKey(await readFile(file)), file);
}

function logKeyOf(privateKey: KeyObject, file: string): LogKey {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new AppError('SIGNING_FAILED', `the log's key, ${path.basename(file)}, is no Ed25519 key`);
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-PUBLIC_KEY_BYTES),
    sign: (message) => sign(null, message, privateKey),
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
