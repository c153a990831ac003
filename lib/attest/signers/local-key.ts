import 'server-only';
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { DSSEBundleBuilder } from '@sigstore/sign';
import type { Env } from '../../env';
import { AppError } from '../../core/errors';
import { keyFingerprint } from './key-fingerprint';
import { STATEMENT_MEDIA_TYPE, type StatementSigner } from './signer';

/** Signs with an ECDSA P-256 key kept in a file of mode 0600, made at first use. */
export async function localKeySigner(env: Env): Promise<StatementSigner> {
  const privateKey = await loadOrCreate(env.secretsDir);
  const publicKey = createPublicKey(privateKey);
  const keyHint = keyFingerprint(publicKey);
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const builder = new DSSEBundleBuilder({
    signer: {
      async sign(data: Buffer) {
        return { signature: sign('sha256', data, privateKey), key: { $case: 'publicKey', hint: keyHint, publicKey: publicKeyPem } };
      },
    },
    witnesses: [],
  });
  return {
    name: 'local key',
    keyHint,
    algorithm: 'ECDSA P-256 with SHA-256',
    publicKeyPem,
    async sign(payload) {
      try {
        return await builder.create({ type: STATEMENT_MEDIA_TYPE, data: payload });
      } catch (error) {
        throw new AppError('SIGNING_FAILED', 'the local key could not sign the statement', { keyHint }, { cause: error });
      }
    },
  };
}

/** Of several processes that start at once, the first to link its key wins and the others read it. */
async function loadOrCreate(secretsDir: string): Promise<KeyObject> {
  const file = path.join(secretsDir, 'signing-key.pem');
  try {
    return createPrivateKey(await readFile(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await mkdir(secretsDir, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
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
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(temp);
  }
  return createPrivateKey(await readFile(file));
}
