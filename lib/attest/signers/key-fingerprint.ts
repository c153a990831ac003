import 'server-only';
import { type KeyObject, createHash } from 'node:crypto';
import * as z from 'zod';

const Jwk = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('EC'), crv: z.enum(['P-256', 'P-384']), x: z.string(), y: z.string() }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
]);

/**
 * `SHA256:` and the unpadded base64 SHA-256 of the key in OpenSSH's wire form (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709
 * section 4), as `ssh-keygen -l` prints it. A DSSE keyid has to be this: the Go verifiers behind cosign skip a signature whose keyid is
 * any other. @throws ZodError for a key that is neither P-256 nor P-384 nor Ed25519.
 */
export function keyFingerprint(publicKey: KeyObject): string {
  const wire = Buffer.concat(sshFields(Jwk.parse(publicKey.export({ format: 'jwk' }))).map(withLength));
  return `SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`;
}

function sshFields(key: z.output<typeof Jwk>): Buffer[] {
  if (key.kty === 'OKP') return [Buffer.from('ssh-ed25519'), Buffer.from(key.x, 'base64url')];
  const curve = key.crv === 'P-256' ? 'nistp256' : 'nistp384';
  const point = Buffer.concat([Buffer.of(0x04), Buffer.from(key.x, 'base64url'), Buffer.from(key.y, 'base64url')]);
  return [Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point];
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
