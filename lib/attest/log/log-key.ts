import 'server-only';
import { type KeyObject, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../core/errors';
import { makeKeyFile, readKeyFile } from '../key-pem';

/** Bytes of an Ed25519 public key, which are the last of its SPKI. */
const PUBLIC_KEY_BYTES = 32;

/** The Ed25519 key of the log and of the checkpoints of chains. */
export type LogKey = { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };

/** Reads the key from its file of mode 0600; null when there is none. @throws AppError SIGNING_FAILED for another kind of key. */
export async function readLogKey(file: string): Promise<LogKey | null> {
  const key = await readKeyFile(file);
  return key && logKeyOf(key, file);
}

/** Makes a key, or reads the one that another process made at the same time. @throws AppError as `readLogKey`. */
export async function createLogKey(file: string): Promise<LogKey> {
  return logKeyOf(await makeKeyFile(file, () => generateKeyPairSync('ed25519').privateKey), file);
}

function logKeyOf(privateKey: KeyObject, file: string): LogKey {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new AppError('SIGNING_FAILED', `the log's key, ${path.basename(file)}, is no Ed25519 key`);
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-PUBLIC_KEY_BYTES),
    sign: (message) => sign(null, message, privateKey),
  };
}
