import 'server-only';
import { type KeyObject, createHash } from 'node:crypto';
import { z } from 'zod';

const P256 = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() });

/**
 * `SHA256:` and the unpadded base64 SHA-256 of the key in OpenSSH's wire form (RFC 4253 section 6.6, RFC 5656 section 3.1), as
 * `ssh-keygen -l` prints it. A DSSE keyid has to be this: the Go verifiers behind cosign skip a signature whose keyid is any other.
 * @throws ZodError for a key that is not P-256.
 */
export function keyFingerprint(publicKey: KeyObject): string {
  const { x, y } = P256.parse(publicKey.export({ format: 'jwk' }));
  const point = Buffer.concat([Buffer.of(0x04), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const wire = Buffer.concat([Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), point].map(withLength));
  return `SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`;
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
